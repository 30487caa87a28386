"""The periods that statements are usually made for."""

from datetime import date, timedelta
from enum import StrEnum


class Usual(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    OWN = "own"


def period(usual: Usual, *, today: date) -> tuple[date, date]:
    """The last whole month, the last whole quarter, or the year until now."""
    if usual == Usual.YEAR:
        return date(today.year, 1, 1), today
    months = 1 if usual == Usual.MONTH else 3
    begun = today.replace(month=today.month - (today.month - 1) % months, day=1)
    last = begun - timedelta(days=1)
    return last.replace(month=last.month - months + 1, day=1), last


def last_days(*, today: date) -> list[date]:
    """On which the usual periods end, the earliest first."""
    return sorted({period(usual, today=today)[1] for usual in Usual if usual != Usual.OWN})
