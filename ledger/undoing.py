"""Taking back what stands between entries, so that one of them can be reversed or cancelled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as Date
from decimal import Decimal

from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from config.dates import shown_day
from ledger.book import Book
from ledger.errors import NotReversible
from ledger.models import Allocation, Billing, Entry, Invoice, Kind
from ledger.money import ZERO


def check_nothing_stands_on(book: Book, parts: Sequence[Entry]) -> None:
    """Raises NotReversible where an invoice bills the goods, goods were shipped on the invoice, a credit note
    reverses it, or the invoice that it cancelled was issued again: those come first.
    """
    first = parts[0]
    standing = [pair.other_than(first) for pair in _billed_pairs(parts) if pair.stands_on(first)]
    notes = Invoice.objects.filter(reverses=first.pk, entry__reversed_on__isnull=True).select_related("entry")
    standing += [note.entry for note in notes]
    standing += Entry.objects.standing().filter(invoice__replaces__credit_notes=first.pk)
    if standing:
        raise NotReversible(
            _("%(other)s stands on %(entry)s; reverse it first.") % {"other": standing[0], "entry": first}
        )


def undo_allocations(book: Book, parts: Sequence[Entry], on: Date) -> list[Entry]:
    """Undoes every allocation that touches the entries, what settled them before what they took over; the entries
    that it touched besides.
    """
    touching = Allocation.objects.filter(
        Q(from_entry__in=parts) | Q(to_entry__in=parts), undoes__isnull=True, undone_by__isnull=True
    )
    allocations = list(touching.select_related("from_entry", "to_entry").order_by("-date", "-pk"))
    _check_not_before(max((allocation.date for allocation in allocations), default=on), on)
    for allocation in sorted(allocations, key=lambda a: a.from_entry.side == a.to_entry.side):
        book.undo(allocation, on)
    touched = (entry for allocation in allocations for entry in (allocation.from_entry, allocation.to_entry))
    return list(dict.fromkeys(entry for entry in touched if entry not in parts))


def hand_on(book: Book, reopened: Sequence[Entry], on: Date, *, leaving: Sequence[Entry] = ()) -> None:
    """What was settled of goods before they were billed, and is open again, is owed by the documents that bill them:
    moves it there, to the earliest instalment first. `leaving` are documents that bill nothing any more.
    """
    for goods in reopened:
        if goods.kind not in (Kind.SHIPMENT, Kind.RETURN):
            continue
        excess = abs(book.item(goods).entry.open_amount) - book.unbilled_value(goods)
        for pair in _billed_pairs([goods]):
            if pair.invoice in leaving:
                continue
            parts = book.document(pair.invoice, with_closed=True)
            left = min(excess, abs(pair.amount) - sum(_taken(book, part, goods) for part in parts))
            for part in parts:
                of_goods = abs(part.document_amount) - abs(part.amount)
                wanted = min(left, of_goods - _taken(book, part))
                moved = book.take_over(goods, part, wanted, max(on, part.date)) if wanted > 0 else ZERO
                left -= moved
                excess -= moved


def _taken(book: Book, part: Entry, goods: Entry | None = None) -> Decimal:
    """How much an instalment has taken over from these goods, or from all; positive."""
    stored = Allocation.objects.filter(to_entry=part, from_entry__side=part.side)
    here = [move for move in book.allocations if move.to_entry == part and move.from_entry.side == part.side]
    if goods is not None:
        stored, here = stored.filter(from_entry=goods), [move for move in here if move.from_entry == goods]
    total: Decimal = stored.aggregate(total=Sum("amount"))["total"] or ZERO
    return abs(sum((move.amount for move in here), total))


def undo_billings(book: Book, parts: Sequence[Entry], on: Date) -> None:
    """Takes back what the entries bill, or by what they are billed."""
    for pair in _billed_pairs(parts):
        _check_not_before(pair.date, on)
        book.bill(pair.goods, pair.invoice, -abs(pair.amount), on)


def _check_not_before(movement: Date, on: Date) -> None:
    if on < movement:
        raise NotReversible(
            _("An allocation is dated %(date)s; choose that day or a later one.") % {"date": shown_day(movement)},
            field="date",
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
