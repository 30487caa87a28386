"""Which open debts an amount pays to the cent: what a customer means who names nothing but pays just that."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from ledger.models import Entry
from ledger.money import ZERO

MOST = 4


@dataclass(frozen=True, slots=True)
class Match:
    """Debts that add up to the amount: a single one, or all those of a month, or all there are."""

    debts: tuple[Entry, ...]
    # The first day of the month whose debts these are; None for a single one, and for all.
    month: date | None = None

    @property
    def is_all(self) -> bool:
        return len(self.debts) > 1 and self.month is None

    @property
    def value(self) -> str:
        """The debts as a form sends them."""
        return ",".join(str(debt.pk) for debt in self.debts)


def matches(debts: Sequence[Entry], amount: Decimal) -> list[Match]:
    """What `amount` pays exactly of the open `debts`: single ones first, the longest due first; then whole months."""
    if amount <= 0:
        return []
    found = [Match((debt,)) for debt in debts if debt.open_amount == amount]
    of_months = groupby(sorted(debts, key=_month), key=_month)
    for month, together in of_months:
        if len(parts := tuple(together)) > 1 and _total(parts) == amount and len(parts) < len(debts):
            found.append(Match(parts, month))
    if len(debts) > 1 and _total(debts) == amount:
        found.append(Match(tuple(debts)))
    return found[:MOST]


def _month(debt: Entry) -> date:
    return debt.date.replace(day=1)


def _total(debts: Sequence[Entry]) -> Decimal:
    return sum((debt.open_amount for debt in debts), ZERO)
