"""The doors to the books: their sums, the entries between them, and what finance rejects."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from config.lists.addresses import query
from config.lists.selection import Chosen
from config.pages import ListPage, SignedInRequest, way_back
from ledger.errors import LedgerError
from ledger.models import Entry
from ledger.views.permission import require_bookkeeping
from ledger.wording import done_already
from reconciliation.books import addresses
from reconciliation.books.drawing import by_age
from reconciliation.books.filters import RejectedFilter
from reconciliation.books.forms import RejectForm
from reconciliation.books.listed import EntriesAsked, Listed, SumsAsked
from reconciliation.books.queries.entries import ages, entries_named, total
from reconciliation.books.queries.rejected import flag_of, rejections_for_list
from reconciliation.books.queries.sums import bridges, totals
from reconciliation.books.rejecting import MOST_AT_ONCE, Outcome, reject
from reconciliation.books.tables import EntriesTable, RejectedTable, SumsTable


class SumsPage(ListPage):
    """Sales book, finance book and their difference."""

    title = gettext_lazy("Sales book and finance book")
    table_class = SumsTable
    template_name, fragment_name = "reconciliation/books/sums.html", "reconciliation/books/_sums.html"
    asked: SumsAsked
    has_choice_of_columns = False

    def filtered(self) -> tuple[Any, Any]:
        self.asked = SumsAsked(self.request.GET, user=self.request.user)
        return self.asked, self.asked.qs

    def totals(self, rows: Listed) -> Mapping[str, object]:  # type: ignore[override]
        return SumsTable(rows).totals() if rows.count() else {}

    def context(self) -> dict[str, Any]:
        question, currency = self.asked.question, self.asked.currency
        sums = totals(self.asked.whole)
        drawn = by_age(ages(replace(question, currency=currency), self.request.user), question, currency)
        return {
            "question": question,
            "currency": currency,
            "currencies": [(one, _in_currency(self.request, one), one == currency) for one in self.asked.currencies],
            "sums": sums,
            "difference_url": addresses.difference(question, currency=currency),
            "chart": drawn if sums.count else None,
        }


class EntriesPage(ListPage):
    """The entries that a difference between the books is."""

    title = gettext_lazy("Between the books")
    table_class = EntriesTable
    template_name, fragment_name = "reconciliation/books/entries.html", "reconciliation/books/_entries.html"
    asked: EntriesAsked

    def filtered(self) -> tuple[Any, QuerySet[Any]]:
        self.asked = EntriesAsked(self.request.GET, user=self.request.user)
        return self.asked, self.asked.qs

    def totals(self, rows: QuerySet[Any]) -> Mapping[str, object]:
        sums = total(rows)
        return {"amount": next(iter(sums.values()))} if len(sums) == 1 else {}

    def context(self) -> dict[str, Any]:
        question = self.asked.question
        return {"question": question, "bridges": bridges(question, self.request.user)}


class RejectedPage(ListPage):
    title = gettext_lazy("Rejected documents")
    table_class = RejectedTable
    filterset_class = RejectedFilter
    template_name = "reconciliation/books/list.html"

    def queryset(self) -> QuerySet[Any]:
        return rejections_for_list(self.request.user)


@require_GET
def rejected_entry(request: SignedInRequest, pk: int) -> HttpResponse:
    """Why a document was rejected, and where it is recorded again."""
    rejection = get_object_or_404(rejections_for_list(request.user), pk=pk)
    return render(
        request,
        "reconciliation/books/rejected_entry.html",
        {
            "rejection": rejection,
            "entry": rejection.entry,
            "flag": flag_of(rejection),
            "again_url": addresses.recorded_again(rejection.entry),
        },
    )


@require_http_methods(["GET", "POST"])
def reject_documents(request: SignedInRequest) -> HttpResponse:
    """Asks for the reason, and rejects the chosen documents."""
    require_bookkeeping(request.user)
    chosen = Chosen.read(request.POST if request.method == "POST" else request.GET, whole_filter=False)
    entries = list(entries_named(request.user, chosen.keys_of(Entry)[: MOST_AT_ONCE + 1]))
    back = way_back(request, reverse("queues:confirm"))
    form = RejectForm(request.POST if "reason" in request.POST else None)
    if entries and form.is_valid():
        try:
            _tell(request, reject(entries=entries, by=request.user, reason=form.cleaned_data["reason"]))
        except LedgerError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            return HttpResponseRedirect(back)
    return render(
        request, "reconciliation/books/reject.html", {"form": form, "entries": entries, "back": back, "next": back}
    )


def _tell(request: SignedInRequest, outcome: Outcome) -> None:
    if count := len(outcome.done):
        words = ngettext("%(n)d document was rejected.", "%(n)d documents were rejected.", count)
        messages.success(request, words % {"n": count})
    for one in outcome.already:
        said = done_already(one.entry.described, by=one.by, at=one.recorded_at, reader=request.user)
        messages.info(request, said)
    for _entry, why in outcome.refused:
        messages.error(request, capfirst(why))


def _in_currency(request: SignedInRequest, currency: str) -> str:
    asked = request.GET.copy()
    asked["currency"] = currency
    return f"{request.path}{query(asked)}"
