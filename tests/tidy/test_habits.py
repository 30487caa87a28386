"""Habits that no other tool checks: exact money, thin doors, guarded columns, settings that are written down."""

import re

import pytest

from ledger.models import Entry
from tests.tidy.sources import ROOT, sources

DOORS = ("views", "tables", "tasks")
QUERYING = {".filter", ".exclude", ".annotate", ".aggregate", ".raw", ".extra"}
DERIVED = {"open_amount", "closed_on", "reversed_on", "confirmed_on"}


def test_money_never_becomes_a_float() -> None:
    books = sources("customers", "ledger", "collections")
    wrong = [
        f"{source.path}:{line}"
        for source in books
        for name, line in source.calls()
        if name in ("float", ".FloatField") and source.path != "ledger/money.py"
    ]
    assert wrong == []


def test_doors_ask_querysets_and_queries_instead_of_filtering_themselves() -> None:
    wrong = [
        f"{source.path}:{line} {name}"
        for source in sources()
        if set(DOORS) & set(source.module.split("."))
        for name, line in source.calls()
        if name in QUERYING
    ]
    assert wrong == []


def test_nothing_happens_behind_the_back_of_a_service() -> None:
    wrong = [
        f"{source.path} imports {name}"
        for source in sources()
        for name in source.imports()
        if name.startswith(("django.db.models.signals", "django.dispatch"))
    ]
    assert wrong == []


@pytest.mark.parametrize("engine", ["postgresql", "sqlite"])
def test_every_column_of_an_entry_is_guarded(engine: str) -> None:
    """A new column is guarded too, unless it is derived: then it is named here."""
    script = (ROOT / "ledger" / "migrations" / "sql" / f"guard_books.{engine}.sql").read_text()
    found = re.search(
        r"entry_keeps_what_was_posted\s+BEFORE UPDATE OF ([\w\s,]+?)\s(?:OR DELETE|ON ledger_entry)", script
    )
    assert found
    guarded = {column.strip() for column in found[1].split(",")}
    assert guarded == {field.column for field in Entry._meta.concrete_fields} - DERIVED


def test_every_setting_from_the_environment_is_written_down() -> None:
    read = re.findall(r'env(?:\.\w+)?\(\s*"([A-Z_]+)"', (ROOT / "config" / "settings.py").read_text())
    told = (ROOT / "docs" / "settings.md").read_text()
    assert len(read) > 10
    assert [name for name in read if f"`{name}`" not in told] == []


def test_days_are_written_by_the_language_wherever_a_person_reads_them() -> None:
    """`|date:"Y-m-d"` is for what a machine reads: the value of an input, an address, the name of a field."""
    machine = re.compile(
        r"""(=["']?|-)\{\{ [^}]*$|="(\{% [^%]*%\}|\{\{[^}]*\}\})*\{\{ [^}]*$|\{% (querystring|with) [^%]*$"""
    )
    wrong = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        for found in re.finditer(r"""\|date:["']Y-m""", line)
        if not machine.search(line[: found.start()])
    ]
    wrong += [
        f"{source.path} writes a day by itself"
        for source in sources()
        if source.module.endswith(("wording", "telling"))
        and re.search(r"isoformat\(|:%Y-%m|strftime", (ROOT / source.path).read_text())
    ]
    assert wrong == []
