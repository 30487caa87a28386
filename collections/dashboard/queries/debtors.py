"""Who owes the most, and whose overdue debt has grown the most: aging today against aging a month ago."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from aging.queries import reports
from aging.question import Question
from customers.models import User
from ledger.money import ZERO

MOST = 10


@dataclass(frozen=True, slots=True)
class Debtor:
    customer: int
    code: str
    name: str
    balance: Decimal
    overdue: Decimal
    overdue_before: Decimal

    @property
    def moved(self) -> Decimal:
        return self.overdue - self.overdue_before


@dataclass(frozen=True, slots=True)
class Debtors:
    """`before` is the day with which the movement is compared."""

    before: date
    biggest: list[Debtor]
    worst_moving: list[Debtor]


def a_month_before(day: date) -> date:
    """The same day of the month before, or its last."""
    year, month = (day.year, day.month - 1) if day.month > 1 else (day.year - 1, 12)
    for last in range(day.day, 27, -1):
        try:
            return date(year, month, last)
        except ValueError:
            continue
    return date(year, month, day.day)


def debtors(user: User, *, currency: str, on: date) -> Debtors:
    before = a_month_before(on)
    now, then = (
        {row.group: row for report in reports(Question(as_of=day, currency=currency), user=user) for row in report}
        for day in (on, before)
    )
    found = []
    for customer, row in now.items():
        earlier = then.get(customer)
        was = earlier.amounts.overdue if earlier else ZERO
        found.append(Debtor(int(str(customer)), row.key, row.name, row.amounts.balance, row.amounts.overdue, was))
    biggest = sorted((one for one in found if one.balance > 0), key=lambda one: (-one.balance, one.code))
    moving = sorted((one for one in found if one.moved > 0), key=lambda one: (-one.moved, one.code))
    return Debtors(before, biggest[:MOST], moving[:MOST])
