"""Two lists in, a comparison out: every line of both in exactly one place, and a bridge that closes. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import chain

from reconciliation.comparison import classing, pairing, sums
from reconciliation.comparison.bridge import Bridge, Ends, bridge, summed
from reconciliation.comparison.lines import Class, Item, Line, Reason
from reconciliation.comparison.pool import ZERO, Pool


@dataclass(frozen=True, slots=True)
class Balances:
    """As of the first day of their list (before its lines) and its last; `ours_opening` on the same day."""

    theirs_opening: Decimal
    theirs_closing: Decimal
    ours_opening: Decimal


@dataclass(frozen=True, slots=True)
class Decisions:
    """What a person said, by the identity of the item: lines that belong together, pairs that do not, classes."""

    together: Sequence[tuple[tuple[int, ...], tuple[int, ...]]] = ()
    apart: frozenset[str] = frozenset()
    classes: Mapping[str, Class] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Comparison:
    items: tuple[Item, ...]
    bridge: Bridge
    ends: Ends
    # Of ours before their list begins, what stays in the opening balance.
    left_before: tuple[int, ...]


def compare(
    ours: Iterable[Line], theirs: Iterable[Line], balances: Balances, *, on: date, decisions: Decisions | None = None
) -> Comparison:
    """`ours` are the lines of their period, and with `is_prior` some of those before."""
    said = decisions or Decisions()
    ours, theirs = list(ours), list(theirs)
    mine, yours = ({line.key: line for line in side} for side in (ours, theirs))
    # Where the openings agree, what lies before is settled.
    is_settled = balances.ours_opening == balances.theirs_opening
    pool = Pool([line for line in ours if not (line.is_prior and is_settled)], theirs, said.apart)
    for our_keys, their_keys in said.together:
        chosen, meant = _of(mine, our_keys), _of(yours, their_keys)
        # What was reversed since stands in our list no more; the rest of the pair is looked at anew.
        if (len(chosen), len(meant)) == (len(our_keys), len(their_keys)) and pool.has(chosen, meant):
            pool.pair(chosen, meant, Reason.HAND)
    _pair(pool)
    carried = _carried(pool.items, mine)
    if theirs:
        begins = min(line.day for line in theirs)
        apart = balances.ours_opening - carried - balances.theirs_opening
        classing.in_opening(pool, begins, apart, days=pairing.DAYS_BEFORE)
        carried = _carried(pool.items, mine)
    classing.take_duplicates_by_day(pool)
    items = [
        classing.classed_pair(item, _of(mine, item.ours), _of(yours, item.theirs)) if item.reason else item
        for item in pool.items
    ]
    left, unknown = pool.left()
    items += [classing.classed_ours(line, on) for line in left if not line.is_prior]
    items += [classing.classed_theirs(line) for line in unknown]
    items = [_as_decided(item, said) for item in items]
    ends = Ends(balances.theirs_opening, balances.theirs_closing, balances.ours_opening, carried)
    total = sum((line.amount for line in theirs), ZERO)
    walked = bridge(ends, theirs_total=total, classes=summed((item.cls, item.difference) for item in items))
    placed = set(chain.from_iterable(item.ours for item in items))
    before = tuple(line.key for line in ours if line.is_prior and line.key not in placed)
    return Comparison(tuple(items), walked, ends, before)


def _pair(pool: Pool) -> None:
    """The rounds, the strongest first: what one has paired the next does not see."""
    pairing.by_number(pool)
    sums.by_number_sums(pool)
    classing.take_duplicates_by_number(pool)
    pairing.by_number_alone(pool)
    pairing.by_amount(pool)
    sums.by_sums(pool)
    pairing.by_resemblance(pool)


def _carried(items: Iterable[Item], mine: Mapping[int, Line]) -> Decimal:
    """Of our opening balance what stands in items: theirs of the period that we had before, less the reverse."""
    before = chain.from_iterable(item.ours for item in items)
    prior = sum((mine[key].amount for key in before if mine[key].is_prior), ZERO)
    return prior - sum((item.ours_amount for item in items if item.reason is Reason.IN_OPENING), ZERO)


def _of(lines: Mapping[int, Line], keys: Iterable[int]) -> list[Line]:
    return [lines[key] for key in keys if key in lines]


def _as_decided(item: Item, said: Decisions) -> Item:
    decided = said.classes.get(item.identity)
    return replace(item, decided=decided) if decided and item.found is not Class.AGREED else item
