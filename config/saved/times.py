"""When a schedule is due next. Pure but for the zone of the moment that it is given."""

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

LAST_DAY = 31
# A day that matches comes within so many: the 31st, or the last day, comes every month.
_FARTHEST = 62


@dataclass(frozen=True, slots=True)
class Rule:
    """`every` is a value of Schedule.Every; Monday is weekday 0, and day 31 is the last of any month."""

    every: str
    weekday: int
    day: int
    hour: int

    def falls_on(self, on: date) -> bool:
        last = calendar.monthrange(on.year, on.month)[1]
        matches: dict[str, Callable[[], bool]] = {
            "day": lambda: True,
            "workday": lambda: on.weekday() < 5,
            "week": lambda: on.weekday() == self.weekday,
            # The 30th falls on the last day of February.
            "month": lambda: on.day == min(self.day, last),
        }
        return matches[self.every]()


def next_run(rule: Rule, *, after: datetime) -> datetime:
    """The first moment after `after`, which stands in the firm's zone, on which the rule falls.

    In the hour that a change of the clock leaves out, the moment is the same one read with the clock of before.
    """
    for ahead in range(_FARTHEST):
        on = after.date() + timedelta(days=ahead)
        moment = datetime.combine(on, time(rule.hour), tzinfo=after.tzinfo)
        if rule.falls_on(on) and moment > after:
            return moment
    raise ValueError(f"{rule} never falls")
