"""Posting in a test as a clerk would: short words, numbers that count up, a fresh key for each act."""

import itertools
import uuid
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from customers.models import Customer, User
from ledger import documents
from ledger.allocation import allocate, allocate_automatically, undo_allocation
from ledger.models import Allocation, Entry
from ledger.posting import post
from ledger.reversal import reverse

_count = itertools.count(1)


def day(text: str) -> date:
    return date.fromisoformat(text)


def money(text: str | int) -> Decimal:
    return Decimal(text).quantize(Decimal("0.01"))


class Desk:
    def __init__(self, customer: Customer, by: User | None = None) -> None:
        clerk = by or customer.owner
        assert clerk is not None
        self.customer = customer
        self.by = clerk

    def _post(self, act: Any, **facts: Any) -> Any:
        key = facts.pop("key", None) or uuid.uuid4()
        return post(act, self.by, key, self.customer, **facts)

    def _document(self, act: Any, amount: str | int, on: str, facts: dict[str, Any]) -> Entry:
        facts.setdefault("number", f"{act.__name__}-{next(_count)}")
        entry = self._post(act, date=day(on), amount=money(amount), **facts)
        assert isinstance(entry, Entry)
        return entry

    def opening(self, amount: str | int, on: str, **facts: Any) -> Entry:
        return self._document(documents.opening, amount, on, facts)

    def shipment(self, amount: str | int, on: str, **facts: Any) -> Entry:
        return self._document(documents.shipment, amount, on, facts)

    def goods_return(self, amount: str | int, on: str, **facts: Any) -> Entry:
        return self._document(documents.goods_return, amount, on, facts)

    def invoice(self, amount: str | int, on: str, **facts: Any) -> Entry:
        return self._document(documents.invoice, amount, on, facts)

    def credit_note(self, amount: str | int, on: str, **facts: Any) -> Entry:
        return self._document(documents.credit_note, amount, on, facts)

    def payment(self, amount: str | int, on: str, **facts: Any) -> Entry:
        return self._document(documents.payment, amount, on, facts)

    def refund(self, amount: str | int, on: str, **facts: Any) -> Entry:
        return self._document(documents.refund, amount, on, facts)

    def discount(self, amount: str | int, on: str, **facts: Any) -> Entry:
        return self._document(documents.discount, amount, on, facts)

    def red_letter(self, invoice: Entry, on: str, **facts: Any) -> Entry:
        facts.setdefault("number", f"red-{next(_count)}")
        entry = self._post(documents.red_letter, invoice=invoice, date=day(on), **facts)
        assert isinstance(entry, Entry)
        return entry

    def allocate(self, credit: Entry, debt: Entry, amount: str | int, on: str | None = None) -> Allocation:
        allocation = self._post(allocate, credit=credit, debt=debt, amount=money(amount), date=on and day(on))
        assert isinstance(allocation, Allocation)
        return allocation

    def allocate_automatically(self) -> list[Allocation]:
        return list(self._post(allocate_automatically))

    def undo(self, allocation: Allocation, on: str | None = None) -> Allocation:
        undone = self._post(undo_allocation, allocation=allocation, date=on and day(on))
        assert isinstance(undone, Allocation)
        return undone

    def reverse(self, entry: Entry, on: str | None = None, reason: str = "") -> Entry:
        reversal = self._post(reverse, entry=entry, date=on and day(on), reason=reason)
        assert isinstance(reversal, Entry)
        return reversal


def open_amounts(*entries: Entry) -> list[Decimal]:
    """The open amounts as the database has them now."""
    stored = Entry.objects.in_bulk([entry.pk for entry in entries])
    return [stored[entry.pk].open_amount for entry in entries]


def balance(customer: Customer) -> Decimal:
    return sum((entry.open_amount for entry in Entry.objects.filter(customer=customer)), Decimal("0.00"))


def snapshot(customer: Customer) -> Sequence[Any]:
    """Everything that an act could change of a customer's ledger; equal before and after a refusal."""
    entries = Entry.objects.filter(customer=customer).order_by("pk").values_list()
    allocations = Allocation.objects.filter(customer=customer).order_by("pk").values_list()
    return [list(entries), list(allocations)]
