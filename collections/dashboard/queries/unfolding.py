"""What stands behind a line of "what changed": the latest documents of it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.text import capfirst

from customers.models import User
from dashboard.acts import CONFIRMING, STEP
from dashboard.queries.changes import postings_for_list, recorded_from
from dashboard.queries.steps import confirmations_for_list, of_confirming, steps_for_list
from ledger.models import Entry, Kind

MOST = 10


@dataclass(frozen=True, slots=True)
class Line:
    at: Any
    entry: int | None
    document: str
    customer: int | None
    name: str
    amount: Decimal | None
    currency: str
    # Further documents of the same act.
    more: int = 0


def latest_lines(user: User, *, by: int | None, act: str, since: date) -> list[Line]:
    """The latest of what one person did in one way, of what `user` sees."""
    if act.startswith(STEP):
        steps = steps_for_list(user).filter(step=act.removeprefix(STEP))
        return [_of_entry(row.recorded_at, row.invoice.entry) for row in _latest(steps, by, since)]
    if act in CONFIRMING:
        rows = of_confirming(confirmations_for_list(user), act)
        return [_of_entry(row.recorded_at, row.entry) for row in _latest(rows, by, since)]
    return [_of_act(row) for row in _latest(postings_for_list(user).filter(act=act), by, since)]


def _latest(rows: Any, by: int | None, since: date) -> Any:
    return recorded_from(rows.filter(by=by) if by else rows.filter(by__isnull=True), since)[:MOST]


def _of_entry(at: Any, entry: Entry) -> Line:
    whose = entry.customer
    return Line(at, entry.pk, capfirst(str(entry)), whose.pk, whose.name, entry.document_amount, entry.currency)


def _of_act(row: Any) -> Line:
    document = f"{capfirst(str(Kind(row.first_kind).label))} {row.first_number}".strip() if row.first_kind else ""
    more = max(row.entry_count - 1, 0)
    return Line(row.recorded_at, row.first_entry, document, row.whose, row.whose_name, row.total, row.money, more)
