"""One customer's items against the lines that may be theirs: which amounts agree."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date as Date
from decimal import Decimal

from ledger.suggestions import TO_THE_CENT, Credit, Debt, OpenDebts
from ledger.suggestions import Reason as Amounts
from ledger.suggestions import Suggestion as Settling
from reconciliation.matching.weighing.facts import OF_AMOUNTS, Item, Limits, Line, Reason, Suggestion

# Days between what was recorded and what the bank says: surely one, perhaps one, never one.
NEAR, FAR = 10, 45
# What adds up to so round an amount may do so by chance.
ROUND = 10_000
# How much a doubt takes off.
DOUBT = 15
# Reasons of which chance is a part.
_SUMS = {Amounts.SET, Amounts.MONTH, Amounts.OVERDUE}
_WHOLE = {Amounts.NAMED, *_SUMS, Amounts.ONE, Amounts.BALANCE}


class Account:
    """What one customer has recorded as paid, or owes."""

    def __init__(self, items: Sequence[Item], *, is_money: bool, limits: Limits) -> None:
        self.items = {item.key: item for item in items}
        self.is_money = is_money
        self._limits = limits
        self._open = OpenDebts([_as_debt(item) for item in items])
        self._by_open = sorted(self._open.debts, key=lambda debt: debt.open)
        self._amounts = [debt.open for debt in self._by_open]

    def suggestions(self, line: Line, customer: int, who: Sequence[Reason]) -> list[Suggestion]:
        """For one line, the best first; nothing that is too far away in time."""
        found = [
            self._judged(line, customer, who, one)
            for one in self._open.suggestions(Credit(line.key, line.date, line.open, line.words))
            if self._is_meant(one, line)
        ]
        if not any(one.is_exact or Reason.NAMED in one.reasons for one in found):
            found += self._short(line, customer, who)
        return found

    def _is_meant(self, settling: Settling, line: Line) -> bool:
        """Money that was recorded is the line's or not at all; debts may be paid in part."""
        if not self.is_money:
            return True
        return settling.reasons[0].key in _KEYS_OF_SUMS and self._days(settling.parts, line.date) <= FAR

    def _days(self, parts: Iterable[tuple[int, Decimal]], on: Date) -> int:
        return max((abs((self.items[key].due_date - on).days) for key, _amount in parts), default=0)

    def _judged(self, line: Line, customer: int, who: Sequence[Reason], settling: Settling) -> Suggestion:
        by_chance = _by_chance(settling, line)
        reasons = [*who[:2], *(OF_AMOUNTS[reason] for reason in settling.reasons)]
        days = self._days(settling.parts, line.date) if self.is_money else NEAR
        reasons += self._extra(settling, line, days)
        exact = settling.is_exact and not by_chance and days <= NEAR
        doubtful = settling.is_doubtful or (settling.is_exact and not exact)
        return Suggestion(
            line=line.key,
            customer=customer,
            parts=settling.parts,
            is_money=self.is_money,
            reasons=tuple(dict.fromkeys(reasons)),
            score=score_of(reasons, is_doubtful=doubtful),
            is_exact=exact,
            is_doubtful=doubtful,
        )

    def _extra(self, settling: Settling, line: Line, days: int) -> list[Reason]:
        said = line.words.casefold()
        references = (self.items[key].reference.strip().casefold() for key, _amount in settling.parts)
        found = [Reason.SAME_DAY] if self.is_money and days <= 3 else []
        return [*found, Reason.REFERENCE] if any(len(one) >= 6 and one in said for one in references) else found

    def _short(self, line: Line, customer: int, who: Sequence[Reason]) -> list[Suggestion]:
        """Items that are worth a little more than the line: the bank kept a fee, or nobody asks for the change."""
        if not (most := self._limits.most) or line.open <= most:
            return []
        named = self._open.named_in(line.words)
        wanted = [[debt] for debt in self._between(line.open, line.open + most)]
        if len(named) > 1:
            wanted.append(named)
        if len(self._open.debts) > 1 and not self.is_money:
            wanted.append(self._open.debts)
        found = []
        for debts in wanted:
            parts = tuple((debt.key, debt.open) for debt in debts)
            short = sum((debt.open for debt in debts), Decimal(0)) - line.open
            if 0 < short <= most and not (self.is_money and self._days(parts, line.date) > FAR):
                reasons = [*who[:2], Reason.FEE]
                is_named = bool(named) and {debt.key for debt in named} == {debt.key for debt in debts}
                if is_named:
                    reasons.insert(0, Reason.NUMBER) if Reason.NUMBER not in reasons else None
                one = Suggestion(
                    line=line.key,
                    customer=customer,
                    parts=parts,
                    is_money=self.is_money,
                    reasons=tuple(reasons),
                    score=score_of(reasons),
                    is_exact=is_named,
                    short=short,
                )
                found.append(one)
        return found[:3] if len(found) == 1 else [doubted(one) for one in found[:3]]

    def _between(self, more_than: Decimal, most: Decimal) -> list[Debt]:
        start = bisect_left(self._amounts, more_than)
        return [debt for debt in self._by_open[start : start + 4] if more_than < debt.open <= most]


