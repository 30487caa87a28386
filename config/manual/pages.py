"""The pages of the manual: which there are, whom they are for, and Markdown drawn as HTML.

The same files are read at GitHub: links between them are relative, and so are those to the pictures. Here both lead
to addresses of ours. HTML in them is shown as text.
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from markdown_it import MarkdownIt
from markdown_it.token import Token

FOLDER = Path(settings.BASE_DIR) / "docs" / "manual"
# Folders of the languages, by the names that Django has for them.
LANGUAGES = {"zh-hans": "zh", "en": "en"}
INDEX = "index"
# The order in which the index names them.
PAGES = ("salesperson", "finance", "manager")
# Who is not named here begins at the index.
PAGE_OF_ROLE = {
    "salesperson": "salesperson",
    "finance": "finance",
    "administrator": "finance",
    "auditor": "finance",
    "manager": "manager",
}
_PICTURE = re.compile(r"(?:\.\./)?img/(?P<language>en|zh)/(?P<name>[a-z0-9-]+\.(?:webp|png))")
_PAGE = re.compile(r"(?P<name>[a-z-]+)\.md(?P<anchor>#.*)?")


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class ManualPage:
    title: str
    html: str
    # The headings below the title: the table of contents.
    contents: tuple[Heading, ...]


def page(name: str, language: str) -> ManualPage | None:
    """The page in the language, or in English where nobody has written it yet; None where there is no such page."""
    if name not in (INDEX, *PAGES):
        return None
    for folder in (LANGUAGES.get(language, "en"), "en"):
        path = FOLDER / folder / f"{name}.md"
        if path.is_file():
            return _drawn(path, path.stat().st_mtime_ns)
    return None


def picture(language: str, name: str) -> Path | None:
    """The file of a picture, of those that stand in the folder."""
    found = _PICTURE.fullmatch(f"img/{language}/{name}")
    path = FOLDER / "img" / language / name
    return path if found and path.is_file() else None


@lru_cache(maxsize=16)
def _drawn(path: Path, _changed: int) -> ManualPage:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(path.read_text(encoding="utf-8"))
    title = path.stem
    contents: list[Heading] = []
    for heading, text in _headings(tokens):
        if heading.tag == "h1":
            title = text
            continue
        anchor = f"section-{len(contents) + 1}"
        heading.attrSet("id", anchor)
        contents.append(Heading(int(heading.tag[1:]), text, anchor))
    # The title is the page's own heading.
    body = [token for token, hidden in _without_title(tokens) if not hidden]
    for token in body:
        for child in token.children or ():
            _lead_to_us(child)
    return ManualPage(title, parser.renderer.render(body, parser.options, {}), tuple(contents))


def _headings(tokens: list[Token]) -> Iterator[tuple[Token, str]]:
    for token, following in itertools.pairwise(tokens):
        if token.type == "heading_open":
            yield token, following.content


def _without_title(tokens: list[Token]) -> Iterator[tuple[Token, bool]]:
    inside = False
    for token in tokens:
        inside = inside or (token.type == "heading_open" and token.tag == "h1")
        yield token, inside
        if token.type == "heading_close" and token.tag == "h1":
            inside = False


def _lead_to_us(token: Token) -> None:
    if token.type == "image":
        source = str(token.attrGet("src"))
        if found := _PICTURE.fullmatch(source):
            token.attrSet("src", reverse("manual-picture", args=[found["language"], found["name"]]))
        token.attrSet("loading", "lazy")
    elif token.type == "link_open" and (found := _PAGE.fullmatch(str(token.attrGet("href")))):
        name = found["name"]
        address = reverse("manual") if name == INDEX else reverse("manual-page", args=[name])
        token.attrSet("href", f"{address}{found['anchor'] or ''}")
