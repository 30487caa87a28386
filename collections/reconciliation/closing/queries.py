"""The months and where they stand, what is still to be done in one, and what came after it was closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from urllib.parse import urlencode

from django.db.models import Min, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from customers.models import User
from ledger.closing import next_to_close
from ledger.models import Entry, LatePosting, PeriodClose
from ledger.models.closing import last_of_month
from reconciliation.bank.models import BankLine


class State(StrEnum):
    CLOSED = "closed"
    NEXT = "next"
    OPEN = "open"
    RUNNING = "running"


@dataclass(frozen=True, slots=True)
class Month:
    first: date
    state: State
    # The latest row that closed it, and how many acts came into it since.
    close: PeriodClose | None = None
    late: int = 0

    @property
    def last(self) -> date:
        return last_of_month(self.first)

    @property
    def before_key(self) -> str:
        return f"{self.first - timedelta(days=1):%Y-%m}"

    @property
    def key(self) -> str:
        """How an address names it."""
        return f"{self.first:%Y-%m}"


def months(*, today: date) -> list[Month]:
    """From the month of the first entry to this one, the latest first."""
    first = Entry.objects.aggregate(first=Min("date"))["first"]
    if first is None:
        return []
    closed = PeriodClose.objects.closed_until()
    turn = next_to_close(closed, first=first)
    closes = {
        row.month: row for row in PeriodClose.objects.filter(is_closed=True).select_related("by").order_by("pk")
    }
    late = _late_by_month()
    found, month = [], today.replace(day=1)
    while month >= first.replace(day=1):
        if closed is not None and month <= closed:
            state = State.CLOSED
        elif last_of_month(month) >= today:
            state = State.RUNNING
        else:
            state = State.NEXT if month == turn else State.OPEN
        close = closes.get(month) if state == State.CLOSED else None
        found.append(Month(month, state, close, late.get(month, 0)))
        month = (month - timedelta(days=1)).replace(day=1)
    return found


def month_of(first: date, *, today: date) -> Month | None:
    return next((month for month in months(today=today) if month.first == first), None)


def history_of(month: date) -> QuerySet[PeriodClose]:
    """Each time the month was closed or opened, the latest first."""
    return PeriodClose.objects.filter(month=month).select_related("by", "report").order_by("-pk")


def late_entries(month: date) -> QuerySet[Entry]:
    """What finance has dated into the month with a reason, whenever it was closed; the latest first."""
    found = Entry.objects.filter(posting__late__isnull=False, date__gte=month, date__lte=last_of_month(month))
    return found.select_related("customer", "posting__late", "posting__by").order_by("-recorded_at", "-pk")


def _late_by_month() -> dict[date, int]:
    pairs = LatePosting.objects.values_list("posting_id", "posting__entries__date").distinct()
    counted: dict[date, set[int]] = {}
    for posting, day in pairs:
        if day is not None:
            counted.setdefault(day.replace(day=1), set()).add(posting)
    return {month: len(postings) for month, postings in counted.items()}


@dataclass(frozen=True, slots=True)
class Check:
    """Something to look at before a month is closed: none of it forbids to close."""

    label: Promise
    count: int
    url: str


def checklist(user: User, month: date) -> Sequence[Check]:
    """Each counts what its list shows: what is still to be done now, of what is dated up to the end of the month."""
    last = last_of_month(month)
    until = {"until": last.isoformat()}
    opened = Entry.objects.open().filter(date__lte=last)
    return [
        Check(
            _("Bank lines that are not matched"),
            BankLine.objects.visible_to(user).unmatched().filter(date__lte=last).count(),
            _link("matching:desk", until),
        ),
        Check(
            _("Goods and money not confirmed"),
            Entry.objects.visible_to(user).unconfirmed().filter(date__lte=last).count(),
            _link("queues:confirm", until),
        ),
        Check(
            _("Payments and credits not allocated"),
            opened.credits().count(),
            _link("queues:allocate", until),
        ),
        Check(
            _("Shipments not invoiced"),
            opened.filter(kind="shipment", side=1).count(),
            _link("queues:issue", until),
        ),
    ]


def _link(name: str, query: dict[str, str]) -> str:
    """Of a page further up, where there is one."""
    try:
        address = reverse(name)
    except NoReverseMatch:
        return ""
    return f"{address}?{urlencode(query)}" if query else address
