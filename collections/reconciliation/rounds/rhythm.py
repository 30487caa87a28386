"""How often a customer is asked to confirm the balance, and for which day. Pure."""

from calendar import monthrange
from datetime import date as Date
from datetime import timedelta
from enum import Enum


class Every(Enum):
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    # Not at all: a customer that is reconciled by other means.
    NEVER = "never"


# The months that end a period of each rhythm.
_ENDS = {
    Every.MONTH: tuple(range(1, 13)),
    Every.QUARTER: (3, 6, 9, 12),
    Every.YEAR: (12,),
    Every.NEVER: (),
}


def usual(*, key_account: bool) -> Every:
    """The rhythm of a customer for whom finance has decided nothing."""
    return Every.MONTH if key_account else Every.QUARTER


def ends_period(every: Every, last_day: Date) -> bool:
    """Whether `last_day`, the last one of a month, ends a period of the rhythm."""
    return last_day.month in _ENDS[every]


def last_month_end(day: Date) -> Date:
    """The last day of the month before that of `day`."""
    return day.replace(day=1) - timedelta(days=1)


def period_of(every: Every, last_day: Date) -> tuple[Date, Date]:
    """The first and the last day of the period of the rhythm that ends with the month of `last_day`. For a customer
    that is never asked, the month.
    """
    months = {Every.QUARTER: 3, Every.YEAR: 12}.get(every, 1)
    month = last_day.year * 12 + last_day.month - months
    end = last_day.replace(day=monthrange(last_day.year, last_day.month)[1])
    return Date(month // 12, month % 12 + 1, 1), end
