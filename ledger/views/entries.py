"""Ledger entries: the list, and one entry with all that stands behind it."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _

from config.pages import ListPage, SignedInRequest
from ledger.filters import EntryFilter
from ledger.models import Entry, Kind
from ledger.queries import documents
from ledger.queries.attachments import files_panel
from ledger.queries.confirmations import confirmations_of, is_confirmable
from ledger.queries.entries import entries_for_list, totals_of_entries
from ledger.queries.flows import entry_flow
from ledger.queries.history import history
from ledger.queries.ways import way
from ledger.tables import EntryTable


class EntryList(ListPage):
    title = _("Ledger")
    table_class = EntryTable
    filterset_class = EntryFilter

    def queryset(self) -> QuerySet[Entry]:
        return entries_for_list(self.request.user)

    def totals(self, rows: QuerySet[Any]) -> Mapping[str, object]:
        return totals_of_entries(rows) if self.request.GET.get("customer") else {}


def entry_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    entry = get_object_or_404(documents.entries_for_page(request.user), pk=pk)
    customer_is_visible = documents.customer_is_visible(request.user, entry)
    first = entry.instalment_of or entry
    invoice = getattr(first, "invoice", None)
    credit_notes = list(documents.credit_notes(first)) if entry.kind == Kind.INVOICE and invoice else []
    replaced_by = documents.replacement_of(invoice) if credit_notes and invoice else None
    is_cancelled = bool(credit_notes) and documents.is_cancelled(first, credit_notes)
    movements = documents.movements(entry)
    billings = documents.billings(entry)
    may_post = customer_is_visible and request.user.may_post
    steps = list(invoice.steps.select_related("by")) if invoice else []
    confirmations = list(confirmations_of(entry)) if is_confirmable(entry) else []
    reversed_by = getattr(entry, "reversed_by", None)
    panel = files_panel(request.user, entry.customer, entry, may_upload=may_post)
    return render(
        request,
        "ledger/entry.html",
        {
            "entry": entry,
            "first": first,
            "invoice": invoice,
            "replaced_by": replaced_by,
            "shipment": getattr(first, "shipment", None),
            "payment": getattr(first, "payment", None),
            "reversed_by": reversed_by,
            "lines": documents.lines(first),
            "movements": movements,
            "flow": entry_flow(entry, movements),
            "billings": billings,
            "way": way(entry, billings),
            "panel": panel,
            "history": history(
                entry,
                steps=steps if entry.kind == Kind.INVOICE else [],
                movements=movements,
                confirmations=confirmations,
                files=panel.files,
                reversed_by=reversed_by,
            ),
            "instalments": documents.instalments(entry),
            "credit_notes": credit_notes,
            "is_cancelled": is_cancelled,
            "can_be_issued_again": is_cancelled and replaced_by is None,
            "customer_is_visible": customer_is_visible,
            "confirmations": confirmations,
            "is_unconfirmed": is_confirmable(entry) and entry.reversed_on is None and entry.confirmed_on is None,
            "may_confirm": request.user.keeps_books and entry.reversed_on is None and is_confirmable(entry),
            "may_post": may_post,
        },
    )
