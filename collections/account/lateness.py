"""How late a customer pays: the weighted average days late of credit reports, a large invoice counting for more.

    sum(amount * days late) / sum(amount)

over the money that settled invoices, each sum by its own day: a small rest that is paid a year later weighs little.
What comes by the due date is zero days late, since being early with one does not make up for being late with another:
a customer is judged by it. When money comes, early or late, is another question (`trends/queries/habits.py`).
Worked: 1,000.00 paid 10 days late and 3,000.00 paid in time: 10,000 / 4,000 = 2.5 days.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Paid:
    """What of an invoice was paid on a day."""

    amount: Decimal
    due: date
    paid: date

    @property
    def days_late(self) -> int:
        return max(0, (self.paid - self.due).days)


@dataclass(frozen=True, slots=True)
class Lateness:
    days: Decimal
    # Over so many settlements.
    of: int


def lateness(paid: Iterable[Paid]) -> Lateness | None:
    """To a tenth of a day; None where nothing was paid."""
    known = list(paid)
    total = sum((one.amount for one in known), Decimal(0))
    if not total:
        return None
    weighted = sum((one.amount * one.days_late for one in known), Decimal(0))
    return Lateness((weighted / total).quantize(TENTH, ROUND_HALF_UP), len(known))
