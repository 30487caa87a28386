"""The database guards the books by itself: each law attacked below the services, on both engines."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from customers.models import Customer, Role
from ledger.documents import LineInput
from ledger.invoice_way import record_step
from ledger.models import Allocation, Billing, Entry, Invoice, Payment, Posting, Shipment, ShipmentLine
from tests.build import a_customer, a_user
from tests.ledger.desk import Desk, day, money, snapshot

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return Desk(a_customer(owner=a_user(role=Role.SALESPERSON)))


def refused(act: Callable[[], Any]) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        act()


def a_copy(entry: Entry, **changes: Any) -> Entry:
    fields = {field.attname: getattr(entry, field.attname) for field in Entry._meta.concrete_fields}
    return Entry(**{**fields, "id": None, "number": "", **changes})


def test_nothing_that_was_posted_is_edited_or_deleted(desk: Desk) -> None:
    goods = desk.shipment(100, "2026-01-01")
    bill = desk.invoice(100, "2026-01-05", shipments=[goods])
    desk.payment(40, "2026-01-10")
    line = LineInput("bolt", money(1), "pc", money(3))
    desk.shipment(3, "2026-01-02", lines=[line])
    record_step(by=desk.by, invoice=bill.invoice, step="sent", date=day("2026-01-06"))
    before = snapshot(desk.customer)
    for model in (Posting, Entry, Allocation, Billing, Shipment, ShipmentLine, Invoice, Payment):
        assert model._default_manager.exists(), model
        table = connection.ops.quote_name(model._meta.db_table)
        with connection.cursor() as cursor:
            refused(lambda: cursor.execute(f"DELETE FROM {table}"))  # noqa: B023
        changeable = {
            "open_amount",
            "closed_on",
            "reversed_on",
            "confirmed_on",
            "delivered_on",
            "sent_on",
            "received_on",
            "booked_on",
        }
        for field in model._meta.concrete_fields:
            if field.column not in changeable:
                column = connection.ops.quote_name(str(field.column))
                with connection.cursor() as cursor:
                    refused(lambda: cursor.execute(f"UPDATE {table} SET {column} = {column}"))  # noqa: B023
    assert snapshot(desk.customer) == before


@pytest.mark.parametrize(
    "changes",
    [
        {"open_amount": money(-1)},
        {"open_amount": money(101)},
        {"open_amount": money(0)},
        {"closed_on": day("2026-02-01")},
        {"amount": money(101)},
        {"amount": money(-1)},
        {"document_amount": money(0), "amount": money(0)},
        {"side": -1},
        {"side": 0},
        {"kind": "payment"},
        {"date": day("1989-12-31")},
        {"due_date": None},
        {"currency": "USD"},
        {"instalment": 2},
        {"open_amount": money(0), "closed_on": day("2025-12-31")},
    ],
)
def test_an_entry_that_breaks_a_law_is_refused(desk: Desk, changes: dict[str, Any]) -> None:
    bill = desk.invoice(100, "2026-01-05")
    before = snapshot(desk.customer)
    refused(a_copy(bill, **changes).save)
    assert snapshot(desk.customer) == before
    a_copy(bill).save()  # the copy itself is sound: only the change was refused


def test_the_open_amount_of_a_stored_entry_keeps_its_sign(desk: Desk) -> None:
    bill, payment = desk.invoice(100, "2026-01-05"), desk.payment(30, "2026-01-06", automatic=False)
    for entry, wrong in ((bill, money(-1)), (bill, money(101)), (payment, money(1)), (payment, money(-31))):
        refused(lambda: Entry.objects.filter(pk=entry.pk).update(open_amount=wrong))  # noqa: B023


def test_a_number_stands_once_in_its_series(desk: Desk) -> None:
    bill = desk.invoice(100, "2026-01-05", number="A-7")
    refused(a_copy(bill, number="A-7").save)
    refused(
        a_copy(bill, number="A-7", kind="credit_note", side=-1, amount=-1, document_amount=-1, open_amount=-1).save
    )


def test_an_entry_is_reversed_once(desk: Desk) -> None:
    bill = desk.invoice(100, "2026-01-05")
    reversal = desk.reverse(bill, "2026-02-01")
    refused(a_copy(reversal).save)


def test_an_entry_counts_as_reversed_by_its_reversal_alone(desk: Desk) -> None:
    bill, other = desk.invoice(100, "2026-01-05"), desk.invoice(100, "2026-01-05")
    reversal = desk.reverse(bill, "2026-02-01")
    before = snapshot(desk.customer)
    for entry, wrong in (
        (other, day("2026-02-01")),
        (bill, None),
        (bill, day("2026-02-02")),
        (reversal, day("2026-02-01")),
    ):
        refused(lambda: Entry.objects.filter(pk=entry.pk).update(reversed_on=wrong))  # noqa: B023
    refused(a_copy(other, reversed_on=day("2026-02-01")).save)
    assert snapshot(desk.customer) == before


def test_a_key_is_used_once(desk: Desk) -> None:
    desk.invoice(100, "2026-01-05")
    posting = Posting.objects.get()
    refused(Posting(key=posting.key, act="x", digest="x", recorded_at=timezone.now()).save)


def an_allocation(credit: Entry, debt: Entry, **changes: Any) -> Allocation:
    facts: dict[str, Any] = {
        "posting": credit.posting,
        "customer": credit.customer,
        "from_entry": credit,
        "to_entry": debt,
        "amount": money(-10),
        "date": day("2026-03-01"),
        "recorded_at": timezone.now(),
    }
    return Allocation(**{**facts, **changes})


def test_an_allocation_stays_within_one_customer(desk: Desk) -> None:
    other = Desk(a_customer(owner=desk.by))
    theirs = other.invoice(100, "2026-01-01")
    bill, payment = desk.invoice(100, "2026-01-05"), desk.payment(30, "2026-01-06", automatic=False)
    refused(an_allocation(payment, theirs).save)
    refused(an_allocation(payment, bill, customer=other.customer).save)
    refused(an_allocation(payment, payment).save)
    refused(an_allocation(payment, bill, amount=0).save)
    refused(an_allocation(payment, bill, date=day("2026-01-06") - timedelta(days=1)).save)
    an_allocation(payment, bill).save()


def test_a_billing_stays_within_one_customer(desk: Desk) -> None:
    other = Desk(a_customer(owner=desk.by))
    bill, goods = desk.invoice(100, "2026-01-05"), other.shipment(100, "2026-01-06")
    refused(
        Billing(
            posting=bill.posting, customer=desk.customer, invoice=bill, shipment=goods, amount=money(1),
            date=day("2026-02-01"), recorded_at=timezone.now(),
        ).save
    )  # fmt: skip


def test_a_customer_with_entries_keeps_its_currency(desk: Desk) -> None:
    Customer.objects.filter(pk=desk.customer.pk).update(currency="EUR")
    Customer.objects.filter(pk=desk.customer.pk).update(currency="CNY")
    desk.invoice(100, "2026-01-05")
    refused(lambda: Customer.objects.filter(pk=desk.customer.pk).update(currency="EUR"))
    assert Customer.objects.get(pk=desk.customer.pk).currency == "CNY"


def test_only_a_bill_matures(desk: Desk) -> None:
    payment = desk.payment(30, "2026-01-06", automatic=False)
    copy = a_copy(payment)
    copy.save()
    refused(Payment(entry=copy, method="cash", matures_on=day("2026-02-01")).save)


def test_an_invoice_is_not_received_before_it_was_sent(desk: Desk) -> None:
    bill = desk.invoice(100, "2026-01-05").invoice
    rows = Invoice.objects.filter(pk=bill.pk)
    refused(lambda: rows.update(sent_on=day("2026-02-02"), received_on=day("2026-02-01")))
    refused(lambda: rows.update(received_on=day("2026-02-02"), booked_on=day("2026-02-01")))


def test_amounts_are_stored_as_whole_cents(desk: Desk) -> None:
    desk.invoice("0.10", "2026-01-05")
    desk.invoice("0.20", "2026-01-05")
    with connection.cursor() as cursor:
        cursor.execute("SELECT SUM(amount) FROM ledger_entry")
        assert cursor.fetchone() == (30,)


@pytest.mark.parametrize("table", ["ledger_entry", "ledger_allocation", "ledger_posting"])
def test_the_guards_are_in_the_database(table: str) -> None:
    catalogue = (
        "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal"
        if connection.vendor == "postgresql"
        else "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(catalogue, [table])
        assert cursor.fetchone()[0] >= 1
