"""The lists behind the dashboard: the entries of a figure, and all that changed."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from config.pages import ListPage, SignedInRequest
from dashboard.filters import ChangeFilter, ConfirmationFilter, FigureFilter, StepFilter, since_asked
from dashboard.queries.changes import postings_for_list
from dashboard.queries.figures import LABELS, MEANINGS, entries_of, total_of
from dashboard.queries.steps import confirmations_for_list, steps_for_list
from dashboard.queries.unfolding import latest_lines
from dashboard.tables import ChangeTable, ConfirmationTable, FigureTable, StepTable
from ledger.models import Confirmation, Entry, InvoiceStep, Posting


class FigureList(ListPage):
    """Exactly what adds up to a figure; of one currency it says the sum."""

    table_class = FigureTable
    filterset_class = FigureFilter
    template_name = "dashboard/figure.html"

    def get(self, request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.figure = str(kwargs["figure"])
        if self.figure not in LABELS:
            raise Http404
        self.title = LABELS[self.figure]
        return super().get(request, *args, **kwargs)

    def queryset(self) -> QuerySet[Entry]:
        return entries_of(self.figure, self.request.user, on=timezone.localdate())

    def totals(self, rows: QuerySet[Any]) -> Mapping[str, object]:
        return total_of(self.figure, rows) if self.request.GET.get("currency") else {}

    def context(self) -> dict[str, Any]:
        return {"meaning": MEANINGS[self.figure]}


class ChangeList(ListPage):
    title = _("What changed")
    table_class = ChangeTable
    filterset_class = ChangeFilter
    template_name = "dashboard/changes.html"

    def queryset(self) -> QuerySet[Posting]:
        return postings_for_list(self.request.user)


class StepList(ListPage):
    title = _("Steps of invoices")
    table_class = StepTable
    filterset_class = StepFilter
    template_name = "dashboard/changes.html"

    def queryset(self) -> QuerySet[InvoiceStep]:
        return steps_for_list(self.request.user)


class ConfirmationList(ListPage):
    title = _("Confirmations by finance")
    table_class = ConfirmationTable
    filterset_class = ConfirmationFilter
    template_name = "dashboard/changes.html"

    def queryset(self) -> QuerySet[Confirmation]:
        return confirmations_for_list(self.request.user)


@require_GET
def unfolded(request: SignedInRequest) -> HttpResponse:
    """The latest of one group of what changed, below its line on the dashboard."""
    by, act = request.GET.get("by", ""), request.GET.get("act", "")
    since = since_asked(request, timezone.localdate())
    lines = latest_lines(
        request.user, by=int(by) or None if by.isdecimal() and len(by) < 19 else None, act=act, since=since
    )
    return render(request, "dashboard/_unfolded.html", {"lines": lines})
