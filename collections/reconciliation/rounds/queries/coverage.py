"""How much of what customers owe they have confirmed themselves lately, and who is missing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date as Date
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import QuerySet

from aging.queries import reports
from aging.question import Question
from customers.models import Customer, User, home_first
from ledger.money import ZERO
from ledger.queries.accounts import customers_with_totals
from reconciliation.rounds.models import Reconciliation, State
from reconciliation.statements.models import Answer

LATELY = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of one currency: what customers owe on balance, and what of it they have confirmed. A customer in credit owes
    nothing; one that confirmed counts whole, with what it owes today.
    """

    currency: str
    owed: Decimal
    confirmed: Decimal
    # How many that owe something have confirmed nothing.
    missing: int

    @property
    def percent(self) -> int | None:
        """Rounded half up, but never 100 where somebody is missing; None where nobody owes anything."""
        if not self.owed:
            return None
        share = int((self.confirmed / self.owed * 100).quantize(Decimal(1), ROUND_HALF_UP))
        return min(share, 99) if self.confirmed < self.owed else share


@dataclass(frozen=True, slots=True)
class Owing:
    customer: int
    currency: str
    balance: Decimal
    is_confirmed: bool


def owing(user: User, *, today: Date) -> list[Owing]:
    """The customers that `user` sees and that owe something today, the most first."""
    confirmed = confirmed_since(today - LATELY)
    found = [
        Owing(row.group, report.currency, row.amounts.balance, row.group in confirmed)
        for report in reports(Question(as_of=today), user=user)
        for row in report
        if isinstance(row.group, int) and row.amounts.balance_cents > 0
    ]
    return sorted(found, key=lambda one: (-one.balance, one.customer))


def confirmed_since(day: Date) -> set[int]:
    """The customers that agreed with a statement since `day`, or answered it and had every difference explained."""
    answers = Answer.objects.filter(verdict=Answer.Verdict.AGREES, at__date__gte=day)
    explained = Reconciliation.objects.filter(
        state=State.EXPLAINED, closed_on__gte=day, statement__answer__isnull=False
    )
    return {*answers.values_list("statement__customer", flat=True), *explained.values_list("customer", flat=True)}


def coverage(user: User, *, today: Date) -> list[Coverage]:
    """For each currency, the home currency first."""
    return covered(owing(user, today=today))


def covered(rows: Iterable[Owing]) -> list[Coverage]:
    sums: dict[str, list[Owing]] = {}
    for row in rows:
        sums.setdefault(row.currency, []).append(row)
    return [
        Coverage(
            currency,
            sum((row.balance for row in sums[currency]), ZERO),
            sum((row.balance for row in sums[currency] if row.is_confirmed), ZERO),
            sum(not row.is_confirmed for row in sums[currency]),
        )
        for currency in sorted(sums, key=home_first)
    ]


def missing_customers(user: User, *, today: Date) -> QuerySet[Customer]:
    """Customers that owe something on balance and have confirmed nothing lately, with their totals as of now."""
    found: Any = customers_with_totals(user, on=today)
    missing: QuerySet[Customer] = found.filter(balance__gt=0).exclude(pk__in=confirmed_since(today - LATELY))
    return missing
