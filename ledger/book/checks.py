"""What an amount and a day of a document must be."""

from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from config.dates import shown_day, shown_month
from ledger.errors import ClosedMonth, InvalidDocument
from ledger.models.entries import EARLIEST_DATE
from ledger.money import NotAnAmount, checked

LONGEST_TERMS = timedelta(days=3660)


def positive(amount: Decimal, field: str = "amount") -> Decimal:
    """`amount` with two places; raises InvalidDocument where it is not above zero, too precise or too large."""
    try:
        exact = checked(amount)
    except NotAnAmount as refusal:
        messages = {
            "places": _("%(amount)s has more than two decimal places."),
            "large": _("%(amount)s is larger than the ledger can hold."),
            "text": _("%(amount)s is not an amount."),
        }
        raise InvalidDocument(messages[refusal.reason] % {"amount": amount}, field=field) from None
    if exact <= 0:
        raise InvalidDocument(_("The amount must be above zero."), field=field)
    return exact


def within_reach(day: date, *, today: date, field: str) -> date:
    """`day` itself; raises InvalidDocument where it is before 1990 or beyond next year."""
    last = _end_of_next_year(today)
    if not EARLIEST_DATE <= day <= last:
        raise InvalidDocument(
            _("%(date)s is not between %(first)s and %(last)s; check the year.")
            % {"date": shown_day(day), "first": shown_day(EARLIEST_DATE), "last": shown_day(last)},
            field=field,
        )
    return day


def not_closed(day: date, *, closed_until: date | None, field: str = "date") -> date:
    """`day` itself; raises ClosedMonth where it lies in a month that is closed."""
    if closed_until is not None and day <= closed_until:
        raise ClosedMonth(
            _("%(month)s is closed; date it from %(date)s on, or ask finance.")
            % {"month": shown_month(day), "date": shown_day(closed_until + timedelta(days=1))},
            field=field,
        )
    return day


def due_within_reach(due_date: date | None, *, today: date, field: str) -> date | None:
    """The same for a due date, which may lie further ahead by the longest terms."""
    if due_date is not None and not EARLIEST_DATE <= due_date <= _end_of_next_year(today) + LONGEST_TERMS:
        raise InvalidDocument(
            _("The due date %(date)s is out of reach; check the year.") % {"date": shown_day(due_date)}, field=field
        )
    return due_date


def _end_of_next_year(today: date) -> date:
    return date(today.year + 1, 12, 31)
