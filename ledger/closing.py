"""Closing a month: from then on nothing is dated into it, except by finance with a reason.

The rule stands twice. `Book.check_date` and `posting.write` refuse such a day with a sentence; the triggers
`entry_not_into_a_closed_month` and `allocation_not_into_a_closed_month` let only those rows through whose posting has
a `LatePosting`, written before them in the same act. A confirmation is never dated into a closed month: finance may
record it as of any later day, and the finance book of the month stays what it was.
"""

from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from config.dates import shown_month
from customers.models import User
from ledger.errors import InvalidDocument, NotPermitted
from ledger.models import PeriodClose
from ledger.models.closing import last_of_month


def next_to_close(closed_until: date | None, *, first: date) -> date:
    """The month whose turn it is: after the last closed one, else that of the first entry."""
    return closed_until + timedelta(days=1) if closed_until else first.replace(day=1)


@transaction.atomic
def close_month(*, month: date, by: User, note: str = "", now: datetime | None = None) -> PeriodClose:
    """Closes the month that begins on `month`. Whoever posts at this moment is waited for, and whoever comes later
    finds it closed: what is known of the month now is what was known when it was closed.
    """
    _check_keeps_books(by)
    _wait_for_postings()
    now = now or timezone.now()  # Read only here: what was waited for is known.
    closed = PeriodClose.objects.closed_until()
    last = last_of_month(month)
    if month.day != 1 or last >= timezone.localdate(now):
        raise InvalidDocument(_("%(month)s is not over yet.") % {"month": shown_month(month)}, field="month")
    if closed is not None and month != closed + timedelta(days=1):
        raise InvalidDocument(
            _("Months are closed in their order: %(month)s is next.")
            % {"month": shown_month(closed + timedelta(days=1))},
            field="month",
        )
    return PeriodClose.objects.create(month=month, closed_until=last, note=note.strip(), by=by, recorded_at=now)


@transaction.atomic
def open_month(*, month: date, by: User, reason: str) -> PeriodClose:
    """Opens the last closed month again."""
    _check_keeps_books(by)
    _wait_for_postings()
    if not reason.strip():
        raise InvalidDocument(_("Say why the month is opened again."), field="note")
    closed = PeriodClose.objects.closed_until()
    if closed is None or closed.replace(day=1) != month:
        raise InvalidDocument(_("Only the month that was closed last can be opened again."), field="month")
    return PeriodClose.objects.create(
        month=month,
        is_closed=False,
        closed_until=month - timedelta(days=1),
        note=reason.strip(),
        by=by,
        recorded_at=timezone.now(),
    )


def _check_keeps_books(by: User) -> None:
    if not by.keeps_books:
        raise NotPermitted(_("Only finance closes months and opens them again."))


def _wait_for_postings() -> None:
    """Every act begins with its row in one of these tables. On SQLite there is one writer at a time anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE ledger_posting IN SHARE ROW EXCLUSIVE MODE")
            cursor.execute("LOCK TABLE ledger_confirmation IN SHARE ROW EXCLUSIVE MODE")
