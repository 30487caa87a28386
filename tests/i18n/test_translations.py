"""Every text that a person reads exists in Chinese; what is compiled is what is written."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from babel.messages import Catalog, Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.conf import settings

FOLDER = Path(settings.BASE_DIR) / "config" / "locale" / "zh_Hans" / "LC_MESSAGES"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|%%|\{\w*\}")


def catalogue() -> Catalog:
    with (FOLDER / "django.po").open("rb") as file:
        return read_po(file, locale="zh_Hans")


def messages() -> list[Message]:
    return [message for message in catalogue() if message.id]


def singular(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def translations(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def test_no_text_is_untranslated_or_doubtful() -> None:
    assert not [message.id for message in messages() if message.fuzzy or not all(translations(message))]


def test_a_translation_keeps_the_places_for_values() -> None:
    broken = [
        message.id
        for message in messages()
        for text in translations(message)
        if sorted(PLACEHOLDER.findall(text)) != sorted(PLACEHOLDER.findall(singular(message)))
    ]
    assert not broken


def test_what_is_compiled_is_what_is_written() -> None:
    with (FOLDER / "django.mo").open("rb") as file:
        compiled = _by_key(message for message in read_mo(file) if message.id)
    assert compiled == _by_key(messages())


def _by_key(some: Iterable[Message]) -> dict[tuple[str, str], list[str]]:
    """One text may be said in several ways, by its context, which babel reads from a compiled file as bytes."""

    def context(message: Message) -> str:
        said: str | bytes = message.context or ""
        return said.decode() if isinstance(said, bytes) else said

    return {(context(message), singular(message)): translations(message) for message in some}


@pytest.mark.gettext
def test_every_text_of_the_product_is_in_the_catalogue(tmp_path: Path) -> None:
    """Collects the texts anew, elsewhere, and compares."""
    here = tmp_path / "product"
    for name in ("config", "customers", "ledger", "collections", "templates"):
        shutil.copytree(settings.BASE_DIR / name, here / name, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    shutil.copy(settings.BASE_DIR / "manage.py", here)
    command = [sys.executable, "manage.py", "makemessages", "-l", "zh_Hans", "--no-obsolete", "--no-location"]
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "VAR_DIR": str(tmp_path / "var"), "SECRET_KEY": "none"}
    subprocess.run(command, cwd=here, env=environment, check=True, capture_output=True)
    with (here / "config" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po").open("rb") as file:
        collected = {message.id for message in read_po(file, locale="zh_Hans") if message.id}
    assert collected == {message.id for message in messages()}
