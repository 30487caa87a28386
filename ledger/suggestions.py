"""Which debts an open credit is meant for: what speaks for it, and whether nothing else could be meant.

Pure: debts and credits of one customer in, suggestions out. Nothing here grows faster than the number of credits
times that of debts: sums of two debts are laid out once for the customer, among the first MOST_IN_SETS debts only.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date as Date
from decimal import Decimal
from enum import Enum
from functools import cached_property
from itertools import accumulate

from ledger.named_numbers import NamedNumbers

ZERO = Decimal("0.00")
# Sets of two and three debts are looked for among so many, the first in the firm's order.
MOST_IN_SETS = 60
# Among more sets than these one that adds up may do so by chance, and counts as likely, not as exact.
SURE_AMONG = 2_000
# Of many suggestions that are alike the first few say enough.
MOST_ALIKE = 5


class Reason(Enum):
    """What speaks for a suggestion, the strongest first, with its score."""

    NAMED = "named", 100
    ONE = "one", 95
    BALANCE = "balance", 92
    OVERDUE = "overdue", 90
    MONTH = "month", 88
    SET = "set", 80
    NAMED_PART = "named_part", 75
    NAMED_AND_LEFT = "named_and_left", 70
    SAME_AMOUNT = "same_amount", 60
    ONLY = "only", 50
    OLDEST = "oldest", 30

    def __init__(self, key: str, score: int) -> None:
        self.key = key
        self.score = score


# Reasons by which the amount is that of the debts to the cent.
TO_THE_CENT = {Reason.NAMED, Reason.ONE, Reason.BALANCE, Reason.OVERDUE, Reason.MONTH, Reason.SET}
_DOUBT = 20


@dataclass(frozen=True, slots=True)
class Debt:
    key: int
    number: str
    date: Date
    due_date: Date
    open: Decimal
    is_goods: bool = False


@dataclass(frozen=True, slots=True)
class Credit:
    """`open` is positive; `words` is all that its memo and bank reference say."""

    key: int
    date: Date
    open: Decimal
    words: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    credit: int
    # Which debt is settled by how much, in the firm's order.
    parts: tuple[tuple[int, Decimal], ...]
    reasons: tuple[Reason, ...]
    score: int
    # Nothing else could be meant: may be accepted without a look.
    is_exact: bool
    # Other debts would add up as well, or another credit fits the same ones.
    is_doubtful: bool = False

    @property
    def amount(self) -> Decimal:
        return sum((amount for _debt, amount in self.parts), ZERO)


def suggest(unapplied: Sequence[Credit], debts: Sequence[Debt]) -> dict[int, list[Suggestion]]:
    """Suggestions for each of the customer's open credits, the best first. `debts` come in the firm's order.

    No suggestion takes more than is open on either side, and no two exact ones touch the same debt.
    """
    owed = OpenDebts(debts)
    found = {credit.key: owed.suggestions(credit) for credit in unapplied if credit.open > 0}
    return without_rivals(found)


def without_rivals(found: dict[int, list[Suggestion]]) -> dict[int, list[Suggestion]]:
    """Where two credits are exact for one debt, neither is."""
    claims: dict[int, int] = defaultdict(int)
    for suggestions in found.values():
        for debt, _amount in suggestions[0].parts if suggestions and suggestions[0].is_exact else ():
            claims[debt] += 1
    for suggestions in found.values():
        if (
            suggestions
            and suggestions[0].is_exact
            and any(claims[debt] > 1 for debt, _amount in suggestions[0].parts)
        ):
            suggestions[0] = doubted(suggestions[0])
    return found


def doubted(suggestion: Suggestion) -> Suggestion:
    return replace(suggestion, is_exact=False, is_doubtful=True, score=suggestion.score - _DOUBT)


class OpenDebts:
    """One customer's open debts, with what is asked of them again and again."""

    def __init__(self, debts: Sequence[Debt]) -> None:
        self.debts = [debt for debt in debts if debt.open > 0]
        self.place = {debt.key: place for place, debt in enumerate(self.debts)}
        # Amounts are compared in cents: to look up a Decimal costs five times as much.
        self.cents = [_cents(debt.open) for debt in self.debts]
        self.by_amount: dict[int, list[Debt]] = defaultdict(list)
        self.by_month: dict[tuple[int, int], list[Debt]] = defaultdict(list)
        self.numbers = NamedNumbers((debt.number, debt) for debt in self.debts)
        months: dict[tuple[int, int], int] = defaultdict(int)
        for debt, cents in zip(self.debts, self.cents, strict=True):
            self.by_amount[cents].append(debt)
            months[debt.date.year, debt.date.month] += cents
            self.by_month[debt.date.year, debt.date.month].append(debt)
        self.total = sum(self.cents)
        self.months_of: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for month, total in months.items():
            self.months_of[total].append(month)
        # What is due up to a day, so that what is overdue then need not be added up for each credit.
        due = sorted(
            (debt.due_date, cents) for debt, cents in zip(self.debts, self.cents, strict=True) if not debt.is_goods
        )
        self.due_dates = [day for day, _cents_due in due]
        self.due_sums = [0, *accumulate(cents for _day, cents in due)]

    def suggestions(self, credit: Credit) -> list[Suggestion]:
        if not self.debts:
            return []
        named = self.named_in(credit.words)
        found = self._by_amount(credit)
        if named:
            found = self._by_name(credit, named, found)
        oldest = self._oldest(credit)
        if not any(one.parts == oldest.parts for one in found):
            found.append(oldest)
        return sorted(found, key=lambda one: (-one.is_exact, -one.score, [self.place[key] for key, _ in one.parts]))

    def named_in(self, words: str) -> list[Debt]:
        """The debts whose numbers the words name, whole or by their last digits where only one ends like that."""
        found = {debt.key: debt for debt in self.numbers.named_in(words)}
        return sorted(found.values(), key=lambda debt: self.place[debt.key])

    def _by_name(self, credit: Credit, named: list[Debt], others: list[Suggestion]) -> list[Suggestion]:
        total = sum((debt.open for debt in named), ZERO)
        parts = _settled(named, credit.open)
        if total == credit.open:
            same = [reason for one in others if one.parts == parts for reason in one.reasons]
            reason = (Reason.NAMED, *same)
        else:
            reason = (Reason.NAMED_PART if total > credit.open else Reason.NAMED_AND_LEFT,)
        best = Suggestion(credit.key, parts, reason, reason[0].score, is_exact=total == credit.open)
        # What is named comes before what merely adds up.
        return [best, *(doubted(one) for one in others if one.parts != parts)]

    def _by_amount(self, credit: Credit) -> list[Suggestion]:
        """Sets of debts that add up to the credit to the cent: one suggestion for each set."""
        sets: dict[frozenset[int], list[Reason]] = defaultdict(list)
        some: dict[frozenset[int], list[Debt]] = {}
        is_by_chance = False

        def add(debts: Iterable[Debt], reason: Reason) -> None:
            chosen = list(debts)
            keys = frozenset(debt.key for debt in chosen)
            some[keys] = chosen
            sets[keys].append(reason)

        cents = _cents(credit.open)
        same = self.by_amount.get(cents, [])
        for debt in same[:MOST_ALIKE]:
            add([debt], Reason.ONE if len(same) == 1 else Reason.SAME_AMOUNT)
        if self.total == cents:
            add(self.debts, Reason.BALANCE)
        if self.due_sums[bisect_left(self.due_dates, credit.date)] == cents:
            add((d for d in self.debts if d.due_date < credit.date and not d.is_goods), Reason.OVERDUE)
        for month in self.months_of.get(cents, ()):
            if len(self.by_month[month]) > 1:
                add(self.by_month[month], Reason.MONTH)
        small = self.sets_of(cents)
        for debts in small:
            add(debts, Reason.SET)
            is_by_chance = is_by_chance or self.many_sets
        is_alone = len(sets) == 1
        found = []
        for keys, reasons in sets.items():
            reasons.sort(key=lambda reason: -reason.score)
            by_chance = is_by_chance and reasons == [Reason.SET]
            exact = is_alone and reasons[0] in TO_THE_CENT and not by_chance
            one = Suggestion(
                credit.key,
                _settled(sorted(some[keys], key=lambda debt: self.place[debt.key]), credit.open),
                tuple(dict.fromkeys(reasons)),
                reasons[0].score,
                is_exact=exact,
            )
            found.append(one if exact else doubted(one))
        return sorted(found, key=lambda one: (-one.score, [self.place[key] for key, _ in one.parts]))[:MOST_ALIKE]

    @cached_property
    def few(self) -> list[Debt]:
        return self.debts[:MOST_IN_SETS]

    @cached_property
    def many_sets(self) -> bool:
        n = len(self.debts)
        return n * (n - 1) // 2 + n * (n - 1) * (n - 2) // 6 > SURE_AMONG

    @cached_property
    def pairs(self) -> dict[int, list[tuple[int, int]]]:
        """The sums of two debts, by their places."""
        sums: dict[int, list[tuple[int, int]]] = {}
        cents = self.cents[:MOST_IN_SETS]
        for i, one in enumerate(cents):
            for j in range(i + 1, len(cents)):
                sums.setdefault(one + cents[j], []).append((i, j))
        return sums

    def sets_of(self, amount: int) -> list[list[Debt]]:
        """Sets of two or three debts that add up to the amount: at most two, for more than one is too many."""
        found: list[list[Debt]] = [[self.few[i], self.few[j]] for i, j in self.pairs.get(amount, [])[:2]]
        if len(found) > 1:
            return found
        pairs = self.pairs
        for k, third in enumerate(self.few):
            for i, j in pairs.get(amount - self.cents[k], ()):
                if j < k:
                    found.append([self.few[i], self.few[j], third])
                    if len(found) > 1:
                        return found
        return found

    def _oldest(self, credit: Credit) -> Suggestion:
        """What the firm's order gives: never exact, for nobody said so."""
        reason = Reason.ONLY if len(self.debts) == 1 else Reason.OLDEST
        parts = _settled(self.debts, credit.open)
        return Suggestion(credit.key, parts, (reason,), reason.score, is_exact=False)


def _settled(debts: Iterable[Debt], amount: Decimal) -> tuple[tuple[int, Decimal], ...]:
    """The debts in turn, each as far as the amount reaches."""
    parts = []
    for debt in debts:
        if amount <= 0:
            break
        part = min(amount, debt.open)
        parts.append((debt.key, part))
        amount -= part
    return tuple(parts)


def _cents(amount: Decimal) -> int:
    return int(amount.scaleb(2))
