"""What stored documents say beyond their entry: lines, what they bill, what they settle. Read for many at once."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ledger.bulk import chunks
from ledger.models import Allocation, Billing, Entry, InvoiceStep, ShipmentLine
from ledger.money import ZERO

Line = tuple[str, Decimal, str, Decimal]


def lines_of(shipments: Iterable[int]) -> dict[int, list[Line]]:
    """Product, quantity, unit and unit price of each line, by shipment."""
    found: dict[int, list[Line]] = defaultdict(list)
    for chunk in chunks(sorted(shipments)):
        lines = ShipmentLine.objects.filter(shipment__in=chunk)
        facts = lines.values_list("shipment_id", "product", "quantity", "unit", "unit_price")
        for shipment, product, quantity, unit, price in facts:
            found[shipment].append((product, quantity, unit, price))
    return found


@dataclass(slots=True)
class Billed:
    """Numbers of goods that a document bills: those that it named itself, and all of them."""

    named: set[str] = field(default_factory=set)
    ever: set[str] = field(default_factory=set)


def billed_by(invoices: Iterable[int]) -> dict[int, Billed]:
    """Goods may be billed later too, where they were shipped on an invoice that was issued ahead."""
    found: dict[int, Billed] = defaultdict(Billed)
    for chunk in chunks(sorted(invoices)):
        rows = Billing.objects.filter(invoice__in=chunk)
        for invoice, number, then, now in rows.values_list(
            "invoice_id", "shipment__number", "invoice__posting_id", "posting_id"
        ):
            found[invoice].ever.add(number)
            if then == now:
                found[invoice].named.add(number)
    return found


def steps_of(invoices: Iterable[int]) -> dict[int, set[tuple[str, date]]]:
    """Every day on which an invoice was sent, received or booked, by its column; those taken back since as well."""
    found: dict[int, set[tuple[str, date]]] = defaultdict(set)
    for chunk in chunks(sorted(invoices)):
        steps = InvoiceStep.objects.filter(invoice__in=chunk, step__in=InvoiceStep.COLUMNS)
        for invoice, step, day in steps.values_list("invoice_id", "step", "date"):
            found[invoice].add((InvoiceStep.COLUMNS[InvoiceStep.Step(step)], day))
    return found


def settled_by(sources: Iterable[int]) -> dict[int, list[tuple[str, Decimal]]]:
    """What each credit settles, or did until it was undone: numbers of debts, with the amounts moved."""
    found: dict[int, list[tuple[str, Decimal]]] = defaultdict(list)
    for chunk in chunks(sorted(sources)):
        rows = Allocation.objects.filter(from_entry__in=chunk, undoes__isnull=True)
        for credit, number, amount in rows.values_list("from_entry_id", "to_entry__number", "amount"):
            found[credit].append((number, abs(amount)))
    return found


def was_open_after(entries: Iterable[Entry], posting: int) -> bool:
    """Whether anything of the entries was open once that posting was made."""
    entries = list(entries)
    keys = [entry.pk for entry in entries]
    until = Allocation.objects.filter(posting__lte=posting)
    into = until.filter(to_entry__in=keys).values_list("amount", flat=True)
    out_of = until.filter(from_entry__in=keys).values_list("amount", flat=True)
    return bool(sum((entry.amount for entry in entries), ZERO) + sum(into, ZERO) - sum(out_of, ZERO))


class StoredMoves:
    """Allocations of the ledger, those undone since as well, to be ticked off by the rows that say the same.

    A row names documents, and a document in instalments is settled by several allocations: there the row is known
    where their sum has room for it.
    """

    def __init__(self, sources: Iterable[int]) -> None:
        self._moves: Counter[tuple[int, int, Decimal, date]] = Counter()
        self._sums: dict[tuple[int, int, date], Decimal] = defaultdict(lambda: ZERO)
        self._days: dict[tuple[int, int], set[date]] = defaultdict(set)
        self._in_instalments: set[int] = set()
        for chunk in chunks(sorted(sources)):
            rows = Allocation.objects.filter(from_entry__in=chunk, undoes__isnull=True)
            for source, entry, first, amount, day in rows.values_list(
                "from_entry_id", "to_entry_id", "to_entry__instalment_of_id", "amount", "date"
            ):
                if first is not None:
                    self._in_instalments.add(first)
                target = first or entry
                self._moves[(source, target, abs(amount), day)] += 1
                self._sums[(source, target, day)] += abs(amount)
                self._days[(source, target)].add(day)

    def tick_off(self, source: int, target: int, amount: Decimal, day: date | None) -> bool:
        """Whether the ledger has this move, on any day where none is given; it then stands for no other row."""
        if day is not None:
            return self._tick_off(source, target, amount, day)
        days = sorted(self._days[(source, target)])
        if any(self._tick_off(source, target, amount, one) for one in days):
            return True
        # What was open again on several days was settled on each of them.
        if len(days) < 2 or sum(self._sums[(source, target, one)] for one in days) < amount:
            return False
        for one in days:
            part = min(amount, self._sums[(source, target, one)])
            self._sums[(source, target, one)] -= part
            amount -= part
        return True

    def _tick_off(self, source: int, target: int, amount: Decimal, day: date) -> bool:
        if self._moves[(source, target, amount, day)]:
            self._moves[(source, target, amount, day)] -= 1
        elif target not in self._in_instalments or self._sums[(source, target, day)] < amount:
            return False
        self._sums[(source, target, day)] -= amount
        return True
