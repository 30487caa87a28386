"""What the measures are called, how they are reckoned, and how one month differs from another, in words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.dates import shown_day
from trends.measures import Point, tenths


@dataclass(frozen=True, slots=True)
class Measure:
    """`rises_well`: more of it is better."""

    key: str
    label: Promise
    unit: str
    rule: Promise
    value: Callable[[Point], Decimal | None]
    rises_well: bool = False


DSO = Measure(
    "dso", gettext_lazy("DSO"), "days",
    gettext_lazy("Days sales outstanding: receivable ÷ credit sales of the last 90 days × 90."),
    lambda point: point.dso,
)  # fmt: skip
WITH_UNBILLED = Measure(
    "dso_with_unbilled", gettext_lazy("DSO with unbilled"), "days",
    gettext_lazy("The same with what was shipped and is not invoiced yet: (receivable + unbilled) ÷ credit sales of the last 90 days × 90."),  # noqa: E501
    lambda point: point.dso_with_unbilled,
)  # fmt: skip
COUNTBACK = Measure(
    "countback", gettext_lazy("Countback DSO"), "days",
    gettext_lazy("Months of sales are taken off the receivable from the latest backwards, the last one pro rata; their days add up. A rise in sales does not disturb it."),  # noqa: E501
    lambda point: point.countback,
)  # fmt: skip
BEST = Measure(
    "best_dso", gettext_lazy("Best possible DSO"), "days",
    gettext_lazy("What DSO would be if nothing were overdue: not due ÷ credit sales of the last 90 days × 90."),
    lambda point: point.best_dso,
)  # fmt: skip
ADD = Measure(
    "add", gettext_lazy("Average days delinquent"), "days",
    gettext_lazy("DSO − best possible DSO: the days that late payment adds."),
    lambda point: point.add,
)  # fmt: skip
CEI = Measure(
    "cei", gettext_lazy("Collection effectiveness (CEI)"), "%",
    gettext_lazy("Of what could be collected in the month the share that was: (opening + sales − closing total) ÷ (opening + sales − closing not due) × 100; all debts, with unbilled, which counts as not due."),  # noqa: E501
    lambda point: point.cei,
    rises_well=True,
)  # fmt: skip
SHARE = Measure(
    "overdue_share", gettext_lazy("Overdue share"), "%",
    gettext_lazy("Overdue ÷ receivable × 100."),
    lambda point: point.overdue_share,
)  # fmt: skip
MEASURES = (DSO, WITH_UNBILLED, COUNTBACK, BEST, ADD, CEI, SHARE)


@dataclass(frozen=True, slots=True)
class Told:
    """A measure as a card says it: how much, and what has changed; `tone` as badges have them."""

    measure: Measure
    value: Decimal | None
    day: date
    change: str
    tone: str
    # Of an earlier day than the other measures.
    is_past: bool = False


def told(measure: Measure, points: Sequence[Point]) -> Told:
    """The latest value beside that of the month end before. A month that is not over says nothing of collection yet:
    of CEI the last whole month is told.
    """
    known = points[:-1] if measure is CEI and len(points) > 1 else points
    last, before = known[-1], known[-2] if len(known) > 1 else None
    value = measure.value(last)
    earlier = measure.value(before) if before is not None else None
    change, tone = "", "quiet"
    if value is not None and earlier is not None and before is not None:
        difference = tenths(value) - tenths(earlier)
        change = _change(measure, difference, before.day)
        if difference:
            tone = "good" if (difference > 0) is measure.rises_well else "bad"
    return Told(measure, value if value is None else tenths(value), last.day, change, tone, last is not points[-1])


def _change(measure: Measure, difference: Decimal, day: date) -> str:
    said = {"difference": abs(difference), "day": shown_day(day)}
    if not difference:
        return _("unchanged since %(day)s") % said
    if measure.unit == "days":
        if difference > 0:
            return _("%(difference)s days longer than on %(day)s") % said
        return _("%(difference)s days shorter than on %(day)s") % said
    if difference > 0:
        return _("%(difference)s points more than on %(day)s") % said
    return _("%(difference)s points less than on %(day)s") % said
