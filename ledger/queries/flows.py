"""What paid what: allocations as moves between documents, for one entry or for a stretch of a customer's ledger."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.urls import reverse
from django.utils.text import capfirst

from config.dates import shown_day
from customers.models import Customer
from ledger.flow_chart import Column, Document, FlowChart, Move, laid_out
from ledger.models import Allocation, Entry, Kind, Side
from ledger.money import ZERO
from ledger.queries.documents import Movement

# More than this is no drawing to read: the rest is a link away.
MOST_MOVES, MOST_DOCUMENTS = 60, 40
MOST_OF_A_DAY = 500


@dataclass(frozen=True, slots=True)
class FlowRow:
    """One move in the table behind the drawing."""

    left: Entry
    right: Entry
    amount: Decimal
    date: date
    is_undone: bool


@dataclass(frozen=True, slots=True)
class Flow:
    chart: FlowChart
    rows: Sequence[FlowRow]
    # Allocations up to this day are not among them; None where there are none.
    older: date | None = None
    has_undone: bool = False


def customer_flow(customer: Customer, *, until: date, since: date, with_undone: bool = False) -> Flow:
    """The customer's allocations dated within the days, the newest days of them where they are many, and what is
    open of the documents of these days. A day is shown whole, so that the older ones begin with another.
    """
    everything = Allocation.objects.filter(customer=customer).select_related("from_entry", "to_entry")
    moves = everything.filter(date__range=(since, until)).order_by("-date", "-pk")
    found = list(moves[: MOST_MOVES + 1])
    first_day = since
    if len(found) > MOST_MOVES:
        cut = found[-1].date
        first_day = min((move.date for move in found if move.date > cut), default=cut)
        found = list(moves.filter(date__gte=first_day)[:MOST_OF_A_DAY])
    has_older = everything.filter(date__lt=first_day).exists()
    waiting = Entry.objects.open().filter(customer=customer, date__range=(first_day, until))
    untouched = list(waiting.order_by("-date", "-pk")[:MOST_DOCUMENTS])
    flow = _flow(found, untouched, with_undone=with_undone)
    return Flow(flow.chart, flow.rows, first_day - timedelta(days=1) if has_older else None, flow.has_undone)


def entry_flow(entry: Entry, movements: Iterable[Movement]) -> Flow:
    """What touches one document; what was undone stands in the table of its page alone."""
    return _flow([movement.allocation for movement in movements], [entry], with_undone=False)


def _flow(allocations: Sequence[Allocation], untouched: Sequence[Entry], *, with_undone: bool) -> Flow:
    sums: dict[tuple[int, int], Decimal] = defaultdict(lambda: ZERO)
    largest: dict[tuple[int, int], Decimal] = defaultdict(lambda: ZERO)
    days: dict[tuple[int, int], date] = {}
    entries: dict[int, Entry] = {}
    for allocation in allocations:
        left, right, amount = _ordered(allocation)
        key = (left.pk, right.pk)
        entries[left.pk], entries[right.pk] = left, right
        sums[key] += amount
        largest[key] = max(largest[key], amount)
        days.setdefault(key, allocation.date)
    rows = []
    has_undone = False
    for key, amount in sums.items():
        left, right = entries[key[0]], entries[key[1]]
        is_undone = amount <= 0 or right.reverses_id == left.pk or left.reverses_id == right.pk
        has_undone |= is_undone
        if not is_undone or with_undone:
            rows.append(FlowRow(left, right, amount if amount > 0 else largest[key], days[key], is_undone))
    shown = {entry.pk: entry for row in rows for entry in (row.left, row.right)}
    for entry in untouched:
        shown.setdefault(entry.pk, entry)
    documents = sorted(shown.values(), key=lambda entry: (entry.date, entry.pk))[-MOST_DOCUMENTS:]
    chart = laid_out(
        [_document(entry) for entry in documents],
        [Move(row.left.pk, row.right.pk, row.amount, row.is_undone) for row in rows],
    )
    return Flow(chart, rows, None, has_undone)


def _ordered(allocation: Allocation) -> tuple[Entry, Entry, Decimal]:
    """The two documents from left to right, goods before what bills them, debts before what settles them."""
    source, target = allocation.from_entry, allocation.to_entry
    if source.side != target.side:
        return (
            (target, source, -allocation.amount)
            if source.side == Side.CREDIT
            else (source, target, allocation.amount)
        )
    return source, target, abs(allocation.amount) if allocation.undoes_id is None else -abs(allocation.amount)


def _document(entry: Entry) -> Document:
    if entry.side == Side.CREDIT:
        column = Column.CREDITS
    else:
        column = Column.GOODS if entry.kind == Kind.SHIPMENT else Column.DEBTS
    return Document(
        key=entry.pk,
        column=column,
        label=capfirst(entry.described if not entry.number else str(entry)),
        amount=abs(entry.document_amount),
        open=abs(entry.open_amount),
        url=reverse("ledger:entry", args=[entry.pk]),
        note=shown_day(entry.date),
        is_undone=entry.reversed_on is not None or entry.reverses_id is not None,
    )
