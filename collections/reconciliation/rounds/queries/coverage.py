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
    """Of one currency: what customers owe on balance, and what of it they have confirmed: what they agreed to, at
    most what they owe today. A customer in credit owes nothing.
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
    # What the customer confirmed lately, at most the balance; None where its latest answer confirms nothing.
    confirmed: Decimal | None


def owing(user: User, *, today: Date) -> list[Owing]:
    """The customers that `user` sees and that owe something today, the most first."""
    confirmed = confirmed_since(today - LATELY)
    found = [
        Owing(row.group, report.currency, balance, None if said is None else min(max(said, ZERO), balance))
        for report in reports(Question(as_of=today), user=user)
        for row in report
        if isinstance(row.group, int) and (balance := row.amounts.balance) > 0
        for said in (confirmed.get(row.group),)
    ]
    return sorted(found, key=lambda one: (-one.balance, one.customer))


def confirmed_since(day: Date) -> dict[int, Decimal]:
    """The balance that each customer confirmed by its latest answer since `day`: it agreed, or it did not and every
    difference was explained. Whoever answered otherwise last is left out.
    """
    answers = Answer.objects.filter(at__date__gte=day).order_by("pk")
    latest = {
        customer: (verdict, closing, statement)
        for customer, verdict, closing, statement in answers.values_list(
            "statement__customer", "verdict", "closing", "statement"
        )
    }
    asked = [statement for _verdict, _closing, statement in latest.values()]
    ended = Reconciliation.objects.filter(state=State.EXPLAINED, statement__in=asked)
    explained = set(ended.values_list("statement", flat=True))
    return {
        customer: closing
        for customer, (verdict, closing, statement) in latest.items()
        if verdict == Answer.Verdict.AGREES or statement in explained
    }


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
            sum((row.confirmed or ZERO for row in sums[currency]), ZERO),
            sum(row.confirmed is None for row in sums[currency]),
        )
        for currency in sorted(sums, key=home_first)
    ]


def missing_customers(user: User, *, today: Date) -> QuerySet[Customer]:
    """Customers that owe something on balance and have confirmed nothing lately, with their totals as of now."""
    found: Any = customers_with_totals(user, on=today)
    missing: QuerySet[Customer] = found.filter(balance__gt=0).exclude(pk__in=confirmed_since(today - LATELY))
    return missing
