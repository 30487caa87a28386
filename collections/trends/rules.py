"""When cash is expected: the rule of one debt, and the weeks that it falls into. docs/trends.md says it in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WEEKS = 12
# A customer's own delay counts from so many payments on; below, that of all customers in the currency.
ENOUGH_PAYMENTS = 3
# Payments of so many days make a habit: one year.
DAYS_OF_HABIT = 365
# What is past its expected day is expected as long from now as the customer is usually late, a week at least.
SOONEST = 7
# What is overdue by so many days more than the customer is usually late is not expected at all.
GIVEN_UP = 90


@dataclass(frozen=True, slots=True)
class Week:
    """A week as ISO 8601 counts it, Monday to Sunday; of the first of a series what is left of it."""

    first: date
    last: date

    @property
    def number(self) -> int:
        return self.first.isocalendar().week


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def weeks_from(day: date, count: int = WEEKS) -> tuple[Week, ...]:
    """The week of the day from that day on, and those that follow."""
    start = monday(day)
    firsts = [start + timedelta(weeks=n) for n in range(count)]
    return tuple(Week(max(first, day), first + timedelta(days=6)) for first in firsts)


def weeks_before(day: date, count: int = WEEKS) -> tuple[Week, ...]:
    """The whole weeks before that of the day, the earliest first."""
    start = monday(day)
    firsts: Sequence[date] = [start - timedelta(weeks=n) for n in range(count, 0, -1)]
    return tuple(Week(first, first + timedelta(days=6)) for first in firsts)


def expected_on(due: date, delay: int, *, today: date) -> date | None:
    """The day on which a debt is expected to be paid; None where it is not expected any more.

    The same rule as SQL stands in `queries/expected.py`; a test compares the two.
    """
    if (today - due).days > max(delay, 0) + GIVEN_UP:
        return None
    by_habit = due + timedelta(days=delay)
    return by_habit if by_habit >= today else today + timedelta(days=max(delay, SOONEST))
