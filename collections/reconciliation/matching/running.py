"""Weighing the lines that are not matched yet: all of them as a job or by night, a few when they are looked at."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date as Date
from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from ledger.models import Posting
from reconciliation.bank.models import BankAccount, BankLine
from reconciliation.matching.keeping import keep
from reconciliation.matching.models import Weighed
from reconciliation.matching.queries.facts import as_line, customers_of, items_of, known_customers
from reconciliation.matching.queries.taken_back import taken_back
from reconciliation.matching.rules import all_limits
from reconciliation.matching.weighing import Limits, Line, Suggestion, weigh
from reconciliation.matching.weighing.account import doubted
from reconciliation.matching.weighing.asides import said_aside
from reconciliation.matching.weighing.names import plain
from reconciliation.matching.weighing.payers import Payers

Found = dict[int, list[Suggestion]]
_WORD = re.compile(r"[0-9A-Za-z]+(?:[-_/.][0-9A-Za-z]+)*")


@dataclass(frozen=True, slots=True)
class Ran:
    lines: int
    suggested: int
    exact: int


@dataclass(frozen=True, slots=True)
class OwnAccounts:
    numbers: frozenset[str]
    holders: frozenset[str]

    @classmethod
    def read(cls) -> "OwnAccounts":
        rows = list(BankAccount.objects.values_list("number", "holder"))
        return cls(
            frozenset(plain(number) for number, _holder in rows),
            frozenset(plain(holder) for _number, holder in rows if holder),
        )

    def aside(self, line: BankLine) -> str:
        return said_aside(
            payer=line.payer_name,
            account=line.payer_account,
            memo=line.memo,
            is_reversal=line.is_reversal,
            own_accounts=self.numbers,
            holders=self.holders,
        )


def weigh_all(told: Callable[[int, int], None] = lambda done, all_of_it: None) -> Ran:
    """Weighs every line of which something is not matched, against all that is open, and keeps what comes of it."""
    now, seen = timezone.now(), latest_posting()
    own, limits = OwnAccounts.read(), all_limits()
    lines = list(BankLine.objects.unmatched().order_by("pk"))
    found: Found = {line.pk: [] for line in lines}
    returned = taken_back()
    for (currency, received), some in _groups(lines, own, returned.pairs).items():
        items = items_of(currency, received=received, days=_days(some))
        found |= weigh(some, items, known_customers(currency), limits.get(currency, Limits()), told)
    found = _in_doubt(found, returned.doubts)
    with transaction.atomic():
        Weighed.objects.filter(line__open_amount=0).delete()
        keep(found, left=_left(lines), seen=seen, at=now)
    suggested = [some for some in found.values() if some]
    return Ran(len(found), len(suggested), sum(some[0].is_exact for some in suggested))


def weigh_some(keys: Collection[int]) -> Found:
    """Weighs a few lines anew against whom they may concern, beside the other lines that may concern the same.

    What is kept of the others stays: they are there so that two that would fit one item are both in doubt.
    """
    now, seen = timezone.now(), latest_posting()
    own, limits = OwnAccounts.read(), all_limits()
    lines = list(BankLine.objects.unmatched().filter(pk__in=keys).order_by("pk"))
    found: Found = {line.pk: [] for line in lines}
    returned = taken_back(lines)
    for (currency, received), some in _groups(lines, own, returned.pairs).items():
        known = known_customers(currency)
        who = Payers(known, ())
        customers = {customer for line in some for customer in who.of(line)}
        words = {word for line in some for word in _WORD.findall(line.words)}
        customers |= customers_of(words, _both_ways(some), currency)
        before = Weighed.objects.filter(line__in=found).exclude(customer=None)
        customers |= set(before.values_list("customer", flat=True))
        beside = BankLine.objects.unmatched().filter(weighed__customer__in=customers, currency=currency)
        beside = beside.filter(amount__gt=0) if received else beside.filter(amount__lt=0)
        others = list(beside.exclude(pk__in=found)[:500])
        gone = taken_back(others).pairs
        rivals = [as_line(line) for line in others if line.pk not in gone and not own.aside(line)]
        items = items_of(currency, received=received, days=_days(some), customers=customers)
        weighed = weigh([*some, *rivals], items, known, limits.get(currency, Limits()))
        found |= {line.key: weighed[line.key] for line in some}
    found = _in_doubt(found, returned.doubts)
    keep(found, left=_left(lines), seen=seen, at=now)
    return found


def latest_posting() -> int:
    return Posting.objects.aggregate(latest=Max("pk"))["latest"] or 0


def _left(lines: Iterable[BankLine]) -> dict[int, Decimal]:
    return {line.pk: line.open_amount for line in lines}


def _days(lines: Iterable[Line]) -> set[Date]:
    return {line.date for line in lines}


def _both_ways(lines: Iterable[Line]) -> set[Decimal]:
    return {amount for line in lines for amount in (line.open, -line.open)}


def _in_doubt(found: Found, doubts: Collection[int]) -> Found:
    """What a red line may take back, and what is a payment together with that, is not accepted without a look."""
    return {
        key: [doubted(one) if any(line in doubts for line in (key, *one.others)) else one for one in some]
        for key, some in found.items()
    }


def _groups(
    lines: Iterable[BankLine], own: OwnAccounts, returned: Collection[int]
) -> dict[tuple[str, bool], list[Line]]:
    """By currency and direction; without those that are no customer's, as their words or a red line say."""
    groups: dict[tuple[str, bool], list[Line]] = defaultdict(list)
    for line in lines:
        if line.pk not in returned and not own.aside(line):
            groups[line.currency, line.amount > 0].append(as_line(line))
    return groups
