"""The ledger's laws under random acts: whatever is posted, undone or refused, the books stay exact."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Sum
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from customers.models import Role
from ledger.documents import Instalment
from ledger.errors import LedgerError
from ledger.models import Allocation, Billing, Entry
from ledger.verification import breaches
from tests.build import a_customer, a_user
from tests.laws import examples
from tests.ledger.desk import Desk, snapshot

FIRST = date(2026, 1, 1)
DAYS = st.integers(min_value=0, max_value=60)
AMOUNTS = st.integers(min_value=1, max_value=30_000).map(lambda cents: Decimal(cents) / 100)
ZERO = Decimal("0.00")


def on(days: int) -> str:
    return (FIRST + timedelta(days=days)).isoformat()


def open_as_known(entry: Entry, as_of: date, known_at: Any) -> Decimal:
    """The open amount of an entry straight from the definition: its amount and its dated movements."""
    if entry.date > as_of or entry.recorded_at > known_at:
        return ZERO
    moves = Allocation.objects.filter(date__lte=as_of, recorded_at__lte=known_at)
    into = moves.filter(to_entry=entry).aggregate(total=Sum("amount"))["total"] or ZERO
    out = moves.filter(from_entry=entry).aggregate(total=Sum("amount"))["total"] or ZERO
    total: Decimal = entry.amount + into - out
    return total


class LedgerMachine(RuleBasedStateMachine):
    goods = Bundle("goods")
    bills = Bundle("bills")
    received = Bundle("credits")

    @initialize()
    def a_firm(self) -> None:
        self.desk = Desk(a_customer(owner=a_user(role=Role.SALESPERSON)))
        self.known: list[tuple[Any, date, dict[int, Decimal]]] = []

    def attempt(self, act: Any, *args: Any, **facts: Any) -> Any:
        """The act's result, or nothing where the ledger refuses; a refusal must have changed nothing."""
        before = snapshot(self.desk.customer)
        try:
            return act(*args, **facts)
        except LedgerError:
            assert snapshot(self.desk.customer) == before
            return multiple()

    @rule(target=goods, amount=AMOUNTS, days=DAYS)
    def ship(self, amount: Decimal, days: int) -> Any:
        return self.desk.shipment(str(amount), on(days))

    @rule(target=goods, amount=AMOUNTS, days=DAYS, invoice=bills)
    def ship_on_an_invoice(self, amount: Decimal, days: int, invoice: Entry) -> Any:
        return self.attempt(self.desk.shipment, str(amount), on(days), invoice=invoice)

    @rule(target=bills, amount=AMOUNTS, days=DAYS, shipments=st.lists(goods, max_size=3, unique_by=lambda e: e.pk))
    def bill(self, amount: Decimal, days: int, shipments: list[Entry]) -> Any:
        return self.attempt(self.desk.invoice, str(amount), on(days), shipments=shipments)

    @rule(
        target=bills,
        first=AMOUNTS,
        second=AMOUNTS,
        days=DAYS,
        shipments=st.lists(goods, max_size=2, unique_by=lambda e: e.pk),
    )
    def bill_in_instalments(self, first: Decimal, second: Decimal, days: int, shipments: list[Entry]) -> Any:
        parts = [
            Instalment(FIRST + timedelta(days=days + 30), first),
            Instalment(FIRST + timedelta(days=days + 60), second),
        ]
        return self.attempt(self.desk.invoice, str(first + second), on(days), shipments=shipments, instalments=parts)

    @rule(target=received, amount=AMOUNTS, days=DAYS, automatic=st.booleans())
    def pay(self, amount: Decimal, days: int, automatic: bool) -> Any:
        return self.desk.payment(str(amount), on(days), automatic=automatic)

    @rule(target=received, amount=AMOUNTS, days=DAYS, invoice=bills, part=st.none() | AMOUNTS)
    def pay_an_invoice(self, amount: Decimal, days: int, invoice: Entry, part: Decimal | None) -> Any:
        return self.attempt(self.desk.payment, str(amount), on(days), invoices=[(invoice, part)], automatic=False)

    @rule(target=received, amount=AMOUNTS, days=DAYS, shipment=st.none() | goods)
    def send_back(self, amount: Decimal, days: int, shipment: Entry | None) -> Any:
        return self.attempt(self.desk.goods_return, str(amount), on(days), shipment=shipment)

    @rule(target=received, amount=AMOUNTS, days=DAYS, invoice=bills)
    def credit(self, amount: Decimal, days: int, invoice: Entry) -> Any:
        return self.attempt(self.desk.credit_note, str(amount), on(days), reverses=invoice)

    @rule(amount=AMOUNTS, days=DAYS)
    def refund(self, amount: Decimal, days: int) -> None:
        self.desk.refund(str(amount), on(days))

    @rule(invoice=bills, days=DAYS)
    def cancel(self, invoice: Entry, days: int) -> None:
        self.attempt(self.desk.red_letter, invoice, on(days))

    @rule(credit=received, debt=bills | goods, amount=AMOUNTS, days=st.none() | DAYS)
    def allocate(self, credit: Entry, debt: Entry, amount: Decimal, days: int | None) -> None:
        self.attempt(self.desk.allocate, credit, debt, str(amount), None if days is None else on(days))

    @rule()
    def allocate_the_rest(self) -> None:
        self.desk.allocate_automatically()

    @rule(data=st.data(), days=DAYS)
    def undo(self, data: st.DataObject, days: int) -> None:
        allocations = list(Allocation.objects.filter(customer=self.desk.customer).order_by("pk"))
        if allocations:
            self.attempt(self.desk.undo, data.draw(st.sampled_from(allocations)), on(days))

    @rule(entry=goods | bills | received, days=st.none() | DAYS)
    def reverse(self, entry: Entry, days: int | None) -> None:
        self.attempt(self.desk.reverse, entry, None if days is None else on(days))

    @rule(days=DAYS)
    def remember_a_report(self, days: int) -> None:
        known_at, as_of = timezone.now(), FIRST + timedelta(days=days)
        self.known.append((known_at, as_of, self.report(as_of, known_at)))

    def report(self, as_of: date, known_at: Any) -> dict[int, Decimal]:
        entries = Entry.objects.filter(customer=self.desk.customer)
        found = {entry.pk: open_as_known(entry, as_of, known_at) for entry in entries}
        return {pk: amount for pk, amount in found.items() if amount}

    @invariant()
    def stored_is_what_the_entries_say(self) -> None:
        assert list(breaches()) == []

    @invariant()
    def the_balance_of_a_day_is_the_sum_of_amounts(self) -> None:
        customer = self.desk.customer
        for days in (0, 20, 45, 60):
            as_of = FIRST + timedelta(days=days)
            amounts = Entry.objects.filter(customer=customer, date__lte=as_of).aggregate(total=Sum("amount"))["total"]
            assert sum(self.report(as_of, timezone.now()).values(), ZERO) == (amounts or ZERO)

    @invariant()
    def a_debt_is_owed_once(self) -> None:
        """The balance is the face value of all documents less what some of them say of others."""
        customer = self.desk.customer
        face = Entry.objects.filter(customer=customer).aggregate(
            amount=Sum("amount"), document=Sum("document_amount")
        )
        billed = Billing.objects.filter(customer=customer).aggregate(total=Sum("amount"))["total"] or ZERO
        assert (face["amount"] or ZERO) == (face["document"] or ZERO) - billed

    @invariant()
    def what_was_known_then_never_changes(self) -> None:
        for known_at, as_of, then in self.known:
            assert self.report(as_of, known_at) == then


@pytest.mark.django_db
class TestLaws(TestCase):
    def test_the_laws_hold_after_every_act(self) -> None:
        run_state_machine_as_test(
            LedgerMachine,
            settings=settings(
                max_examples=examples(25),
                stateful_step_count=25,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
