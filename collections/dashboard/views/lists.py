"""The lists behind the dashboard: the entries of a figure, and all that changed."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.pages import ListPage, SignedInRequest
from dashboard.filters import ChangeFilter, FigureFilter
from dashboard.queries.changes import postings_for_list
from dashboard.queries.figures import LABELS, MEANINGS, entries_of, total_of
from dashboard.tables import ChangeTable, FigureTable
from ledger.models import Entry, Posting


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
