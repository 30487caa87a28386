"""From a cell to a value: what cannot be exact or cannot be seen is refused, with the way to mend it."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from customers.models import Customer
from ledger.models import Entry
from ledger.workbook.cells import CellError, read
from ledger.workbook.layout import CUSTOMERS, INVOICES, SHIPMENTS, column_named, sheet_named
from tests.build import a_customer
from tests.ledger.workbook.files import a_workbook, imported

pytestmark = pytest.mark.any_engine

NUMBER, NAME, MEMO = INVOICES.column("number"), CUSTOMERS.column("name"), SHIPMENTS.column("memo")


def refusal(value: Any, column: Any) -> str:
    with pytest.raises(CellError) as error:
        read(value, column)
    return str(error.value)


@pytest.mark.parametrize("number", [123456789012345678, 1e15, -(10.0**20)])
def test_a_number_cell_with_more_digits_than_excel_keeps_is_refused(number: float) -> None:
    assert "format the cell as text" in refusal(number, NUMBER)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (200769623.0, "200769623"),
        (123456789012345, "123456789012345"),
        (7.5, "7.5"),
        ("123456789012345678", "123456789012345678"),
        ("\ufeff A-1\u200b ", "A-1"),
        (date(2026, 3, 1), "2026-03-01"),
    ],
)
def test_a_code_is_read_as_it_stands_without_what_surrounds_it(cell: Any, text: str) -> None:
    assert read(cell, NUMBER) == text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("A\n1", "line break"),
        ("A\t1", "U+0009 at place 2"),
        ("A\x001", "U+0000"),
        ("A\u200b1", "U+200B at place 2"),
        ("\u202eA", "U+202E"),
        ("A\u2028B", "U+2028"),
    ],
)
def test_what_cannot_be_seen_is_refused_in_a_code_and_in_a_name(text: str, says: str) -> None:
    assert says in refusal(text, NUMBER)
    assert says in refusal(text, NAME)


def test_a_line_break_in_a_memo_or_a_list_of_numbers_is_a_blank() -> None:
    assert read("first\r\nsecond", MEMO) == "first second"
    assert read("S1;\nS2", INVOICES.column("shipments")) == "S1; S2"
    assert "U+0001" in refusal("first\x01", MEMO)


def test_a_cell_of_nothing_but_what_cannot_be_seen_is_empty() -> None:
    assert read(" \u200b\ufeff", NAME) is None


def test_headings_and_names_of_sheets_may_be_full_width() -> None:
    assert sheet_named("ＣＵＳＴＯＭＥＲＳ") is CUSTOMERS
    assert column_named(CUSTOMERS, "ＣＯＤＥ　＊") is CUSTOMERS.column("code")


@pytest.mark.parametrize("value", ["NaN", "Infinity", "sNaN", "1e999999", "many", True])
def test_a_quantity_that_is_no_number_is_said_to_be_none(value: Any) -> None:
    assert "is not a number" in refusal(value, SHIPMENTS.column("quantity"))


HEADINGS: list[Any] = ["number", "customer", "date", "amount", "invoices"]


def paid(tmp_path: Path, amount: object, invoices: object = None) -> list[tuple[str | None, str | None, str]]:
    a_customer(code="C1", currency="CNY")
    rows = [HEADINGS, ["P1", "C1", "2026-03-01", amount, invoices]]
    taken = imported(a_workbook(tmp_path / "x.xlsx", {"Payments": rows}))
    return [(e.column, e.value, e.message) for e in taken.errors]


@pytest.mark.django_db
@pytest.mark.parametrize("amount", ["$5", "5.00 USD", "€5", "(HKD 5)", "USD 5元"])
def test_an_amount_in_another_currency_than_the_customers_is_a_mistake(tmp_path: Path, amount: str) -> None:
    ((column, value, message),) = paid(tmp_path, amount)
    assert (column, value) == ("amount", amount)
    assert "CNY" in message


@pytest.mark.django_db
@pytest.mark.parametrize("amount", ["¥5", "￥5.00", "5元", "人民币5元", "5 CNY", "RMB 5"])
def test_an_amount_in_the_customers_currency_is_read(tmp_path: Path, amount: str) -> None:
    assert paid(tmp_path, amount) == []
    assert Entry.objects.get().currency == "CNY"


@pytest.mark.django_db
def test_a_currency_in_a_list_of_invoices_is_looked_at_too(tmp_path: Path) -> None:
    ((column, value, _message),) = paid(tmp_path, 5, "I1:$5")
    assert (column, value) == ("invoices", "I1:$5")


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["XXX", "XTS", "XAU", "XDR", "CHE", "KWD", "BTC"])
def test_what_is_no_money_is_no_currency(tmp_path: Path, code: str) -> None:
    sheets = {"Customers": [["code", "name", "currency"], ["C1", "x", code]]}
    assert [e.column for e in imported(a_workbook(tmp_path / "x.xlsx", sheets)).errors] == ["currency"]


@pytest.mark.django_db
def test_a_code_that_differs_from_a_stored_one_by_leading_zeros_is_warned_about(tmp_path: Path) -> None:
    a_customer(code="0200769623")
    a_customer(code="200769624")
    sheets = {"Customers": [["code", "name"], ["200769623", "x"], ["00200769624", "y"], ["5", "z"]]}
    taken = imported(a_workbook(tmp_path / "x.xlsx", sheets))
    assert taken.errors == []
    warned = [(w.row, w.value) for w in taken.warnings if "leading zeros" in w.message]
    assert warned == [(2, "200769623"), (3, "00200769624")]
    assert Customer.objects.count() == 5
