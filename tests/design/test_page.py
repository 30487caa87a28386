"""The page of the design system, and that the two ways into the dark scheme agree."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from config.vendor import PINS, SPRITE, CannotVendor, checked, sprite
from customers.models import Role
from tests.build import a_user

CSS = Path(settings.BASE_DIR) / "static" / "css"
TEMPLATES = Path(settings.BASE_DIR) / "templates"


@pytest.mark.django_db
def test_administrators_see_every_part_in_both_schemes(client: Client) -> None:
    client.force_login(a_user(Role.ADMINISTRATOR))
    page = client.get(reverse("design")).content.decode()
    for scheme in ("light", "dark"):
        assert f'<div class="sample" data-scheme="{scheme}">' in page
    assert page.count('<figure class="chart') == 8
    assert "style=" not in page


@pytest.mark.django_db
def test_others_do_not(client: Client) -> None:
    client.force_login(a_user(Role.FINANCE))
    assert client.get(reverse("design")).status_code == 403


def block(selector: str) -> str:
    found = re.search(re.escape(selector) + r" \{(.*?)\}", (CSS / "tokens.css").read_text(), re.S)
    assert found
    return found[1]


def tokens_of(scheme: str) -> dict[str, str]:
    """The colours of a scheme by their names."""
    selector = ':root, [data-scheme="light"]' if scheme == "light" else '\n[data-scheme="dark"]'
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block(selector)))


def test_dark_is_the_same_whether_the_device_or_the_visitor_chose_it() -> None:
    assert block(':root:not([data-scheme="light"])').split() == block('\n[data-scheme="dark"]').split()
    assert set(tokens_of("light")) == set(tokens_of("dark"))


def test_only_the_tokens_name_a_colour() -> None:
    """A colour of its own would be wrong in one of the schemes; a shadow may be."""
    written = {
        f"{path.name}: {line.strip()[:80]}"
        for path in CSS.glob("*.css")
        if path.name != "tokens.css"
        for line in path.read_text().splitlines()
        if re.search(r":[^;{]*#[0-9a-f]{3,8}\b", line)
        and "@media print" not in line
        and "body { background" not in line
    }
    assert written == set()


def test_every_icon_that_a_page_names_is_in_the_sprite() -> None:
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', SPRITE.read_text()))
    named = {
        name
        for path in TEMPLATES.rglob("*.html")
        for name in re.findall(r"(?:icons\.svg' %}|\{\{ icons \}\})#([\w-]+)", path.read_text())
    }
    assert named - drawn == set()


def test_no_template_styles_in_place_or_runs_a_script_in_place() -> None:
    wrong = [
        f"{path.relative_to(TEMPLATES)}: {found}"
        for path in TEMPLATES.rglob("*.html")
        if path.name != "digest.html"
        for found in re.findall(r'\s(?:style|on\w+|hx-on[\w:-]*)="[^"]*', path.read_text())
    ]
    assert wrong == []


def test_a_package_that_is_not_the_pinned_one_is_refused() -> None:
    with pytest.raises(CannotVendor, match="pinned"):
        checked(b"something else", "sha512-AAAA")
    assert "sha512-" in PINS.read_text()


def test_a_sprite_keeps_the_shapes_and_drops_the_frame() -> None:
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="24" stroke="currentColor">'
        '<path stroke="none" d="M0 0h24v24H0z" fill="none"/><path d="M4 4l1 1" /></svg>'
    )
    assert '<symbol id="x" viewBox="0 0 24 24"><path d="M4 4l1 1"/></symbol>' in sprite({"x": drawing})
