"""All lines at once: money that was recorded, then open debts; and what two would fit is in doubt."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from reconciliation.matching.weighing.account import FAR, Account, doubted, split, splits
from reconciliation.matching.weighing.facts import (
    MOST_SHOWN,
    Customers,
    Item,
    Limits,
    Line,
    Reason,
    Suggestion,
)
from reconciliation.matching.weighing.payers import MOST_WEIGHED, Payers, Who, sure

Found = dict[int, list[Suggestion]]
# Of an amount that more customers owe nothing is said by itself.
MOST_OF_AN_AMOUNT = 5


def weigh(
    lines: Sequence[Line],
    items: Sequence[Item],
    customers: Customers,
    limits: Limits,
    told: Callable[[int, int], None] = lambda done, all_of_it: None,
) -> Found:
    """Suggestions for each line, the best first. Lines and items are of one currency, and of one direction.

    No two exact ones use the same item, and none that anything else would fit is exact.
    """
    payers = Payers(customers, items)
    who = {line.key: payers.of(line) for line in lines}
    money = [item for item in items if item.is_money]
    recorded = _Stage(lines, money, who, limits, is_money=True)
    found = recorded.weighed(told=lambda done, most: told(done, 2 * most))
    settled = {key for some in found.values() if some and some[0].is_exact for key in some[0].keys}
    left = [line for line in lines if not (found[line.key] and found[line.key][0].is_exact)]
    owed = _Stage(left, [item for item in items if not item.is_money], who, limits, is_money=False)
    waiting = _customers_with_money(item for item in money if item.key not in settled)
    for key, more in owed.weighed(told=lambda done, most: told(most + done, 2 * most)).items():
        line = owed.lines[key]
        found[key] += [
            doubted(one) if one.is_exact and _awaits(waiting.get(one.customer, ()), line) else one for one in more
        ]
    return {key: _ranked(some) for key, some in found.items()}


def _customers_with_money(items: Iterable[Item]) -> dict[int, list[Item]]:
    found: dict[int, list[Item]] = defaultdict(list)
    for item in items:
        found[item.customer].append(item)
    return found


def _awaits(recorded: Iterable[Item], line: Line) -> bool:
    """Whether the customer's money was recorded and has not come: the line may be that, and is not posted anew."""
    return any(abs((item.due_date - line.date).days) <= FAR for item in recorded)


def _ranked(some: list[Suggestion]) -> list[Suggestion]:
    """The best first, each set of items once. Where two customers are exact, neither is."""
    best: dict[tuple[int, frozenset[int]], Suggestion] = {}
    for one in sorted(some, key=lambda one: (-one.is_exact, -one.score, one.customer)):
        best.setdefault((one.customer, one.keys), one)
    ranked = list(best.values())
    if sum(one.is_exact for one in ranked) > 1:
        ranked = [doubted(one) if one.is_exact else one for one in ranked]
    return sorted(ranked, key=lambda one: (-one.is_exact, -one.score, one.customer))[:MOST_SHOWN]


class _Stage:
    """The lines against items of one sort."""

    def __init__(
        self, lines: Sequence[Line], items: Sequence[Item], who: dict[int, Who], limits: Limits, *, is_money: bool
    ) -> None:
        self.lines = {line.key: line for line in lines}
        self._who = who
        self._sure = {line.key: sure(who[line.key]) for line in lines}
        of_customer: dict[int, list[Item]] = defaultdict(list)
        for item in items:
            of_customer[item.customer].append(item)
        self._items = dict(of_customer)
        self._facts: dict[str, Any] = {"is_money": is_money, "limits": limits}
        # Laid out once a line leads there: most customers have paid nothing these days.
        self._laid_out: dict[int, Account] = {}
        self._whose = _whose_amounts(of_customer)

    def _account(self, customer: int) -> Account:
        if customer not in self._laid_out:
            self._laid_out[customer] = Account(self._items[customer], **self._facts)
        return self._laid_out[customer]

    def weighed(self, told: Callable[[int, int], None]) -> Found:
        found: Found = {}
        for done, line in enumerate(self.lines.values()):
            if not done % 500:
                told(done, len(self.lines))
            found[line.key] = self._of(line)
        self._add_splits(found)
        _without_rivals(found)
        return found

    def _of(self, line: Line) -> list[Suggestion]:
        who = self._who[line.key]
        certain = self._sure[line.key]
        found: list[Suggestion] = []
        for customer, reasons in who.items():
            if customer in self._items:
                some = self._account(customer).suggestions(line, customer, reasons)
                # Several may have paid, or somebody who is merely called nearly so: not without a look.
                found += some if customer == certain else [doubted(one) if one.is_exact else one for one in some]
        if certain is None:
            found += self._by_amount_alone(line, who)
        return sorted(found, key=lambda one: (-one.is_exact, -one.score))

    def _by_amount_alone(self, line: Line, who: Who) -> list[Suggestion]:
        """Of a payer whom nobody knows: whose amount it is, where few have it."""
        whose = [customer for customer in self._whose.get(line.open, ()) if customer not in who]
        if not whose or len(whose) > MOST_OF_AN_AMOUNT:
            return []
        found = []
        for customer in whose[:MOST_WEIGHED]:
            some = self._account(customer).suggestions(line, customer, (Reason.UNKNOWN,))
            # That somebody unknown pays what is merely the oldest says nothing.
            found += [doubted(one) for one in some if one.score >= Reason.SAME_AMOUNT.score and not one.short]
        return found

    def _add_splits(self, found: Found) -> None:
        """Several lines of one customer that are one payment, of those that nothing else is exactly."""
        together: dict[int, list[Line]] = defaultdict(list)
        taken = {key for some in found.values() if some and some[0].is_exact for key in some[0].keys}
        for key, some in found.items():
            customer = self._sure[key]
            if customer in self._items and not (some and some[0].is_exact):
                together[customer].append(self.lines[key])
        for customer, lines in together.items():
            items = [item for item in self._items[customer] if item.key not in taken]
            for item, parts in splits(items, lines):
                for line in parts:
                    one = split(item, line, parts, self._who[line.key][customer])
                    found[line.key].insert(0, one)


def _whose_amounts(of_customer: dict[int, list[Item]]) -> dict[Decimal, list[int]]:
    """Customers by the amounts of single items, and of all they have."""
    found: dict[Decimal, dict[int, None]] = defaultdict(dict)
    for customer, some in of_customer.items():
        for item in some:
            found[item.open][customer] = None
        found[sum((item.open for item in some), Decimal(0))][customer] = None
    return {amount: list(whose) for amount, whose in found.items()}


def _without_rivals(found: Found) -> None:
    """Where two lines are exact for one item, neither is, unless they are parts of one payment."""
    claims: dict[int, list[Suggestion]] = defaultdict(list)
    for some in found.values():
        for one in some[:1]:
            for key in one.keys if one.is_exact else ():
                claims[key].append(one)
    rivals = {one.line for some in claims.values() if len(some) > 1 and not _are_one(some) for one in some}
    for key in rivals:
        found[key][0] = doubted(found[key][0])


def _are_one(some: Sequence[Suggestion]) -> bool:
    lines = {one.line for one in some}
    return all({one.line, *one.others} == lines for one in some)
