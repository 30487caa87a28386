"""Mistakes that are found before anything is posted: each at the cell that is to be mended."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from ledger.models import Entry
from ledger.workbook.sheets import shipments
from tests.build import a_customer
from tests.ledger.workbook.files import a_workbook, imported

pytestmark = [pytest.mark.any_engine, pytest.mark.django_db]

Rows = list[list[Any]]
DOCUMENT: list[Any] = ["number", "customer", "date", "amount"]
DAY = "2026-02-01"


@pytest.fixture(autouse=True)
def _customer() -> None:
    a_customer(code="C1")


def mistakes(tmp_path: Path, sheets: dict[str, Rows]) -> list[tuple[str, int | None, str | None, str | None]]:
    taken = imported(a_workbook(tmp_path / "x.xlsx", sheets))
    assert not Entry.objects.exists()
    return [(e.sheet, e.row, e.column, e.value) for e in taken.errors]


@pytest.mark.parametrize(
    ("amount", "named", "value"),
    [
        (50, "I1:60", "I1:60"),
        (500, "I1:10;I1:200", "I1:200"),
        (50, "I1:-5", "I1:-5"),
        (50, "I1:0", "I1:0"),
        (50, "I1; :5", ":5"),
        (50, "I1:1.234", "I1:1.234"),
        (-50, "I1:5", "I1:5"),
    ],
)
def test_what_a_payment_cannot_settle_is_wrong_where_it_is_named(
    tmp_path: Path, amount: int, named: str, value: str
) -> None:
    sheets = {
        "Invoices": [DOCUMENT, ["I1", "C1", DAY, 100]],
        "Payments": [[*DOCUMENT, "invoices"], ["P1", "C1", "2026-02-02", amount, named]],
    }
    assert mistakes(tmp_path, sheets) == [("Payments", 2, "invoices", value)]


def test_nothing_that_is_open_is_never_negative(tmp_path: Path) -> None:
    sheets: dict[str, Rows] = {
        "Invoices": [DOCUMENT, ["I1", "C1", DAY, 100]],
        "Payments": [DOCUMENT, ["P1", "C1", DAY, 50]],
        "Allocations": [["from", "to", "amount"], ["P1", "I1", 50], ["P1", "I1", 10]],
    }
    taken = imported(a_workbook(tmp_path / "x.xlsx", sheets))
    assert ["Only 0.00 of" in e.message for e in taken.errors] == [True]


@pytest.mark.parametrize(("amount", "tax"), [(100, -5), (-100, 5)])
def test_a_tax_with_another_sign_than_its_amount_is_a_mistake(tmp_path: Path, amount: int, tax: int) -> None:
    rows = [[*DOCUMENT, "tax"], ["I1", "C1", DAY, amount, tax]]
    assert mistakes(tmp_path, {"Invoices": rows}) == [("Invoices", 2, "tax", f"{tax}.00")]


def test_a_refund_has_no_due_date(tmp_path: Path) -> None:
    rows = [[*DOCUMENT, "due date", "method"], ["R1", "C1", DAY, -5, "2026-05-01", "cash"]]
    assert mistakes(tmp_path, {"Payments": rows}) == [("Payments", 2, "due date", "2026-05-01")]


def test_a_number_that_the_file_has_twice_names_the_other_row(tmp_path: Path) -> None:
    rows = [DOCUMENT, ["I1", "C1", DAY, 100], ["I2", "C1", DAY, 100], ["I1", "C1", DAY, 100]]
    taken = imported(a_workbook(tmp_path / "x.xlsx", {"Invoices": rows}))
    assert [(e.row, e.column, "row 2" in e.message) for e in taken.errors] == [(4, "number", True)]


def test_a_customer_that_the_file_describes_twice_names_the_other_row(tmp_path: Path) -> None:
    rows = [["code", "name"], ["C7", "one"], ["C7", "two"]]
    taken = imported(a_workbook(tmp_path / "x.xlsx", {"Customers": rows}))
    assert [(e.row, e.column, "row 2" in e.message) for e in taken.errors] == [(3, "name", True)]


LINES: list[Any] = ["number", "customer", "date", "amount", "product", "quantity", "unit price"]


@pytest.mark.parametrize(
    ("line", "column", "value"),
    [
        ([-7, "rebate", None, None], "amount", "-7.00"),
        ([None, "bearing", -1, 7], "unit price", "7.000000"),
        ([None, "bearing", 1, -7], "unit price", "-7.000000"),
        ([None, "bearing", 0, 7], "quantity", "0.0000"),
    ],
)
def test_a_line_that_takes_off_what_the_others_add_is_marked_with_the_way_out(
    tmp_path: Path, line: list[Any], column: str, value: str
) -> None:
    rows = [LINES, ["S1", "C1", DAY, None, "bearing", 10, 5], ["S1", "C1", DAY, *line]]
    assert mistakes(tmp_path, {"Shipments": rows}) == [("Shipments", 3, column, value)]


def test_plain_amounts_of_one_number_may_take_off_from_each_other(tmp_path: Path) -> None:
    rows = [DOCUMENT, ["S1", "C1", DAY, 50], ["S1", "C1", DAY, -7]]
    assert imported(a_workbook(tmp_path / "x.xlsx", {"Shipments": rows})).errors == []
    assert Entry.objects.get().amount == 43


def test_a_shipment_of_more_lines_than_the_ledger_numbers_is_a_mistake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shipments, "MOST_LINES", 3)
    rows = [LINES, *(["S1", "C1", DAY, None, "bearing", 1, 5] for _n in range(5))]
    assert mistakes(tmp_path, {"Shipments": rows}) == [("Shipments", 5, "number", "S1")]


def test_dates_that_are_possible_but_odd_are_warned_about(tmp_path: Path) -> None:
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    sheets: dict[str, Rows] = {
        "Opening": [["customer", "date", "amount", "due date"], ["C1", DAY, 10, "2026-01-01"], ["C1", DAY, -10, DAY]],
        "Invoices": [
            [*DOCUMENT, "due date"],
            ["I1", "C1", DAY, 100, "2026-01-01"],
            ["I2", "C1", tomorrow, 100, None],
            ["N1", "C1", DAY, -5, "2026-03-01"],
        ],
    }
    taken = imported(a_workbook(tmp_path / "x.xlsx", sheets))
    assert taken.errors == []
    assert {(w.sheet, w.row, w.column) for w in taken.warnings} == {
        ("Opening", 3, "due date"), ("Invoices", 2, "due date"), ("Invoices", 3, "date"), ("Invoices", 4, "due date"),
    }  # fmt: skip
    assert not Entry.objects.filter(side=-1, due_date__isnull=False).exists()


def test_a_row_that_cannot_be_read_says_all_the_same_whom_nobody_knows(tmp_path: Path) -> None:
    rows = [
        ["number", "customer", "date", "amount", "salesperson"],
        ["P1", "NOPE", "2026-02-30", "12,34", "nobody"],
    ]
    found = imported(a_workbook(tmp_path / "x.xlsx", {"Payments": rows}), create_salespeople=False).errors
    assert [(mistake.row, mistake.column) for mistake in found] == [
        (2, "date"), (2, "amount"), (2, "customer"), (2, "salesperson"),
    ]  # fmt: skip
    assert not Entry.objects.exists()
