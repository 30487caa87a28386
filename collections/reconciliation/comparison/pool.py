"""What has no counterpart yet, and the two ways of finding one by a key. Pure.

Every round sorts what is left into blocks by a key and looks within a block only, along the days: no step compares
each line with each.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from reconciliation.comparison.amounts import tax_between
from reconciliation.comparison.lines import Class, Fact, Item, Line, Reason, identity

ZERO = Decimal("0.00")
Keys = Callable[[Line], Iterable[Hashable]]


class Pool:
    """What is left of either list, and the items made so far. `apart` are pairs that a person took apart."""

    def __init__(self, ours: Iterable[Line], theirs: Iterable[Line], apart: frozenset[str] = frozenset()) -> None:
        self.ours = {line.key: line for line in sorted(ours, key=lambda line: (line.day, line.key))}
        self.theirs = {line.key: line for line in sorted(theirs, key=lambda line: (line.day, line.key))}
        self.apart = apart
        self.items: list[Item] = []
        # Who was paired, by side: what a duplicate repeats.
        self.paired: tuple[list[Line], list[Line]] = ([], [])

    def has(self, ours: Iterable[Line], theirs: Iterable[Line]) -> bool:
        return all(line.key in self.ours for line in ours) and all(line.key in self.theirs for line in theirs)

    def pair(self, ours: Sequence[Line], theirs: Sequence[Line], reason: Reason, **facts: Fact) -> bool:
        """Takes the lines out of the pool; not those that a person took apart."""
        keys = tuple(line.key for line in ours), tuple(line.key for line in theirs)
        if reason is not Reason.HAND and identity(*keys) in self.apart:
            return False
        for line in ours:
            del self.ours[line.key]
        for line in theirs:
            del self.theirs[line.key]
        self.paired[0].extend(ours)
        self.paired[1].extend(theirs)
        our_sum, their_sum = _sum(ours), _sum(theirs)
        if ours and theirs and (gap := (max(line.day for line in theirs) - max(line.day for line in ours)).days):
            facts["days"] = gap
        if our_sum != their_sum and (rate := tax_between(our_sum, their_sum)):
            facts["rate"] = rate
        found = Class.AGREED if our_sum == their_sum or reason is Reason.IN_OPENING else Class.AMOUNT
        self.items.append(Item(*keys, our_sum, their_sum, reason, found, facts))
        return True

    def left(self) -> tuple[list[Line], list[Line]]:
        return list(self.ours.values()), list(self.theirs.values())


def _sum(lines: Iterable[Line]) -> Decimal:
    return sum((line.amount for line in lines), ZERO)


def block(lines: Mapping[int, Line], keys: Keys) -> dict[Hashable, list[Line]]:
    """The lines by each of their keys, in the order of their days."""
    found: dict[Hashable, list[Line]] = defaultdict(list)
    for line in lines.values():
        for key in dict.fromkeys(keys(line)):
            found[key].append(line)
    return found


def join(pool: Pool, reason: Reason, ours: Keys, theirs: Keys, *, days: int) -> None:
    """Pairs one of ours with one of theirs that share a key and lie within so many days of each other; several of one
    key in the order of their days.
    """
    other = block(pool.theirs, theirs)
    for key, lines in block(pool.ours, ours).items():
        for one, two in _side_by_side(pool, lines, other.get(key, ()), days):
            pool.pair([one], [two], reason)


def _side_by_side(pool: Pool, ours: Sequence[Line], theirs: Sequence[Line], days: int) -> Iterator[tuple[Line, Line]]:
    """Along both lists at once, what is paired already left out."""
    left, right = iter(ours), iter(theirs)
    one, two = next(left, None), next(right, None)
    while one is not None and two is not None:
        if one.key not in pool.ours:
            one = next(left, None)
        elif two.key not in pool.theirs:
            two = next(right, None)
        elif abs((one.day - two.day).days) <= days:
            yield one, two
            one, two = next(left, None), next(right, None)
        elif one.day < two.day:
            one = next(left, None)
        else:
            two = next(right, None)


def join_only(pool: Pool, reason: Reason, ours: Keys, theirs: Keys, *, days: int) -> None:
    """Pairs by a weak key, so only where nothing else would do: a cluster of days holds as many of ours as of theirs.

    Days belong to one cluster while none is more than `days` after the one before.
    """
    other = block(pool.theirs, theirs)
    for key, lines in block(pool.ours, ours).items():
        if key not in other:
            continue
        for mine, yours in _clusters(pool, lines, other[key], days):
            if len(mine) == len(yours):
                for one, two in zip(mine, yours, strict=True):
                    pool.pair([one], [two], reason)


def _clusters(
    pool: Pool, ours: Sequence[Line], theirs: Sequence[Line], days: int
) -> Iterator[tuple[list[Line], list[Line]]]:
    left = [(line.day, 0, line.key, line) for line in ours if line.key in pool.ours]
    left += [(line.day, 1, line.key, line) for line in theirs if line.key in pool.theirs]
    cluster: tuple[list[Line], list[Line]] = ([], [])
    last = date.min
    for day, side, _key, line in sorted(left, key=lambda row: row[:3]):
        if day - last > timedelta(days=days) and last != date.min:
            yield cluster
            cluster = ([], [])
        cluster[side].append(line)
        last = day
    yield cluster
