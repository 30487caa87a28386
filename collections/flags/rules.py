"""When a delay is flagged and how severe it is: no database, no clock. A delay counts from at least so many days."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

# From how many days on; finance may change each in the browser. A debt is past due the day after its due date.
DEFAULT_DAYS = {"overdue": 1, "not_invoiced": 15, "not_sent": 3, "not_received": 10, "not_booked": 15}
LEAST_DAYS = {"overdue": 1, "not_invoiced": 0, "not_sent": 0, "not_received": 0, "not_booked": 0}


@dataclass(frozen=True, slots=True)
class Limit:
    """A delay of so many days, or so much money at stake, is at least this severe."""

    days: int
    amount: Decimal


DEFAULT_LIMITS = {2: Limit(30, Decimal("100000.00")), 3: Limit(90, Decimal("500000.00"))}


def latest_start(as_of: date, days: int) -> date:
    """The latest day from which a delay may count and be at least `days` old on `as_of`."""
    return as_of - timedelta(days=days)


def severity(days: int, amount: Decimal, limits: dict[int, Limit]) -> int:
    """1 (low), or the highest level of `limits` that the delay or the money at stake reaches."""
    reached = [level for level, limit in limits.items() if days >= limit.days or amount >= limit.amount]
    return max(reached, default=1)
