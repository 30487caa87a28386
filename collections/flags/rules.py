"""When a delay is flagged and how severe it is: no database, no clock. A delay counts from at least so many days.

The tables here are the only place that says so; `queries/causes.py` asks the database by them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of flag: which open items it is about, the day from which their delay counts, and how long it may be."""

    # "debt", "shipment", or "invoice": all that is open of one tax document.
    about: str
    since: str
    # From how many days on; finance may change it in the browser.
    days: int
    least_days: int = 0
    # Steps of the invoice's way that end the delay.
    until: tuple[str, ...] = ()
    # Whether the tax is at stake too: the customer cannot deduct what it has not received.
    with_tax: bool = False


RULES = {
    # A debt is past due the day after its due date.
    "overdue": Rule("debt", since="due_date", days=1, least_days=1),
    "not_invoiced": Rule("shipment", since="date", days=15),
    "not_sent": Rule("invoice", since="date", days=3, until=("sent_on", "received_on", "booked_on"), with_tax=True),
    "not_received": Rule("invoice", since="sent_on", days=10, until=("received_on", "booked_on"), with_tax=True),
    "not_booked": Rule("invoice", since="received_on", days=15, until=("booked_on",)),
}
DEFAULT_DAYS = {kind: rule.days for kind, rule in RULES.items()}


@dataclass(frozen=True, slots=True)
class Limit:
    """A delay of so many days, or so much money at stake, is at least this severe."""

    days: int
    amount: Decimal


LEAST_SEVERITY = 1
DEFAULT_LIMITS = {2: Limit(30, Decimal("100000.00")), 3: Limit(90, Decimal("500000.00"))}


@dataclass(frozen=True, slots=True)
class Level:
    """A level of severity on a day: a delay since `latest_start` or longer reaches it, and so does `amount`."""

    severity: int
    latest_start: date
    amount: Decimal


def levels(as_of: date, limits: Mapping[int, Limit]) -> list[Level]:
    """The levels above the least, the highest first: the first that is reached counts."""
    return [
        Level(severity, latest_start(as_of, limit.days), limit.amount)
        for severity, limit in sorted(limits.items(), reverse=True)
    ]


def latest_start(as_of: date, days: int) -> date:
    """The latest day from which a delay may count and be at least `days` old on `as_of`."""
    return as_of - timedelta(days=days)
