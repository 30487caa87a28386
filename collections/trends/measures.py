"""How well a firm collects, as credit managers measure it: pure reckoning, docs/trends.md cites each formula."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from aging.history import MonthEnd

DAYS_OF_SALES = 90
# How far back the countback looks for the sales behind a receivable.
LOOK_BACK = 12
_TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Point:
    """The measures at the end of a month (or today); None: there is nothing to divide by, or it is not known."""

    end: MonthEnd
    dso: Decimal | None
    # With what was shipped and is not invoiced yet.
    dso_with_unbilled: Decimal | None
    countback: Decimal | None
    best_dso: Decimal | None
    add: Decimal | None
    cei: Decimal | None
    overdue_share: Decimal | None

    @property
    def day(self) -> date:
        return self.end.day


def tenths(value: Decimal) -> Decimal:
    """Days and shares are said to a tenth, half up."""
    return value.quantize(_TENTH, ROUND_HALF_UP)


def days_of_sales(owed: Decimal, sales: Decimal) -> Decimal | None:
    """How many of the last ninety days' sales are owed."""
    return owed / sales * DAYS_OF_SALES if sales > 0 else None


def cei(*, opening: Decimal, sales: Decimal, closing: Decimal, closing_not_due: Decimal) -> Decimal | None:
    """Of what could be collected in a month the share that was, in hundredths."""
    could = opening + sales - closing_not_due
    return (opening + sales - closing) / could * 100 if could > 0 else None


def countback(receivable: Decimal, months: Sequence[tuple[Decimal, int]]) -> Decimal | None:
    """Days of sales that the receivable stands for: whole months taken off it from the latest backwards, the last one
    pro rata. `months` has (sales, days), the latest first; None where all of them are not enough.

    A month in which nothing was sold on balance takes nothing off and counts with all its days.
    """
    left, days = receivable, Decimal(0)
    for sales, length in months:
        if left <= 0:
            return days
        if sales >= left:
            return days + left / sales * length
        left -= max(sales, Decimal(0))
        days += length
    return days if left <= 0 else None


def points(ends: Sequence[MonthEnd], *, shown: int) -> list[Point]:
    """The measures of the last `shown` month ends; those before are what they look back to."""
    first = max(len(ends) - shown, 0)
    return [_point(ends[: place + 1]) for place in range(first, len(ends))]


def _point(ends: Sequence[MonthEnd]) -> Point:
    end = ends[-1]
    if end.is_stale:
        return Point(end, None, None, None, None, None, None, None)
    before = ends[-2] if len(ends) > 1 and not ends[-2].is_stale else None
    recent = ends[-LOOK_BACK:][::-1]
    dso, best = days_of_sales(end.receivable, end.sales_90), days_of_sales(end.not_due, end.sales_90)
    return Point(
        end=end,
        dso=dso,
        dso_with_unbilled=days_of_sales(end.receivable + end.unbilled, end.sales_90),
        countback=None
        if any(one.is_stale for one in recent)
        else countback(end.receivable, [(one.sales, one.day.day) for one in recent]),
        best_dso=best,
        add=None if dso is None or best is None else dso - best,
        cei=None
        if before is None
        else cei(
            opening=before.receivable + before.unbilled,
            sales=end.sales,
            closing=end.receivable + end.unbilled,
            closing_not_due=end.not_due + end.unbilled,
        ),
        overdue_share=end.overdue / end.receivable * 100 if end.receivable > 0 else None,
    )
