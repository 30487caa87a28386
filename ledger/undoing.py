"""Taking back what stands between entries, so that one of them can be reversed or cancelled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as Date
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext as _

from ledger.book import Book
from ledger.errors import NotReversible
from ledger.models import Allocation, Billing, Entry, Invoice
from ledger.money import ZERO


def check_nothing_stands_on(book: Book, parts: Sequence[Entry]) -> None:
    """Raises NotReversible where an invoice bills the goods, goods were shipped on the invoice, or a credit
    note reverses it: those come first.
    """
    first = parts[0]
    standing = [pair.other_than(first) for pair in _billed_pairs(parts) if pair.stands_on(first)]
    notes = Invoice.objects.filter(reverses=first.pk, entry__reversed_by__isnull=True).select_related("entry")
    standing += [note.entry for note in notes]
    if standing:
        raise NotReversible(
            _("%(other)s stands on %(entry)s; reverse it first.") % {"other": standing[0], "entry": first}
        )


def undo_allocations(book: Book, parts: Sequence[Entry], on: Date) -> None:
    """Undoes every allocation that touches the entries, what settled them before what they took over."""
    touching = Allocation.objects.filter(
        Q(from_entry__in=parts) | Q(to_entry__in=parts), undoes__isnull=True, undone_by__isnull=True
    )
    allocations = list(touching.select_related("from_entry", "to_entry").order_by("-date", "-pk"))
    _check_not_before(max((allocation.date for allocation in allocations), default=on), on)
    for allocation in sorted(allocations, key=lambda a: a.from_entry.side == a.to_entry.side):
        book.undo(allocation, on)


def undo_billings(book: Book, parts: Sequence[Entry], on: Date) -> None:
    """Takes back what the entries bill, or by what they are billed."""
    for pair in _billed_pairs(parts):
        _check_not_before(pair.date, on)
        book.unbilled_value(pair.goods)
        book.bill(pair.goods, pair.invoice, -abs(pair.amount), on)


def _check_not_before(movement: Date, on: Date) -> None:
    if on < movement:
        raise NotReversible(
            _("An allocation is dated %(date)s; choose that day or a later one.") % {"date": movement}, field="date"
        )


@dataclass(slots=True)
class _BilledPair:
    """An invoice and goods that it bills, net of what was taken back."""

    goods: Entry
    invoice: Entry
    # Of the billing: the day from which both were there.
    date: Date
    amount: Decimal = ZERO
    # The invoice was there first, and the goods were shipped on it: they added less than their value.
    invoice_came_first: bool = False

    def stands_on(self, entry: Entry) -> bool:
        """Whether the other of the two was posted on the strength of `entry`."""
        return self.invoice_came_first == (entry.pk == self.invoice.pk)

    def other_than(self, entry: Entry) -> Entry:
        return self.goods if entry.pk == self.invoice.pk else self.invoice


def _billed_pairs(parts: Sequence[Entry]) -> list[_BilledPair]:
    pairs: dict[tuple[int, int], _BilledPair] = {}
    rows = Billing.objects.filter(Q(invoice__in=parts) | Q(shipment__in=parts)).select_related("invoice", "shipment")
    for row in rows:
        goods = row.shipment
        pair = pairs.setdefault((row.shipment_id, row.invoice_id), _BilledPair(goods, row.invoice, row.date))
        pair.amount += row.amount
        pair.date = max(pair.date, row.date)
        if row.posting_id == goods.posting_id and goods.amount != goods.document_amount:
            pair.invoice_came_first = True
    return [pair for pair in pairs.values() if pair.amount]
