"""Two real sets of books, imported by command and compared with figures that an independent computation found."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from ledger.models import Allocation, Entry
from ledger.verification import breaches
from tests.conftest import SHARED_DATA

pytestmark = [pytest.mark.django_db, pytest.mark.shared]

BUCKETS = ("not_due", "1-30", "31-60", "61-90", "91-180", "181-365", "365+")


def said(command: str, *args: str) -> Any:
    out = StringIO()
    call_command(command, *args, "--format", "json", stdout=out)
    return json.loads(out.getvalue())


def figures(row: dict[str, Any]) -> dict[str, str]:
    """A row of the report in the words of the expected figures."""
    assert row["unbilled"] == "0.00", "these books have invoices alone"
    return {**row["buckets"], **{name: row[name] for name in ("unapplied", "overdue", "balance")}}


@pytest.mark.parametrize("name", ["invoices-2012", "charges-2000"])
def test_the_aging_of_real_books_agrees_to_the_cent(name: str) -> None:
    expected = json.loads((SHARED_DATA / f"{name}.figures.json").read_text())
    imported = said("import_workbook", str(SHARED_DATA / f"{name}.xlsx"), "--create-salespeople")
    assert imported["errors"] == []
    assert imported["posted"]["invoices"] == expected["documents"] == Entry.objects.exclude(kind="payment").count()
    assert imported["posted"]["payments"] == expected["payments"]
    assert Allocation.objects.count() == expected["allocations"]

    for report in expected["aging"]:
        answer = said("aging", "--as-of", report["as_of"])
        assert answer["currency"] == expected["currency"]
        assert [bucket["key"] for bucket in answer["buckets"]] == list(BUCKETS)
        assert figures(answer["totals"]) == report["totals"]
        assert {row["key"]: figures(row) for row in answer["rows"]} == report["rows"]
    assert list(breaches()) == []

    again = said("import_workbook", str(SHARED_DATA / f"{name}.xlsx"), "--create-salespeople")
    assert set(again["posted"].values()) == {0}
    assert again["skipped"]["invoices"] == expected["documents"]
