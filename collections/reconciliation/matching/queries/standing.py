"""How far the matching is: the tiles above the list, each of exactly the lines that its list shows."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date as Date
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from config.fields import ExactDecimalField
from customers.models import User, home_first
from ledger.money import ZERO
from reconciliation.bank.models import BankLine

# What is said of receipts of late is of so many days.
DAYS = 62


def fits(returned: Collection[int]) -> dict[str, Q]:
    """Which lines each choice of the filter, each tile and the button for all exact ones are about; the lines of
    `returned` are, or may be, those that the bank took back: none of them is accepted at once.
    """
    stayed = ~Q(pk__in=returned)
    exact, some = Q(weighed__is_exact=True), Q(weighed__is_exact=False, weighed__score__gt=0)
    unknown = (Q(weighed=None) | Q(weighed__score=0)) & Q(release=None)
    return {
        "exact": exact & stayed,
        "some": some,
        "none": unknown & stayed,
        "claim": Q(release__isnull=False),
        "returned": Q(pk__in=returned),
    }


@dataclass(slots=True)
class Total:
    """How many lines, and what they come to in each currency."""

    count: int = 0
    amounts: dict[str, Decimal] = field(default_factory=dict)

    def add(self, count: int, currency: str, amount: Decimal | None) -> None:
        self.count += count
        if count:
            self.amounts[currency] = amount or ZERO


def standing(lines: QuerySet[BankLine], returned: Collection[int]) -> dict[str, Total]:
    """Of the lines, which wait and went one way: all, and by what is known of them."""
    asked: dict[str, Any] = {"n_all": Count("pk"), "sum_all": Sum("open_amount", output_field=ExactDecimalField())}
    for name, fit in fits(returned).items():
        asked[f"n_{name}"] = Count("pk", filter=fit)
        asked[f"sum_{name}"] = Sum("open_amount", filter=fit, output_field=ExactDecimalField())
    found = {name: Total() for name in ("all", *fits(returned))}
    rows: Any = lines.order_by().values("currency").annotate(**asked)
    for row in sorted(rows, key=lambda row: home_first(row["currency"])):
        for name, total in found.items():
            total.add(row[f"n_{name}"], row["currency"], row[f"sum_{name}"])
    return found


@dataclass(frozen=True, slots=True)
class Late:
    """Of all receipts of late, whatever the list is filtered by: how many there are, and how many are dealt with."""

    lines: int
    done: int
    days: int = DAYS


def of_late(user: User, today: Date) -> Late:
    rows = BankLine.objects.visible_to(user).received().filter(date__gt=today - timedelta(days=DAYS))
    counted = rows.aggregate(lines=Count("pk"), done=Count("pk", filter=Q(open_amount=0)))
    return Late(**counted)
