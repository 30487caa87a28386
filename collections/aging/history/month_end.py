"""What was owed at the end of a month, and which days are month ends."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from ledger.money import ZERO


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """What customers owed at the end of a day, in one currency; the last one of a series is today."""

    day: date
    # Shipped, no invoice yet.
    unbilled: Decimal
    # As `aging.buckets` has them for days past due: the first is not due yet.
    buckets: tuple[Decimal, ...]
    # Zero or negative.
    unapplied: Decimal
    # Debts that sales made in the month up to the day: shipments and invoices less returns and credit notes.
    sales: Decimal
    # Payments less refunds in the month up to the day.
    received: Decimal
    # Today, in the middle of a month.
    is_current: bool = False
    # The same as `sales`, of the ninety days up to the day.
    sales_90: Decimal = ZERO
    # Something was recorded late that is not in it yet.
    is_stale: bool = False

    @property
    def receivable(self) -> Decimal:
        """Open invoices and other debts, unbilled shipments left aside."""
        return sum(self.buckets, ZERO)

    @property
    def not_due(self) -> Decimal:
        return self.buckets[0]

    @property
    def overdue(self) -> Decimal:
        return sum(self.buckets[1:], ZERO)

    @property
    def balance(self) -> Decimal:
        return self.unbilled + self.receivable + self.unapplied


def month_ends_before(day: date, count: int) -> list[date]:
    """The last days of the `count` months before that of `day`, the earliest first."""
    ends = []
    for _n in range(count):
        day = day.replace(day=1) - timedelta(days=1)
        ends.append(day)
    return ends[::-1]
