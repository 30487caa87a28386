"""The doors to acts on what is posted: allocate, undo, reverse, cancel by red letter, record a step or a delivery."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from config.pages import SignedInRequest, way_back
from config.words import said_of
from ledger.delivery import record_delivery
from ledger.errors import LedgerError
from ledger.forms.acts import AllocationForm, AutomaticForm, DeliveryForm, ReversalForm, StepForm, UndoForm
from ledger.forms.invoices import RedLetterForm
from ledger.invoice_way import record_step
from ledger.models import Entry, Kind
from ledger.queries.documents import allocations_visible_to, counterparts, entries_for_page, reversal_of
from ledger.reversal import refused_as_confirmed
from ledger.views.leaving import leave, with_link
from ledger.views.permission import writable_customer


def _entry(request: SignedInRequest, pk: int) -> Entry:
    """The entry to act on; 404 where its customer is not the user's any more."""
    entry = get_object_or_404(entries_for_page(request.user), pk=pk)
    writable_customer(request.user, entry.customer_id)
    return entry


def _page(
    request: SignedInRequest, form: Any, title: str, *, entry: Entry, template: str = "ledger/act.html", **more: Any
) -> HttpResponse:
    back = way_back(request, reverse("ledger:entry", args=[entry.pk]))
    return render(request, template, {"form": form, "title": title, "entry": entry, "back": back, **more})


def allocate(request: SignedInRequest, pk: int) -> HttpResponse:
    entry = _entry(request, pk)
    others = counterparts(entry)[:100]
    against = next((other for other in others if str(other.pk) == request.GET.get("against")), None)
    amount = min(abs(one.open_amount) for one in (entry, against or entry))
    initial = {"amount": amount, "counterpart": against and against.pk}
    form = AllocationForm(request.POST or None, entry=entry, initial=initial)
    made = form.submit(by=request.user, customer=entry.customer) if request.method == "POST" else None
    if made is not None:
        undo = reverse("ledger:undo", args=[made.pk])
        messages.success(request, with_link(_("The allocation was recorded."), undo, _("Undo")))
        return leave(request, way_back(request, reverse("ledger:entry", args=[entry.pk])))
    title = _("Settle %(entry)s") if entry.is_debt else _("Allocate %(entry)s")
    return _page(
        request,
        form,
        title % {"entry": entry.described},
        entry=entry,
        template="ledger/allocate.html",
        counterparts=others,
    )


@require_POST
def allocate_automatically(request: SignedInRequest, pk: int) -> HttpResponse:
    customer = writable_customer(request.user, pk)
    form = AutomaticForm(request.POST)
    made = form.submit(by=request.user, customer=customer)
    if made is None:
        messages.error(request, " ".join(str(error) for error in form.non_field_errors()))
    elif made:
        messages.success(request, _("%(n)d allocations were recorded.") % {"n": len(made)})
    else:
        messages.info(request, _("There is nothing to allocate."))
    return HttpResponseRedirect(reverse("customers:detail", args=[customer.pk]))


def undo(request: SignedInRequest, pk: int) -> HttpResponse:
    allocation = get_object_or_404(allocations_visible_to(request.user), pk=pk)
    customer = writable_customer(request.user, allocation.customer_id)
    form = UndoForm(request.POST or None, allocation=allocation)
    if request.method == "POST" and form.submit(by=request.user, customer=customer) is not None:
        messages.success(request, _("The allocation was undone."))
        return leave(request, reverse("ledger:entry", args=[allocation.from_entry_id]))
    return _page(
        request,
        form,
        _("Undo an allocation"),
        allocation=allocation,
        amount=abs(allocation.amount),
        entry=allocation.from_entry,
        verb=_("Undo"),
    )


def reverse_entry(request: SignedInRequest, pk: int) -> HttpResponse:
    entry = _entry(request, pk)
    form = ReversalForm(request.POST or None, entry=entry, initial={"reason": request.GET.get("reason", "")})
    if request.method == "POST":
        reversal = form.submit(by=request.user, customer=entry.customer)
        if reversal is not None:
            messages.success(request, _("%(entry)s was reversed.") % {"entry": entry.described})
            return leave(request, way_back(request, reverse("ledger:entry", args=[reversal.pk])))
    title = _("Reverse %(entry)s") % {"entry": entry.described}
    return _page(
        request,
        form,
        title,
        entry=entry,
        reversal=reversal_of(entry),
        refused=refused_as_confirmed([entry], request.user),
        verb=_("Reverse"),
        is_dangerous=True,
    )


def red_letter(request: SignedInRequest, pk: int) -> HttpResponse:
    """The first half of issuing an invoice again; the second is the form of the new one, filled in."""
    entry = _entry(request, pk)
    if entry.kind != Kind.INVOICE or entry.reverses_id is not None or entry.instalment_of_id is not None:
        raise Http404
    form = RedLetterForm(request.POST or None, invoice=entry, initial={"date": timezone.localdate()})
    if request.method == "POST":
        credit_note = form.submit(by=request.user, customer=entry.customer)
        if credit_note is not None:
            messages.success(
                request, _("%(entry)s was cancelled by red letter. Now issue it again.") % {"entry": entry}
            )
            new = reverse("ledger:invoice-new")
            return leave(request, f"{new}?customer={entry.customer_id}&replaces={entry.pk}")
    title = _("Cancel %(entry)s by red letter") % {"entry": entry}
    return _page(request, form, title, entry=entry, verb=_("Cancel and issue again"), explains_red_letter=True)


def step(request: SignedInRequest, pk: int) -> HttpResponse:
    """A step of the invoice's way; `?step=` chooses it."""
    entry = _entry(request, pk)
    invoice = getattr(entry, "invoice", None)
    if invoice is None:
        raise Http404
    initial = {"date": timezone.localdate(), "step": request.GET.get("step")}
    form = StepForm(request.POST or None, invoice=invoice, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            recorded = record_step(by=request.user, invoice=invoice, **form.cleaned_data)
        except LedgerError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, capfirst(said_of(entry, recorded.get_step_display())))
            return leave(request, way_back(request, reverse("ledger:entry", args=[entry.pk])))
    return _page(
        request, form, _("The way of %(entry)s") % {"entry": entry}, entry=entry, invoice=invoice, verb=_("Record")
    )


def delivery(request: SignedInRequest, pk: int) -> HttpResponse:
    """The day on which the goods of a shipment or return arrived."""
    entry = _entry(request, pk)
    shipment = getattr(entry, "shipment", None)
    if shipment is None or entry.reverses_id is not None:
        raise Http404
    form = DeliveryForm(request.POST or None, initial={"date": shipment.delivered_on or timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            record_delivery(by=request.user, shipment=shipment, date=form.cleaned_data["date"])
        except LedgerError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, _("The delivery was recorded."))
            return leave(request, way_back(request, reverse("ledger:entry", args=[entry.pk])))
    return _page(
        request, form, _("Delivery of %(entry)s") % {"entry": entry.described}, entry=entry, verb=_("Record")
    )
