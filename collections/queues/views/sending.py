"""Invoices on their way: many are marked as sent, or as received, at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from config.lists.selection import BulkAction
from config.pages import SignedInRequest, way_back
from config.words import said_of
from ledger.errors import LedgerError
from ledger.models import Entry, InvoiceStep
from ledger.queries.entries import totals_in_one_currency
from ledger.sending import Dispatch, record_step_of_many
from ledger.views.permission import require_posting
from queues.filters import SendFilter
from queues.forms import LONGEST_NUMBER, ReceivedForm, SendForm, dialog_form, is_one_for_all, tracking_numbers
from queues.queries.waiting import invoices_on_their_way
from queues.tables import SendTable
from queues.telling import tell
from queues.views.lists import QueuePage

SENT = BulkAction(_("Mark as sent"), "queues:mark-sent", icon="send", dialog="queues/_send_fields.html", primary=True)
RECEIVED = BulkAction(_("Mark as received"), "queues:mark-received", dialog="queues/_received_fields.html")


class SendList(QueuePage):
    title = _("Invoices to send")
    table_class = SendTable
    filterset_class = SendFilter
    amount = "face"

    def queryset(self) -> QuerySet[Entry]:
        return invoices_on_their_way(self.request.user)

    def totals(self, rows: QuerySet[Any]) -> Mapping[str, object]:
        return totals_in_one_currency(rows, "face")

    def bulk_actions(self) -> Sequence[BulkAction]:
        if not self.request.user.may_post:
            return ()
        return (RECEIVED,) if self.request.GET.get("state") == SendFilter.SENT else (SENT, RECEIVED)

    def context(self) -> dict[str, Any]:
        today = timezone.localdate()
        return {
            **super().context(),
            "send_form": dialog_form(SendForm, date=today),
            "received_form": dialog_form(ReceivedForm, date=today),
        }


@require_POST
def mark_sent(request: SignedInRequest) -> HttpResponse:
    """Once it is clear which tracking number is whose; until then a page with a row for each invoice asks."""
    require_posting(request.user)
    entries = [entry for entry in SendList.chosen(request) if hasattr(entry, "invoice")]
    form = SendForm(request.POST if "date" in request.POST else None, initial={"date": timezone.localdate()})
    is_checked = "checked" in request.POST
    if is_checked:
        numbers = [request.POST.get(f"tracking-{entry.pk}", "").strip()[:LONGEST_NUMBER] for entry in entries]
    else:
        numbers = tracking_numbers(request.POST.get("tracking", ""), [entry.number for entry in entries])
    if form.is_valid() and entries and (is_checked or is_one_for_all(form.cleaned_data["tracking"])):
        dispatches = [Dispatch(e.invoice, number) for e, number in zip(entries, numbers, strict=True)]
        facts = {"date": form.cleaned_data["date"], "carrier": form.cleaned_data["carrier"]}
        return _record(request, InvoiceStep.Step.SENT, dispatches, form=form, **facts)
    return _ask(request, form, list(zip(entries, numbers, strict=True)))


@require_POST
def mark_received(request: SignedInRequest) -> HttpResponse:
    require_posting(request.user)
    entries = [entry for entry in SendList.chosen(request) if hasattr(entry, "invoice")]
    form = ReceivedForm(request.POST if "date" in request.POST else None, initial={"date": timezone.localdate()})
    if form.is_valid() and entries:
        dispatches = [Dispatch(entry.invoice) for entry in entries]
        return _record(request, InvoiceStep.Step.RECEIVED, dispatches, form=form, **form.cleaned_data)
    return _ask(request, form, [(entry, "") for entry in entries])


def _record(
    request: SignedInRequest, step: InvoiceStep.Step, dispatches: list[Dispatch], *, form: Any, **facts: Any
) -> HttpResponse:
    try:
        outcome = record_step_of_many(by=request.user, step=step, dispatches=dispatches, **facts)
    except LedgerError as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _ask(request, form, [(one.invoice.entry, one.tracking_number) for one in dispatches])
    count = len(outcome.done)
    done = (
        ngettext("%(n)d invoice was marked as sent.", "%(n)d invoices were marked as sent.", count)
        if step == InvoiceStep.Step.SENT
        else ngettext("%(n)d invoice was marked as received.", "%(n)d invoices were marked as received.", count)
    )
    tell(
        request,
        done=done % {"n": count} if count else "",
        already=[(row.invoice.entry, row.by, row.recorded_at) for row in outcome.already],
        refused=[said_of(invoice.entry, why) for invoice, why in outcome.refused],
    )
    return HttpResponseRedirect(way_back(request, reverse("queues:send")))


def _ask(request: SignedInRequest, form: Any, rows: list[tuple[Entry, str]]) -> HttpResponse:
    context = {
        "form": form,
        "rows": rows,
        "next": way_back(request, reverse("queues:send")),
        "is_sending": isinstance(form, SendForm),
        "title": _("Mark as sent") if isinstance(form, SendForm) else _("Mark as received"),
        "longest": LONGEST_NUMBER,
    }
    return render(request, "queues/steps.html", context)
