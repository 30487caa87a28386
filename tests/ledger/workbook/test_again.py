"""The same file again posts nothing and is no mistake; the same number with other content is one."""

import copy
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from customers.models import Contact, Role
from ledger import allocation, documents
from ledger.delivery import record_delivery
from ledger.documents import Instalment
from ledger.invoice_way import record_step
from ledger.models import Allocation, Entry
from ledger.posting import post
from ledger.reversal import reverse
from ledger.verification import breaches
from tests.build import a_customer, a_user
from tests.ledger.workbook.files import a_workbook, imported

pytestmark = pytest.mark.django_db

Rows = list[list[Any]]
INVOICES: list[Any] = ["number", "customer", "date", "amount"]
ALLOCATIONS: list[Any] = ["from", "to", "amount", "date"]


def again(tmp_path: Path, sheets: dict[str, Rows]) -> dict[str, int]:
    """What is skipped when the file is imported a second time; nothing is posted then."""
    before = (Entry.objects.count(), Allocation.objects.count())
    taken = imported(a_workbook(tmp_path / "again.xlsx", sheets))
    assert taken.errors == []
    assert set(taken.posted.values()) == {0}
    assert (Entry.objects.count(), Allocation.objects.count()) == before
    return taken.skipped


def test_what_settles_a_document_in_instalments_is_known_as_a_whole(tmp_path: Path) -> None:
    finance, customer = a_user(role=Role.FINANCE), a_customer(code="C1")
    parts = [Instalment(date(2026, month, 1), Decimal(100)) for month in (3, 4, 5)]
    post(
        documents.invoice, finance, uuid4(), customer,
        number="I1", date=date(2026, 2, 1), amount=Decimal(300), instalments=parts,
    )  # fmt: skip
    sheets = {
        "Payments": [INVOICES, ["P1", "C1", "2026-02-10", 250]],
        "Allocations": [ALLOCATIONS, ["P1", "I1", 150, None], ["P1", "I1", 20, None], ["P1", "I1", 20, None]],
    }
    assert imported(a_workbook(tmp_path / "a.xlsx", sheets)).errors == []
    assert Entry.objects.get(number="P1").open_amount == Decimal(-60)
    assert again(tmp_path, sheets)["allocations"] == 3
    sheets["Allocations"].append(["P1", "I1", 20, None])
    assert imported(a_workbook(tmp_path / "b.xlsx", sheets)).posted["allocations"] == 1
    assert list(breaches()) == []


def test_an_allocation_that_somebody_undid_is_not_made_again(tmp_path: Path) -> None:
    finance, customer = a_user(role=Role.FINANCE), a_customer(code="C1")
    sheets = {
        "Invoices": [INVOICES, ["I1", "C1", "2026-02-01", 100]],
        "Payments": [INVOICES, ["P1", "C1", "2026-02-10", 100]],
        "Allocations": [ALLOCATIONS, ["P1", "I1", 100, None]],
    }
    imported(a_workbook(tmp_path / "a.xlsx", sheets))
    post(allocation.undo_allocation, finance, uuid4(), customer, allocation=Allocation.objects.get())
    assert again(tmp_path, sheets)["allocations"] == 1
    assert Entry.objects.get(number="I1").open_amount == Decimal(100)


def test_what_was_reversed_since_is_not_posted_again_but_what_is_right_in_its_place_is(tmp_path: Path) -> None:
    finance, customer = a_user(role=Role.FINANCE), a_customer(code="C1")
    sheets = {
        "Invoices": [INVOICES, ["I1", "C1", "2026-02-01", 100]],
        "Payments": [INVOICES, ["P1", "C1", "2026-02-10", 60]],
        "Allocations": [ALLOCATIONS, ["P1", "I1", 60, None]],
    }
    imported(a_workbook(tmp_path / "a.xlsx", sheets))
    post(reverse, finance, uuid4(), customer, entry=Entry.objects.get(number="I1"))
    assert again(tmp_path, sheets) == {
        "customers": 0, "opening": 0, "shipments": 0, "invoices": 1, "payments": 1, "allocations": 1,
    }  # fmt: skip
    sheets["Allocations"][1][2] = 50
    [refused] = imported(a_workbook(tmp_path / "b.xlsx", sheets)).errors
    assert (refused.column, refused.value) == ("to", "I1")
    assert "reversed" in refused.message
    sheets["Invoices"][1][3] = 1000
    taken = imported(a_workbook(tmp_path / "c.xlsx", sheets))
    assert taken.errors == []
    assert (taken.posted["invoices"], taken.posted["allocations"]) == (1, 1)
    right = Entry.objects.standing().get(number="I1")
    assert (right.amount, right.open_amount) == (Decimal(1000), Decimal(950))
    assert again(tmp_path, sheets)["invoices"] == 1
    assert list(breaches()) == []


