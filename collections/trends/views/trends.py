"""The page of trends: each measure as a card, a line, a table and a file."""

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from config.pages import SignedInRequest
from trends import wording
from trends.drawing import aging_of, charts, month_label
from trends.files import as_file
from trends.forms import TrendsForm
from trends.measures import Point, tenths
from trends.queries.series import trends
from trends.views.parts import address, answer, chosen, tabs

# The measures that have a card, the most asked for first.
CARDS = (wording.DSO, wording.COUNTBACK, wording.ADD, wording.CEI, wording.SHARE)


class TrendsPage(View):
    title = gettext_lazy("Trends")

    def get(self, request: SignedInRequest) -> HttpResponseBase:
        form = TrendsForm(request.GET, user=request.user)
        is_valid = form.is_valid()
        found = trends(request.user, form.asked, months=int(form.cleaned_data["months"])) if is_valid else {}
        currency = chosen(found, form.cleaned_data.get("currency", ""))
        points = found.get(currency, [])
        if (kind := request.GET.get("_export", "")) in ("xlsx", "csv") and points:
            return _file(kind, points, currency)
        context = {
            "title": self.title,
            "form": form,
            "currency": currency,
            "currencies": tabs(request, list(found), currency),
            "stale": next((point.day for point in points if point.end.is_stale), None),
            "rules": [(one.label, one.rule) for one in wording.MEASURES],
            "xlsx": address(request, _export="xlsx"),
            "csv": address(request, _export="csv"),
        }
        if points:
            context |= {
                "cards": [wording.told(one, points) for one in CARDS],
                "charts": charts(points, form.asked, currency),
                "rows": [
                    (
                        month_label(point.day, today=point.end.is_current),
                        aging_of(point.day, form.asked, currency),
                        point,
                    )
                    for point in reversed(points)
                ],
            }
        return answer(request, "trends/trends.html", "trends/_trends.html", context)


def _file(kind: str, points: list[Point], currency: str) -> HttpResponseBase:
    headings = [
        _("date"),
        _("sales of the month"),
        _("sales of 90 days"),
        _("payments of the month"),
        _("unbilled"),
        _("not due"),
        _("overdue"),
        _("receivable"),
        _("unapplied"),
        *(f"{one.label} ({'%' if one.unit == '%' else _('days')})" for one in wording.MEASURES),
    ]
    rows = [
        [
            point.day,
            point.end.sales,
            point.end.sales_90,
            point.end.received,
            point.end.unbilled,
            point.end.not_due,
            point.end.overdue,
            point.end.receivable,
            point.end.unapplied,
            *(None if (value := one.value(point)) is None else tenths(value) for one in wording.MEASURES),
        ]
        for point in points
    ]
    title = f"{_('Trends')} {currency}"
    return as_file(kind, headings, rows, title=title, name=f"trends-{currency}-{points[-1].day.isoformat()}")
