"""Keeps stored month ends what the ledger says: fills days, marks what a late act has touched, makes it again."""

import logging
import random
import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import OperationalError, connection
from django.db.models import QuerySet
from django.utils import timezone

from aging.history.figures import COLUMNS, by_customer, limits_in_force, scope_of
from aging.history.month_end import month_ends_before
from aging.history.turn import turn
from aging.models import FilledDay, StaleCustomer, StoredMonthEnd
from ledger.book import Book
from ledger.bulk import chunks
from ledger.models import Allocation, Entry
from ledger.queries.open_items import Fragment

logger = logging.getLogger(__name__)

# What the night keeps: three years and the month before them.
KEPT = 37
# So many stale customers are made again at once; an act on more calls a worker.
FEW = 50
# For so many seconds who looks at a page fills days and makes customers again, before it says what is still stale.
PATIENCE = 3.0
# Of more than so many, whole days are made again faster than customer by customer.
MANY = 2_000
_LARGEST_STAMP = 2**62


@dataclass(frozen=True, slots=True)
class Kept:
    """What a night has done."""

    filled: int
    refreshed: int
    removed: int


def witness(book: Book) -> None:
    """Marks, within the act, every customer of whom it records something dated in a month that is over: whoever reads
    month ends from then on knows which are stale, whatever happens after the act.

    A month counts as over two days early, so that no act that began in it ends unseen after its end was stored.
    """
    [last] = month_ends_before(book.today + timedelta(days=2), 1)
    since: dict[int, date] = {}
    rows: list[Entry | Allocation] = [*book.entries, *book.allocations]
    for row in rows:
        if row.date <= last:
            since[row.customer_id] = min(since.get(row.customer_id, last), row.date)
    if not since:
        return
    as_date = connection.ops.adapt_datefield_value
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO aging_stalecustomer (customer_id, since, stamp) VALUES (%s, %s, %s)"
            " ON CONFLICT (customer_id) DO UPDATE SET stamp = excluded.stamp, since ="
            " CASE WHEN excluded.since < aging_stalecustomer.since THEN excluded.since"
            " ELSE aging_stalecustomer.since END",
            [(customer, as_date(day), random.randrange(_LARGEST_STAMP)) for customer, day in sorted(since.items())],
        )


def keep(*, today: date) -> Kept:
    """What the night does: fills the month ends that are missing, makes stale ones again, drops the oldest."""
    days = month_ends_before(today, KEPT)
    refreshed = refresh()
    filled = fill(missing(days))
    removed, _rows = FilledDay.objects.filter(day__lt=days[0]).delete()
    StoredMonthEnd.objects.filter(day__lt=days[0]).delete()
    return Kept(filled, refreshed, removed)


def catch_up(days: Sequence[date]) -> None:
    """What who looks at these days may do while somebody waits: fills those that are missing, and makes customers
    again. Where another is at it, or writes on SQLite, the figures stay stale for now, and say so.
    """
    if not days:
        return
    ends = time.monotonic() + PATIENCE
    try:
        fill(missing(days), wait=False, ends=ends)
        while (marks := list(_marks(until=days[-1])[:FEW])) and time.monotonic() < ends:
            _refresh(marks, wait=False)
    except OperationalError as busy:
        logger.warning("Month ends are left as they are: %s", busy)


def missing(days: Iterable[date]) -> list[date]:
    """Those of the days that are not stored, or with other buckets, the latest first."""
    stored = set(FilledDay.objects.filter(limits=limits_in_force()).values_list("day", flat=True))
    return sorted(set(days) - stored, reverse=True)


def fill(days: Collection[date], *, wait: bool = True, ends: float | None = None) -> int:
    """Stores what every customer owed at the end of each day, until the clock `ends`; returns of how many days."""
    if not days:
        return 0
    marks = list(_marks())
    filled = []
    for day in days:
        if ends is not None and time.monotonic() > ends:
            break
        with turn(wait=wait):
            _make(day)
            FilledDay.objects.update_or_create(
                day=day, defaults={"limits": limits_in_force(), "filled_at": timezone.now()}
            )
        filled.append(day)
    # What was marked before is in the days that were filled after; the mark goes where it stands for no other day.
    others = FilledDay.objects.exclude(day__in=filled).order_by("-day").values_list("day", flat=True).first()
    _forget([mark for mark in marks if others is None or mark.since > others], wait=wait)
    return len(filled)


def refresh() -> int:
    """Makes the stale month ends of all customers again; returns of how many customers."""
    return _refresh(list(_marks()))


def _marks(*, until: date | None = None) -> QuerySet[StaleCustomer]:
    found = StaleCustomer.objects.order_by("customer_id")
    return found if until is None else found.filter(since__lte=until)


def _refresh(marks: Sequence[StaleCustomer], *, wait: bool = True) -> int:
    if not marks:
        return 0
    first = min(mark.since for mark in marks)
    days = list(FilledDay.objects.filter(day__gte=first, limits=limits_in_force()).values_list("day", flat=True))
    if len(marks) > MANY:
        for day in days:
            with turn(wait=wait):
                _make(day)
    else:
        with turn(wait=wait):
            for day in days:
                _make(day, [mark.customer_id for mark in marks if mark.since <= day])
    _forget(marks, wait=wait)
    return len(marks)


def _forget(marks: Sequence[StaleCustomer], *, wait: bool) -> None:
    """Takes marks away; one that came meanwhile has another stamp: what it stands for may not have been seen."""
    if not marks:
        return
    with turn(wait=wait), connection.cursor() as cursor:
        cursor.executemany(
            "DELETE FROM aging_stalecustomer WHERE customer_id = %s AND stamp = %s",
            [(mark.customer_id, mark.stamp) for mark in marks],
        )


def _make(day: date, customers: Sequence[int] | None = None) -> None:
    """Stores the rows of a day anew, of some customers or of all."""
    pieces = [None] if customers is None else [_among(piece) for piece in chunks(list(customers))]
    as_date = connection.ops.adapt_datefield_value(day)
    for whose in pieces:
        also = f" AND {whose.sql}" if whose else ""
        figures = by_customer(scope_of(day, whose=whose))
        with connection.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM aging_storedmonthend WHERE day = %s{also}", [as_date, *(whose.params if whose else ())]
            )
            cursor.execute(
                f"INSERT INTO aging_storedmonthend (day, customer_id, currency, {', '.join(COLUMNS)})"
                f" SELECT {_typed_day()}, customer_id, currency, {', '.join(COLUMNS)} FROM ({figures.sql}) f",
                [as_date, *figures.params],
            )


def _typed_day() -> str:
    return "CAST(%s AS date)" if connection.vendor == "postgresql" else "%s"


def _among(customers: Sequence[int]) -> Fragment:
    return Fragment(f"customer_id IN ({', '.join(['%s'] * len(customers))})", tuple(customers))