def test_an_invoice_whose_way_went_on_and_goods_whose_arrival_was_put_right_are_known(tmp_path: Path) -> None:
    finance = a_user(role=Role.FINANCE)
    a_customer(code="C1")
    sheets = {
        "Shipments": [[*INVOICES, "delivered on"], ["S1", "C1", "2026-02-01", 100, "2026-02-03"]],
        "Invoices": [[*INVOICES, "sent on"], ["I1", "C1", "2026-02-01", 100, "2026-02-03"]],
    }
    imported(a_workbook(tmp_path / "a.xlsx", sheets))
    goods, bill = Entry.objects.get(number="S1"), Entry.objects.get(number="I1")
    record_step(by=finance, invoice=bill.invoice, step="bounced", date=date(2026, 2, 4))
    record_delivery(by=finance, shipment=goods.shipment, date=date(2026, 2, 5))
    assert (again(tmp_path, sheets)["shipments"], again(tmp_path, sheets)["invoices"]) == (1, 1)
    sheets["Invoices"][1][4] = "2026-02-09"
    [refused] = imported(a_workbook(tmp_path / "b.xlsx", sheets)).errors
    assert refused.column == "sent on"


def test_payments_that_name_what_they_cannot_settle_any_more_are_known(tmp_path: Path) -> None:
    a_customer(code="C1")
    sheets = {
        "Invoices": [INVOICES, *([f"I{n}", "C1", "2026-02-01", 100] for n in (1, 2, 3))],
        "Payments": [
            [*INVOICES, "invoices"],
            ["P1", "C1", "2026-02-10", 100, "I1;I2"],  # used up by the first
            ["P2", "C1", "2026-02-11", 130, "I1; I2:100"],  # nothing is left of the first
            ["P3", "C1", "2026-02-12", 5, "I3:2;I3:2"],
        ],
    }
    assert imported(a_workbook(tmp_path / "a.xlsx", sheets)).errors == []
    assert again(tmp_path, sheets)["payments"] == 3


Change = Callable[[dict[str, Any]], Any]
SHIPPED: list[Any] = ["number", "customer", "date", "product", "quantity", "unit", "unit price"]
BOOKS: dict[str, Rows] = {
    "Customers": [["code", "name", "contact", "phone", "email"], ["C1", "One", "Wang", "1", "w@example.com"]],
    "Shipments": [
        SHIPPED,
        ["S1", "C1", "2026-01-01", "bearing", 2, "piece", 10],
        ["S1", "C1", "2026-01-01", "seal", 5, "piece", 1],
        ["S2", "C1", "2026-01-02", "oil", 1, "l", 8],
        ["S3", "C1", "2026-01-03", "oil", 1, "l", 8],
    ],
    "Invoices": [
        [*INVOICES, "shipments"],
        ["I1", "C1", "2026-01-10", 25, "S1"],
        ["I2", "C1", "2026-01-11", 50, None],
        ["I3", "C1", "2026-01-12", 60, None],
    ],
    "Payments": [[*INVOICES, "invoices"], ["P1", "C1", "2026-02-01", 30, "I1:20;I2"]],
}


def test_rows_in_another_order_are_the_same_content(tmp_path: Path) -> None:
    assert imported(a_workbook(tmp_path / "a.xlsx", BOOKS)).errors == []
    turned = {name: [rows[0], *reversed(rows[1:])] for name, rows in BOOKS.items()}
    assert again(tmp_path, turned)["shipments"] == 3


@pytest.mark.parametrize(
    ("sheet", "row", "column", "value", "heading"),
    [
        ("Shipments", 1, 3, "wheel", "product"),
        ("Shipments", 3, 5, "kg", "unit"),
        ("Invoices", 1, 4, "S1;S2", "shipments"),
        ("Invoices", 1, 4, "S3", "shipments"),
        ("Invoices", 2, 4, "S2", "shipments"),
        ("Payments", 1, 4, "I1:10;I2", "invoices"),
        ("Payments", 1, 4, "I3", "invoices"),
        ("Payments", 1, 4, "I9", "invoices"),
        ("Customers", 1, 2, "Li", "contact"),
        ("Customers", 1, 3, "2", "phone"),
        ("Customers", 1, 4, "l@example.com", "email"),
    ],
)
def test_other_content_beside_the_columns_of_a_document_is_a_mistake(
    tmp_path: Path, sheet: str, row: int, column: int, value: object, heading: str
) -> None:
    assert imported(a_workbook(tmp_path / "a.xlsx", BOOKS)).errors == []
    changed = copy.deepcopy(BOOKS)
    changed[sheet][row][column] = value
    taken = imported(a_workbook(tmp_path / "b.xlsx", changed))
    assert [(e.sheet, e.row, e.column) for e in taken.errors] == [(sheet, row + 1, heading)], taken.errors