_KEYS_OF_SUMS = {reason.key for reason in (*_WHOLE, Amounts.SAME_AMOUNT)}


def splits(items: Iterable[Item], lines: Sequence[Line]) -> list[tuple[Item, list[Line]]]:
    """Items that several of the customer's lines pay together, none of the lines twice: the only set that adds up.

    The lines take the place of debts: what adds up to a payment is found as what a payment adds up to.
    """
    if len(lines) < 2:
        return []
    by_key = {line.key: line for line in lines}
    of_lines = OpenDebts([Debt(line.key, "", line.date, line.date, line.open) for line in lines])
    used: set[int] = set()
    found = []
    for item in items:
        for one in of_lines.suggestions(Credit(item.key, item.date, item.open)):
            parts = [by_key[key] for key, _amount in one.parts]
            if len(parts) < 2 or one.reasons[0] not in TO_THE_CENT or not one.is_exact:
                continue
            days = [line.date for line in parts]
            if item.is_money and max(abs((day - item.due_date).days) for day in days) > NEAR:
                continue
            if (max(days) - min(days)).days <= NEAR and not used & set(by_key.keys() & {p.key for p in parts}):
                used |= {line.key for line in parts}
                found.append((item, parts))
    return found


def split(item: Item, line: Line, together: Sequence[Line], who: Sequence[Reason]) -> Suggestion:
    reasons = [*who[:2], Reason.SPLIT]
    return Suggestion(
        line=line.key,
        customer=item.customer,
        parts=((item.key, line.open),),
        is_money=item.is_money,
        reasons=tuple(reasons),
        score=score_of(reasons),
        is_exact=item.is_money and not _is_round(item.open),
        others=tuple(other.key for other in together if other.key != line.key),
    )


def score_of(reasons: Sequence[Reason], *, is_doubtful: bool = False) -> int:
    """The strongest reason of who, of what, and what adds to it; two of a sort say a little more than one."""
    who = [reason.score for reason in reasons if reason in _WHO]
    when = [reason.score for reason in reasons if reason in _WHEN]
    what = [reason.score for reason in reasons if reason not in _WHO and reason not in _WHEN]
    score = max(who, default=0) + max(what, default=0) + sum(when) + (3 if len(who) > 1 else 0)
    return max(1, min(100, score - (DOUBT if is_doubtful else 0)))


def doubted(one: Suggestion) -> Suggestion:
    """Something else would fit as well."""
    if one.is_doubtful:
        return replace(one, is_exact=False)
    return replace(one, is_exact=False, is_doubtful=True, score=max(1, one.score - DOUBT))


_WHO = {Reason.ACCOUNT, Reason.NAME, Reason.ALIAS, Reason.NUMBER, Reason.SAID, Reason.SIMILAR, Reason.UNKNOWN}
_WHEN = {Reason.SAME_DAY, Reason.REFERENCE}


def _by_chance(settling: Settling, line: Line) -> bool:
    reasons = set(settling.reasons)
    return reasons <= _SUMS and _is_round(line.open)


def _is_round(amount: Decimal) -> bool:
    return int(amount.scaleb(2)) % ROUND == 0


def _as_debt(item: Item) -> Debt:
    return Debt(item.key, item.number, item.date, item.due_date, item.open, item.is_goods)
