"""A report beside the same on another day: what each group owed then, owes now, and how it moved."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from aging.buckets import Bucket
from aging.question import Question
from aging.report import Amounts, Report, Row
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


@dataclass(frozen=True)
class Comparison:
    """The rows of one currency, the worst movement first. `before` is the question of the other day."""

    question: Question
    before: Question
    currency: str
    buckets: tuple[Bucket, ...]
    rows: Sequence[Movement]
    totals: Movement

    def __len__(self) -> int:
        return len(self.rows)

    def sorted(self, column: str, *, descending: bool = False) -> "Comparison":
        """In the order of a column: name, key, or a figure and its part, overdue_change; no percentage last."""

        figure, _dash, part = column.rpartition("_")

        def value(movement: Movement) -> Any:
            if not figure:
                return getattr(movement.row, column)
            if part == "percent":
                return getattr(movement, figure).percent
            now, then = (getattr(amounts, f"{figure}_cents") for amounts in (movement.now, movement.then))
            return {"now": now, "then": then, "change": now - then}[part]

        known = [row for row in self.rows if value(row) is not None]
        unknown = [row for row in self.rows if value(row) is None]
        return replace(self, rows=[*sorted(known, key=value, reverse=descending), *unknown])


def compared(now: Report, then: Report, currency: str) -> Comparison:
    """Both reports, of one currency, as one; a group that only one of them has owes nothing on the other day."""
    nothing = Amounts.none(len(now.buckets))
    today = {row.group: row for row in now}
    before = {row.group: row for row in then}
    rows = [
        Movement(
            row,
            today[group].amounts if group in today else nothing,
            before[group].amounts if group in before else nothing,
        )
        for group, row in (before | today).items()
    ]
    rows.sort(key=_worst_first)
    total = Row(None, "", "", now.totals)
    return Comparison(
        now.question, then.question, currency, now.buckets, rows, Movement(total, now.totals, then.totals)
    )


def _worst_first(movement: Movement) -> tuple[int, int, str]:
    now, then = movement.now, movement.then
    return (then.overdue_cents - now.overdue_cents, then.balance_cents - now.balance_cents, movement.row.key)
