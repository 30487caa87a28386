"""The aging page, the items behind each of its numbers, and the report as a file."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from aging import formats, workbook
from aging.addresses import Addresses, groups_of
from aging.buckets import buckets
from aging.comparison import Comparison, days_to_compare
from aging.forms import QuestionForm
from aging.pivot import Pivot
from aging.queries import Items, column_of, comparisons, group_name, names_of, pivots, reports
from aging.question import Meaning, Question
from aging.report import Report
from aging.tables import AgingTable, ItemTable, Listed
from aging.tables_side_by_side import Compared, CompareTable, PivotTable, Spreads
from aging.wording import ages_compared, column_headings, facts
from config import sheets
from config.dates import shown_day
from config.jobs.services import enqueue
from config.lists.exporting import ListFile
from config.pages import ListPage, SignedInRequest, way_back
from customers.models import Role

TABLES: dict[type, Any] = {Listed: AgingTable, Compared: CompareTable, Spreads: PivotTable}


class AgingFilter:
    """The form of the page as a list page wants its filters; `qs` is the report, without any filter the whole one: by
    age, beside another day, or spread over a second grouping.
    """

    first = ("as_of", "compare", "by", "across", "salesperson", "region", "key_account")

    def __init__(self, data: QueryDict, *, queryset: Listed, request: SignedInRequest) -> None:
        self._data = data
        self._user = request.user
        self._here = request.get_full_path()
        self._nothing = queryset.report
        self.form = QuestionForm(data, user=request.user)

    def is_valid(self) -> bool:
        return self.form.is_valid()

    @property
    def question(self) -> Question:
        return self.form.question if self.form.is_valid() else self._nothing.question

    @property
    def qs(self) -> Listed | Compared | Spreads:
        if isinstance(self.report, Comparison):
            before = Addresses(self._data, self.report.before, self.report.currency, here=self._here)
            return Compared(self.report, self.addresses, before)
        if isinstance(self.report, Pivot):
            return Spreads(self.report, self.addresses)
        return Listed(self.report, self.addresses)

    @cached_property
    def addresses(self) -> Addresses:
        return Addresses(self._data, self.question, self.report.currency, here=self._here)

    @cached_property
    def report(self) -> Report | Comparison | Pivot:
        """Of the currency that was chosen, else of the one with the most rows."""
        chosen = self.form.question.currency if self.form.is_valid() else None
        named = [report for report in self.reports if report.currency == chosen]
        return named[0] if named else max(self.reports, key=len)

    @cached_property
    def reports(self) -> Sequence[Report] | Sequence[Comparison] | Sequence[Pivot]:
        if not self.form.is_valid():
            return [self._nothing]
        question = replace(self.form.question, currency=None)
        if question.across is not None:
            return pivots(question, user=self._user)
        if question.compare is not None:
            return comparisons(question, user=self._user)
        return reports(question, user=self._user)


class ReportPage(ListPage):
    request: SignedInRequest
    title = _("Aging")
    template_name = "aging/report.html"
    fragment_name = "aging/_report.html"
    has_choice_of_columns = False
    filters: AgingFilter

    def table_class(self, rows: Any, **options: Any) -> Any:
        return TABLES[type(rows)](rows, **options)

    def filterset_class(self, data: QueryDict, *, queryset: Listed, request: SignedInRequest) -> AgingFilter:
        self.filters = AgingFilter(data, queryset=queryset, request=request)
        return self.filters

    def queryset(self) -> Any:
        today = Question(as_of=timezone.localdate())
        nothing = Report(today, "", buckets(today.basis, settings.AGING_LIMITS), [])
        return Listed(nothing, Addresses(QueryDict(), today, ""))

    def totals(self, rows: Any) -> Mapping[str, object]:
        return self.table_class(rows).totals() if rows.count() else {}

    def context(self) -> dict[str, Any]:
        filters = self.filters
        report, addresses, question = filters.report, filters.addresses, filters.question
        about_sales = question.is_about_sales
        meanings = []
        if self.request.user.role == Role.SALESPERSON:
            meanings = [
                (gettext("My customers"), addresses.report(meaning=Meaning.OWNER), not about_sales),
                (gettext("My sales"), addresses.report(meaning=Meaning.SALE), about_sales),
            ]
        currencies = [
            (other.currency, addresses.report(currency=other.currency), other.currency == report.currency)
            for other in filters.reports
        ]
        days = [
            (name, shown_day(day), addresses.report(compare=day.isoformat(), across=""), day == question.compare)
            for name, day in days_to_compare(question.as_of)
        ]
        legend = column_headings(report.buckets)[: len(report.buckets) + 1] if isinstance(report, Report) else []
        return {
            "report": report,
            "question": question,
            "meanings": meanings,
            "currencies": currencies if len(currencies) > 1 else [],
            "legend": list(enumerate(legend)),
            "days": days,
            "plain": addresses.report(compare="", across=""),
            "changes": ages_compared(report) if isinstance(report, Comparison) else [],
            "back": way_back(self.request, ""),
        }

    def _export(self, table: Any, kind: str) -> HttpResponseBase:
        """The workbook of the whole question, or the rows that are seen as lines."""
        if not self.filters.is_valid():
            return redirect("aging:report")
        question = self.filters.form.question
        if kind == "xlsx":
            return self._workbook(question)
        lines = sheets.csv_lines(*formats.seen(table.data.data.report))
        response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
        name = workbook.file_name(question).replace(".xlsx", ".csv")
        response["Content-Disposition"] = content_disposition_header(True, name)
        return response

    def _workbook(self, question: Question) -> HttpResponseBase:
        """At once, or by a worker where it is large."""
        user = self.request.user
        in_background = getattr(self.request, "in_background", False)
        if not in_background and Items(question, user).count() > workbook.LARGE:
            job = enqueue(user=user, kind="aging_report", params=question.as_params())
            return redirect("jobs:detail", pk=job.pk)
        file = tempfile.TemporaryFile()  # noqa: SIM115 -- FileResponse closes it
        rows = workbook.write(file, question, user=user)
        file.seek(0)
        response = ListFile(file, as_attachment=True, filename=workbook.file_name(question))
        response.rows, response.filters = rows, self.filters_said
        return response


class ItemList(ListPage):
    """The open items that add up to one number of the report."""

    request: SignedInRequest
    table_class = ItemTable
    template_name = "aging/items.html"
    keeps_columns = False
    items: Items

    def queryset(self) -> Any:
        data = self.request.GET
        form = QuestionForm(data, user=self.request.user)
        if not form.is_valid():
            raise Http404
        column = data.get("column", "balance")
        try:
            name = column_of(form.question, column)
            groups = groups_of(form.question.by, data.get("row", ""))
            across = groups_of(form.question.across, data.get("cell", "")) if form.question.across else ()
        except (KeyError, ValueError):
            raise Http404 from None
        self.items = Items(form.question, self.request.user, column, groups, across)
        # Whose row it is, is said only to those who see something in it.
        named = [(form.question.by, group) for group in groups]
        if form.question.across:
            named += [(form.question.across, group) for group in across]
        whose = [group_name(by, group) for by, group in named] if self.items.count() else []
        self.title = gettext("Open items: %(what)s") % {"what": " · ".join([name, *whose])}
        return self.items

    def totals(self, rows: Any) -> Mapping[str, object]:
        return {"open": self.items.sum} if self.items.question.currency else {}

    def context(self) -> dict[str, Any]:
        question = self.items.question
        addresses = Addresses(self.request.GET, question, question.currency or "")
        said = facts(question, names_of(question, self.request.user))
        return {"question": question, "facts": said, "back": way_back(self.request, addresses.report())}
