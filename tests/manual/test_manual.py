"""The manual: read in the product and at GitHub, in both languages, with its pictures and nothing else."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from config.manual import pages
from config.manual.screenshots import MOST_BYTES, SHOTS
from customers.models import Role
from tests.build import a_user

pytestmark = pytest.mark.any_engine

FILES = sorted(pages.FOLDER.glob("*/*.md"))
LINK = re.compile(r"\]\(([^)]+)\)")


@pytest.mark.parametrize("name", ["index", *pages.PAGES])
def test_every_page_is_written_in_both_languages_with_the_same_sections(name: str) -> None:
    chinese, english = (pages.page(name, language) for language in pages.LANGUAGES)
    assert chinese
    assert english
    assert chinese.title != english.title
    assert [heading.level for heading in english.contents][:2] == [heading.level for heading in chinese.contents][:2]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_link_and_every_picture_leads_somewhere(path: Path) -> None:
    """Relative to the file, as GitHub reads it."""
    links = [link.partition("#")[0] for link in LINK.findall(path.read_text()) if "://" not in link]
    assert links
    assert [link for link in links if not (path.parent / link).is_file()] == []


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_page_shows_text_contents_and_pictures_in_the_reader_s_language(client: Client, language: str) -> None:
    client.force_login(a_user(Role.MANAGER, language=language))
    response = client.get(reverse("manual-page", args=["manager"]))
    page = response.content.decode()
    assert ("账龄" in page) == (language == "zh-hans")
    folder = pages.LANGUAGES[language]
    assert f'src="/help/img/{folder}/aging.webp"' in page
    assert '<h2 id="section-1">' in page
    assert 'href="#section-1"' in page
    assert page.count("<h1") == 1


@pytest.mark.django_db
def test_links_between_the_pages_lead_to_the_pages_here(client: Client) -> None:
    page = client.get(reverse("manual")).content.decode()
    assert 'href="/help/finance/"' in page
    assert ".md" not in page


@pytest.mark.django_db
def test_a_page_that_is_none_is_not_found(client: Client) -> None:
    assert client.get("/help/secrets/").status_code == 404
    assert client.get("/help/index/").status_code == 200


@pytest.mark.parametrize(
    "path", ["en/../../../../manage.py", "en/..%2f..%2fen%2findex.md", "fr/desk.webp", "en/desk.svg", "en/none.webp"]
)
@pytest.mark.django_db
def test_only_pictures_of_the_manual_are_served(client: Client, path: str) -> None:
    assert client.get(f"/help/img/{path}").status_code == 404


@pytest.mark.django_db
def test_a_picture_is_served_as_one(client: Client) -> None:
    response = client.get(reverse("manual-picture", args=["en", "aging.webp"]))
    assert response["Content-Type"] == "image/webp"
    assert b"".join(response)[8:12] == b"WEBP"


def test_html_in_a_page_is_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "index.md").write_text("# A\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1))\n")
    monkeypatch.setattr(pages, "FOLDER", tmp_path)
    shown = pages.page("index", "en")
    assert shown
    assert "<script" not in shown.html
    assert 'href="javascript' not in shown.html


def test_the_pictures_that_are_taken_are_those_that_are_shown_or_may_be() -> None:
    taken = {f"{shot.name}.webp" for shot in SHOTS}
    for folder in pages.LANGUAGES.values():
        assert {path.name for path in (pages.FOLDER / "img" / folder).iterdir()} == taken
    assert sum(path.stat().st_size for path in (pages.FOLDER / "img").rglob("*.webp")) <= MOST_BYTES


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "name"), [(Role.SALESPERSON, "salesperson"), (Role.MANAGER, "manager"), (Role.FINANCE, "finance")]
)
def test_the_help_of_a_page_leads_to_the_manual_of_who_looks(client: Client, role: str, name: str) -> None:
    client.force_login(a_user(role))
    page = client.get(reverse("customers:list")).content.decode()
    assert f'href="{reverse("manual-page", args=[name])}"' in page.split('id="help"')[1]
