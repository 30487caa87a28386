"""The charts of the trends, and the addresses behind their points."""

from collections.abc import Sequence
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from config.charts import Lines, Series, lines
from trends.forms import NONE, Asked
from trends.measures import Point
from trends.wording import ADD, BEST, CEI, COUNTBACK, DSO, SHARE, WITH_UNBILLED, Measure

# What is drawn together, and in which tone.
_CHARTS: tuple[tuple[tuple[Measure, str], ...], ...] = (
    ((DSO, "accent"), (COUNTBACK, "warn"), (BEST, "good"), (WITH_UNBILLED, "quiet")),
    ((ADD, "bad"),),
    ((CEI, "good"),),
    ((SHARE, "warn"),),
)


def charts(points: Sequence[Point], asked: Asked, currency: str) -> list[Lines]:
    labels = [month_label(point.day, today=point.end.is_current) for point in points]
    links = [aging_of(point.day, asked, currency) for point in points]
    return [
        lines(
            title=str(drawn[0][0].label) if len(drawn) == 1 else _("Days sales outstanding"),
            unit=_("days") if drawn[0][0].unit == "days" else drawn[0][0].unit,
            labels=labels,
            series=[Series(str(one.label), [one.value(point) for point in points], tone) for one, tone in drawn],
            links=links,
        )
        for drawn in _CHARTS
    ]


def month_label(day: date, *, today: bool) -> str:
    """Short, for beneath an axis."""
    if today:
        return _("today")
    return _("%(month)d/%(year)s") % {"month": day.month, "year": f"{day:%y}"}


def aging_of(day: date, asked: Asked, currency: str) -> str:
    """The aging report as of a day, of the same customers."""
    said = {"as_of": day.isoformat(), "currency": currency, "meaning": "owner"}
    if asked.salesperson is not None:
        said["salesperson"] = str(asked.salesperson)
    if asked.region is not None:
        said["region"] = asked.region or NONE
    if asked.key_account is not None:
        said["key_account"] = "yes" if asked.key_account else "no"
    return f"{reverse('aging:report')}?{urlencode(said)}"
