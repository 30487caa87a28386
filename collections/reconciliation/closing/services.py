"""Closing a month with its report, and opening it again."""

from datetime import date, datetime

from django.db import transaction

from customers.models import User
from ledger import closing
from ledger.models import PeriodClose
from reconciliation.closing.models import ClosingReport
from reconciliation.closing.report import compose, digest_of


@transaction.atomic
def close_month(*, month: date, by: User, note: str = "", now: datetime | None = None) -> PeriodClose:
    """Closes the month and keeps the report of it: both, or neither. Nobody posts in between."""
    close = closing.close_month(month=month, by=by, note=note, now=now)
    text = compose(month=month, as_of=close.closed_until, known=close.recorded_at)
    ClosingReport.objects.create(close=close, content=text, digest=digest_of(text))
    return close


open_month = closing.open_month
