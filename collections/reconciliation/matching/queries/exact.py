"""What accepting all exact lines would do: asked before it is done."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import QuerySet

from customers.models import home_first
from ledger.models import PeriodClose
from ledger.money import ZERO
from reconciliation.bank.models import BankLine
from reconciliation.matching.keeping import kept

# More are asked for a second time.
MOST = 10_000


@dataclass(slots=True)
class Exact:
    """The lines, what they come to by currency, money in and out apart, and what becomes of how many payments."""

    keys: list[int] = field(default_factory=list)
    received: dict[str, Decimal] = field(default_factory=dict)
    paid: dict[str, Decimal] = field(default_factory=dict)
    posted: int = 0
    recorded: int = 0
    corrected: int = 0
    # Of closed months: their payments are dated on the first open day.
    moved: int = 0
    open_day: date | None = None

    @property
    def sums(self) -> Sequence[tuple[bool, str, Decimal]]:
        """Whether it came in, the currency and the sum."""
        both = ((True, self.received), (False, self.paid))
        return [(came, one, some[one]) for came, some in both for one in sorted(some, key=home_first)]


def exact_ones(lines: QuerySet[BankLine]) -> Exact:
    """Of these lines the exact ones, as they were weighed."""
    closed = PeriodClose.objects.closed_until()
    found = Exact(open_day=closed and closed + timedelta(days=1))
    rows = lines.order_by("pk").filter(weighed__is_exact=True).select_related("weighed")
    for line in rows[:MOST]:
        one = kept(line.weighed)[0]
        found.keys.append(line.pk)
        sums = found.received if line.is_received else found.paid
        sums[line.currency] = sums.get(line.currency, ZERO) + abs(line.open_amount)
        setattr(found, one.makes, getattr(found, one.makes) + (len(one.parts) if one.is_money else 1))
        found.moved += one.makes == "posted" and closed is not None and line.date <= closed
    return found
