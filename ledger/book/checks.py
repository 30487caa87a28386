"""What an amount and a day of a document must be."""

from datetime import date, timedelta
from decimal import Decimal
from enum import Enum, auto

from django.utils.translation import gettext as _

from config.dates import shown_day, shown_month
from customers.models import User
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


class WayOut(Enum):
    """What else than another day is left to who was refused one in a closed month."""

    FINANCE = auto()
    REASON = auto()
    NONE = auto()

    @classmethod
    def of(cls, by: User | None) -> "WayOut":
        return cls.REASON if by is not None and by.keeps_books else cls.FINANCE


def not_closed(
    day: date, *, closed_until: date | None, field: str = "date", way_out: WayOut = WayOut.FINANCE
) -> date:
    """`day` itself; raises ClosedMonth where it lies in a month that is closed."""
    if closed_until is not None and day <= closed_until:
        messages = {
            WayOut.FINANCE: _("%(month)s is closed; date it from %(date)s on, or ask finance."),
            WayOut.REASON: _("%(month)s is closed; date it from %(date)s on, or give the reason for a late entry."),
            WayOut.NONE: _("%(month)s is closed; date it from %(date)s on."),
        }
        said = {"month": shown_month(day), "date": shown_day(closed_until + timedelta(days=1))}
        raise ClosedMonth(messages[way_out] % said, field=field)
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
