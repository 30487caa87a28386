"""Every page of the documentation can be found, and every link in one leads somewhere."""

import re
from pathlib import Path

import pytest

from tests.tidy.sources import ROOT

DOCS = ROOT / "docs"
LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE = re.compile(r"`[^`\n]*`")
PAGES = sorted([ROOT / "README.md", *DOCS.rglob("*.md")])


def links(page: Path) -> list[Path]:
    """The files that a page leads to, beside the addresses of other sites."""
    found = [link.partition("#")[0] for link in LINK.findall(CODE.sub("", page.read_text())) if "://" not in link]
    return [(page.parent / link).resolve() for link in found if link]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    assert [link for link in links(page) if not link.exists()] == []


def test_every_page_is_linked_from_the_first_two() -> None:
    linked = {link for first in (ROOT / "README.md", DOCS / "architecture.md") for link in links(first)}
    pages = [page for page in DOCS.rglob("*.md") if page.parent in (DOCS, DOCS / "adr")]
    assert [page.name for page in pages if page.resolve() not in linked] == []
