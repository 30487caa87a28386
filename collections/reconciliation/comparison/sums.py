"""Sums: one line there is several here, or the other way round. Pure."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import groupby

from reconciliation.comparison import spelling
from reconciliation.comparison.lines import Line, Reason
from reconciliation.comparison.pairing import DAYS_OF_AN_AMOUNT
from reconciliation.comparison.pool import ZERO, Pool, block

# Of neighbours in the order of days so many at most; and of any lines around a day three of so many.
MOST_IN_A_RUN, MOST_AROUND = 30, 24
Group = Sequence[Line]
Wanted = Mapping[Decimal, Sequence[Line]]
Groups = Callable[[Sequence[Line], Wanted], Iterator[tuple[Decimal, Group]]]


def by_number_sums(pool: Pool) -> None:
    """Several lines of one number add up: a document booked as net and tax, or paid in instalments."""

    def numbers(line: Line) -> Iterable[Hashable]:
        return (spelling.core(number) for number in line.numbers if spelling.is_telling(number))

    found = block(pool.theirs, numbers)
    for number, lines in block(pool.ours, numbers).items():
        ours = [line for line in lines if line.key in pool.ours]
        theirs = [line for line in found.get(number, ()) if line.key in pool.theirs]
        if len(ours) + len(theirs) > 2 and ours and theirs and _total(ours) == _total(theirs):
            pool.pair(ours, theirs, Reason.NUMBER_SUM, n=max(len(ours), len(theirs)))


def by_sums(pool: Pool) -> None:
    """Their one line is several of ours, then our one line several of theirs."""
    for reason, groups in ((Reason.DAY_SUM, _days), (Reason.MONTH_SUM, _months), (Reason.RUN_SUM, _runs)):
        for ours_are_many in (True, False):
            _pair_groups(pool, reason, groups, ours_are_many)
    for ours_are_many in (True, False):
        _pair_sets(pool, ours_are_many)


def _sides(pool: Pool, ours_are_many: bool) -> tuple[list[Line], list[Line]]:
    """The side of the one line, and that of the several; what lies before their list is never one of several."""
    ours, theirs = pool.left()
    ours = [line for line in ours if not line.is_prior]
    return (theirs, ours) if ours_are_many else (ours, theirs)


def _pair(pool: Pool, one: Line, many: Group, reason: Reason, ours_are_many: bool) -> bool:
    ours, theirs = (many, [one]) if ours_are_many else ([one], many)
    return pool.has(ours, theirs) and pool.pair(ours, theirs, reason, n=len(many))


def _pair_groups(pool: Pool, reason: Reason, groups: Groups, ours_are_many: bool) -> None:
    ones, many = _sides(pool, ours_are_many)
    wanted: dict[Decimal, list[Line]] = defaultdict(list)
    for one in ones:
        wanted[one.amount].append(one)
    fitting: dict[Decimal, list[Group]] = defaultdict(list)
    for sign in (True, False):
        for total, group in groups([line for line in many if (line.amount > 0) is sign], wanted):
            fitting[total].append(group)
    for total, found in fitting.items():
        # Two that would do are none: which one is meant nobody can tell.
        if len(found) == len(wanted[total]) == 1 and _is_near(wanted[total][0], found[0]):
            _pair(pool, wanted[total][0], found[0], reason, ours_are_many)


def _is_near(one: Line, group: Group) -> bool:
    return abs((one.day - group[-1].day).days) <= DAYS_OF_AN_AMOUNT


def _days(lines: Sequence[Line], wanted: Wanted) -> Iterator[tuple[Decimal, Group]]:
    yield from _by(lines, wanted, lambda line: line.day)


def _months(lines: Sequence[Line], wanted: Wanted) -> Iterator[tuple[Decimal, Group]]:
    yield from _by(lines, wanted, lambda line: (line.day.year, line.day.month))


def _by(lines: Sequence[Line], wanted: Wanted, key: Callable[[Line], Hashable]) -> Iterator[tuple[Decimal, Group]]:
    for _key, found in groupby(lines, key):
        group = list(found)
        if len(group) > 1 and (total := _total(group)) in wanted:
            yield total, group


def _runs(lines: Sequence[Line], wanted: Wanted) -> Iterator[tuple[Decimal, Group]]:
    """Neighbours in the order of days."""
    for first, start in enumerate(lines):
        total = start.amount
        for last in range(first + 1, min(first + MOST_IN_A_RUN, len(lines))):
            if (lines[last].day - start.day).days > DAYS_OF_AN_AMOUNT:
                break
            total += lines[last].amount
            if total in wanted:
                yield total, lines[first : last + 1]


def _pair_sets(pool: Pool, ours_are_many: bool) -> None:
    """Two or three of the few lines around a day, where no other two or three would do."""
    ones, several = _sides(pool, ours_are_many)
    days = [line.day for line in several]
    reach = timedelta(days=DAYS_OF_AN_AMOUNT)
    for one in ones:
        middle = bisect_left(days, one.day)
        first = max(bisect_left(days, one.day - reach), middle - MOST_AROUND // 2)
        last = min(bisect_right(days, one.day + reach), middle + MOST_AROUND // 2)
        around = [line for line in several[first:last] if _is_part(pool, line, one, ours_are_many)]
        if (only := _only_set(around, one.amount)) is not None:
            _pair(pool, one, only, Reason.SET_SUM, ours_are_many)


def _is_part(pool: Pool, line: Line, one: Line, ours_are_many: bool) -> bool:
    left = pool.ours if ours_are_many else pool.theirs
    return line.key in left and (line.amount > 0) == (one.amount > 0) and abs(line.amount) < abs(one.amount)


def _only_set(lines: Sequence[Line], total: Decimal) -> Group | None:
    """The only two that add up to the total; else the only three; nothing where several would do."""
    for found in (_twos(lines, total), _threes(lines, total)):
        first, second = next(found, None), next(found, None)
        if first is not None:
            return first if second is None else None
    return None


def _twos(lines: Sequence[Line], total: Decimal) -> Iterator[Group]:
    seen: dict[Decimal, list[Line]] = defaultdict(list)
    for line in lines:
        for other in seen.get(total - line.amount, ()):
            yield [other, line]
        seen[line.amount].append(line)


def _threes(lines: Sequence[Line], total: Decimal) -> Iterator[Group]:
    for place, line in enumerate(lines):
        for two in _twos(lines[place + 1 :], total - line.amount):
            yield [line, *two]


def _total(lines: Iterable[Line]) -> Decimal:
    return sum((line.amount for line in lines), ZERO)
