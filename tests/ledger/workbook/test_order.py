"""The order of the rows in a file means nothing; what the file says comes before what is left to a rule."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ledger.models import Allocation, Entry
from ledger.workbook.template import template
from tests.build import a_customer
from tests.ledger.workbook.files import a_workbook, imported

pytestmark = pytest.mark.django_db

Rows = list[list[Any]]
DOCUMENT: list[Any] = ["number", "customer", "date", "amount"]


@pytest.fixture(autouse=True)
def _customer() -> None:
    a_customer(code="C1")


def settled() -> set[tuple[str, str, Decimal]]:
    moves = Allocation.objects.values_list("from_entry__number", "to_entry__number", "amount")
    return {(source, target, abs(amount)) for source, target, amount in moves}


def posted(tmp_path: Path, sheets: dict[str, Rows]) -> None:
    assert imported(a_workbook(tmp_path / "x.xlsx", sheets)).errors == []


def test_a_credit_note_may_stand_above_its_invoice(tmp_path: Path) -> None:
    rows = [
        [*DOCUMENT, "reverses"],
        ["N1", "C1", "2026-02-01", -30, "I1"],
        ["I1", "C1", "2026-01-01", 100, None],
    ]
    posted(tmp_path, {"Invoices": rows})
    assert settled() == {("N1", "I1", Decimal(30))}


def test_the_earlier_payment_settles_the_oldest_due_debt(tmp_path: Path) -> None:
    invoices = [[*DOCUMENT, "due date"], ["I2", "C1", "2026-01-01", 50, "2026-03-01"]]
    invoices.append(["I1", "C1", "2026-01-02", 50, "2026-02-01"])
    payments = [
        DOCUMENT,
        ["P3", "C1", "2026-02-05", 10],
        ["P2", "C1", "2026-02-05", 40],
        ["P1", "C1", "2026-02-01", 50],
    ]
    posted(tmp_path, {"Invoices": invoices, "Payments": payments})
    assert settled() == {("P1", "I1", Decimal(50)), ("P2", "I2", Decimal(40)), ("P3", "I2", Decimal(10))}


def test_a_payment_that_names_an_invoice_finds_it_open_though_an_earlier_one_names_nothing(tmp_path: Path) -> None:
    invoices = [DOCUMENT, ["I1", "C1", "2026-01-01", 100], ["I2", "C1", "2026-01-05", 100]]
    payments = [
        [*DOCUMENT, "invoices"],
        ["P1", "C1", "2026-02-01", 100, None],
        ["P2", "C1", "2026-02-02", 100, "I1:100"],
    ]
    posted(tmp_path, {"Invoices": invoices, "Payments": payments})
    assert settled() == {("P2", "I1", Decimal(100)), ("P1", "I2", Decimal(100))}


def test_what_a_naming_payment_leaves_settles_the_oldest_debt_in_its_turn(tmp_path: Path) -> None:
    invoices = [DOCUMENT, *([f"I{n}", "C1", f"2026-01-0{n}", 100] for n in (1, 2, 3))]
    payments = [
        [*DOCUMENT, "invoices"],
        ["P2", "C1", "2026-02-02", 60, None],
        ["P1", "C1", "2026-02-01", 150, "I3:100"],
    ]
    posted(tmp_path, {"Invoices": invoices, "Payments": payments})
    assert settled() == {
        ("P1", "I3", Decimal(100)),
        ("P1", "I1", Decimal(50)),
        ("P2", "I1", Decimal(50)),
        ("P2", "I2", Decimal(10)),
    }


def test_a_refund_takes_up_what_was_unapplied_on_its_day(tmp_path: Path) -> None:
    payments = [
        DOCUMENT,
        ["R1", "C1", "2026-02-05", -40],
        ["P2", "C1", "2026-02-09", 40],
        ["P1", "C1", "2026-02-01", 40],
    ]
    posted(tmp_path, {"Payments": payments})
    assert settled() == {("P1", "R1", Decimal(40))}


def test_mistakes_keep_the_numbers_of_their_rows(tmp_path: Path) -> None:
    rows = [DOCUMENT, ["P2", "C1", "2999-01-01", 40], ["P1", "C1", "1980-01-01", 40], ["P0", "C1", "2026-01-01", 0]]
    taken = imported(a_workbook(tmp_path / "x.xlsx", {"Payments": rows}))
    assert [(e.row, e.column) for e in taken.errors] == [(2, "date"), (3, "date"), (4, "amount")]


def test_who_fills_in_the_template_gets_payments_settled(tmp_path: Path) -> None:
    book = template(chinese=False, example=False)
    filled: Rows = [["Invoices", "I1", "C1", "2026-01-01", 100], ["Payments", "P1", "C1", "2026-02-01", 100]]
    for name, *row in filled:
        for position, value in enumerate(row, start=1):
            book[name].cell(2, position).value = value
    book.save(tmp_path / "filled.xlsx")
    assert imported(tmp_path / "filled.xlsx").errors == []
    assert Entry.objects.get(number="I1").open_amount == 0


def test_with_a_row_of_allocations_nothing_is_settled_by_itself(tmp_path: Path) -> None:
    sheets: dict[str, Rows] = {
        "Invoices": [DOCUMENT, ["I1", "C1", "2026-01-01", 100], ["I2", "C1", "2026-01-01", 100]],
        "Payments": [
            [*DOCUMENT, "invoices"],
            ["P1", "C1", "2026-02-01", 100, None],
            ["P2", "C1", "2026-02-01", 90, "I2:50"],
        ],
        "Allocations": [["from", "to", "amount", "date"], ["P1", "I1", 30, None]],
    }
    posted(tmp_path, sheets)
    assert settled() == {("P1", "I1", Decimal(30)), ("P2", "I2", Decimal(50))}
