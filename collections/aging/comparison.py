"""A report beside the same on another day: what each group owed then, owes now, and how it moved."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from operator import itemgetter
from typing import Any, overload

from django.utils.translation import gettext as _

from aging.buckets import Bucket
from aging.question import Question
from aging.report import Amounts, RawRow, Report, Row
from ledger.money import percentage

# The figures that a row shows of both days.
FIGURES = ("balance", "overdue")
PARTS = ("now", "then", "change", "percent")


def month_end_before(day: date) -> date:
    return day.replace(day=1) - timedelta(days=1)


def year_before(day: date) -> date:
    """The same day of last year; of 29 February the day before 1 March."""
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def days_to_compare(day: date) -> list[tuple[str, date]]:
    """The days that one usually compares with."""
    return [(_("last month end"), month_end_before(day)), (_("a year before"), year_before(day))]


@dataclass(frozen=True, slots=True)
class Change:
    """One figure on both days."""

    now: Decimal
    then: Decimal

    @property
    def change(self) -> Decimal:
        return self.now - self.then

    @property
    def percent(self) -> Decimal | None:
        """Of what it was; None where nothing was there to grow."""
        return percentage(self.change, self.then)


@dataclass(frozen=True, slots=True)
class Movement:
    """One group on both days; `row` is the group as a report has it."""

    row: Row
    now: Amounts
    then: Amounts

    @property
    def balance(self) -> Change:
        return Change(self.now.balance, self.then.balance)

    @property
    def overdue(self) -> Change:
        return Change(self.now.overdue, self.then.overdue)

    def changes(self) -> Iterator[Change]:
        """In the order of the report's columns."""
        return (Change(now, then) for now, then in zip(self.now.all(), self.then.all(), strict=True))

    def figures(self) -> list[Decimal | None]:
        """What a row of the table holds, figure by figure and part by part."""
        return [getattr(getattr(self, figure), part) for figure in FIGURES for part in PARTS]


# What the reports of both days have of one group; None where a day knows nothing of it.
Pair = tuple[RawRow | None, RawRow | None]


@dataclass(frozen=True)
class Movements(Sequence[Movement]):
    """The rows of a comparison. One becomes a movement when it is looked at, and few of them are."""

    now: Report
    then: Report
    pairs: Sequence[Pair]

    def __len__(self) -> int:
        return len(self.pairs)

    @overload
    def __getitem__(self, place: int) -> Movement: ...

    @overload
    def __getitem__(self, place: slice) -> list[Movement]: ...

    def __getitem__(self, place: int | slice) -> Movement | list[Movement]:
        if isinstance(place, slice):
            return [self._movement(pair) for pair in self.pairs[place]]
        return self._movement(self.pairs[place])

    def _movement(self, pair: Pair) -> Movement:
        today, before = pair
        nothing = Amounts.none(len(self.now.buckets))
        now = self.now.row(today) if today else None
        then = self.then.row(before) if before else None
        row = now or then
        assert row is not None
        return Movement(row, now.amounts if now else nothing, then.amounts if then else nothing)

    def cents(self, pair: Pair, figure: str, part: str) -> int:
        now = self.now.cents(pair[0], figure) if pair[0] else 0
        then = self.then.cents(pair[1], figure) if pair[1] else 0
        return {"now": now, "then": then, "change": now - then}[part]

    def worst_first(self, pair: Pair) -> tuple[int, int, str]:
        overdue, balance = (self.cents(pair, figure, "change") for figure in ("overdue", "balance"))
        return (-overdue, -balance, (pair[0] or pair[1] or ("", ""))[1])

    def sorted(self, column: str, *, descending: bool) -> "Movements":
        """In the order of a column; where a percentage is asked for, those without one stand last."""
        figure, _dash, part = column.rpartition("_")
        if part == "percent":
            found = [(getattr(self._movement(pair), figure).percent, pair) for pair in self.pairs]
            known = sorted((one for one in found if one[0] is not None), key=itemgetter(0), reverse=descending)
            ordered = [pair for _percent, pair in known] + [pair for percent, pair in found if percent is None]
            return replace(self, pairs=ordered)

        def value(pair: Pair) -> Any:
            if figure:
                return self.cents(pair, figure, part)
            return (pair[0] or pair[1] or ())[1 if column == "key" else 2]

        return replace(self, pairs=sorted(self.pairs, key=value, reverse=descending))


@dataclass(frozen=True)
class Comparison:
    """The rows of one currency, the worst movement first. `before` is the question of the other day."""

    question: Question
    before: Question
    currency: str
    buckets: tuple[Bucket, ...]
    rows: Movements
    totals: Movement

    def __len__(self) -> int:
        return len(self.rows)

    def none(self) -> "Comparison":
        return replace(self, rows=replace(self.rows, pairs=()))

    def sorted(self, column: str, *, descending: bool = False) -> "Comparison":
        """In the order of a column: name, key, or a figure and its part, overdue_change."""
        return replace(self, rows=self.rows.sorted(column, descending=descending))


def compared(now: Report, then: Report, currency: str) -> Comparison:
    """Both reports, of one currency, as one; a group that only one of them has owes nothing on the other day."""
    today: dict[Any, RawRow] = {raw[0]: raw for raw in now.raw}
    before: dict[Any, RawRow] = {raw[0]: raw for raw in then.raw}
    rows = Movements(now, then, [(today.get(group), before.get(group)) for group in before | today])
    total = Movement(Row(None, "", "", now.totals), now.totals, then.totals)
    ordered = replace(rows, pairs=sorted(rows.pairs, key=rows.worst_first))
    return Comparison(now.question, then.question, currency, now.buckets, ordered, total)