def test_other_quantities_of_the_same_worth_are_a_mistake(tmp_path: Path) -> None:
    imported(a_workbook(tmp_path / "a.xlsx", BOOKS))
    changed = copy.deepcopy(BOOKS)
    changed["Shipments"][1][4:7] = [4, "piece", 5]
    taken = imported(a_workbook(tmp_path / "b.xlsx", changed))
    assert [(e.row, e.column, e.value) for e in taken.errors] == [(2, "quantity", "4.0000")]


def test_a_missing_line_is_a_mistake_and_amounts_alone_say_nothing_of_lines(tmp_path: Path) -> None:
    imported(a_workbook(tmp_path / "a.xlsx", BOOKS))
    fewer = {"Shipments": [SHIPPED, ["S1", "C1", "2026-01-01", "bearing", 2, "piece", 12.5]]}
    assert [e.column for e in imported(a_workbook(tmp_path / "b.xlsx", fewer)).errors] == ["unit price"]
    assert again(tmp_path, {"Shipments": [INVOICES, ["S1", "C1", "2026-01-01", 25]]})["shipments"] == 1


def test_goods_shipped_later_on_an_invoice_may_be_named_by_it_or_not(tmp_path: Path) -> None:
    imported(a_workbook(tmp_path / "a.xlsx", BOOKS))
    finance, invoice = a_user(role=Role.FINANCE), Entry.objects.get(number="I3")
    post(
        documents.shipment, finance, uuid4(), invoice.customer,
        number="S9", date=date(2026, 2, 1), amount=Decimal(60), invoice=invoice,
    )  # fmt: skip
    again(tmp_path, BOOKS)
    named = copy.deepcopy(BOOKS)
    named["Invoices"][3][4] = "S9"
    again(tmp_path, named)


def test_one_of_several_contacts_may_be_the_one_of_the_file(tmp_path: Path) -> None:
    imported(a_workbook(tmp_path / "a.xlsx", BOOKS))
    Contact.objects.create(customer_id=Contact.objects.get().customer_id, name="Li", phone="2")
    again(tmp_path, BOOKS)
    customers = {"Customers": [["code", "name", "contact", "phone"], ["C1", "One", "Li", "2"]]}
    again(tmp_path, customers)


@pytest.mark.parametrize("amount", [60, 61])
def test_a_file_tells_a_salesperson_nothing_of_what_others_customers_settled(tmp_path: Path, amount: int) -> None:
    a_customer(code="C1", owner=a_user(role=Role.SALESPERSON))
    sheets = {
        "Invoices": [INVOICES, ["I1", "C1", "2026-02-01", 100]],
        "Payments": [INVOICES, ["P1", "C1", "2026-02-10", 60]],
        "Allocations": [ALLOCATIONS, ["P1", "I1", 60, None]],
    }
    imported(a_workbook(tmp_path / "a.xlsx", sheets))
    probe = a_workbook(tmp_path / "b.xlsx", {"Allocations": [ALLOCATIONS, ["P1", "I1", amount, None]]})
    [refused] = imported(probe, by=a_user(role=Role.SALESPERSON)).errors
    assert "may post for" in refused.message


def test_a_number_that_a_reversed_document_had_means_the_one_that_stands(tmp_path: Path) -> None:
    finance, customer = a_user(role=Role.FINANCE), a_customer(code="C1")
    wrong = post(
        documents.opening, finance, uuid4(), customer, number="X7", date=date(2026, 1, 1), amount=Decimal(60)
    )
    post(reverse, finance, uuid4(), customer, entry=wrong, date=date(2026, 1, 2))
    sheets = {
        "Invoices": [INVOICES, ["X7", "C1", "2026-02-01", 100]],
        "Payments": [INVOICES, ["P1", "C1", "2026-02-10", 60]],
        "Allocations": [ALLOCATIONS, ["P1", "X7", 60, None]],
    }
    assert imported(a_workbook(tmp_path / "a.xlsx", sheets)).errors == []
    assert Entry.objects.standing().get(number="X7").open_amount == Decimal(40)
