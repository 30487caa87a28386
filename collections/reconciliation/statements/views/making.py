"""Making statements for one customer or many, and who we are on them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from config.jobs.services import enqueue
from config.pages import SignedInRequest, way_back
from customers.models import Customer
from ledger.errors import LedgerError
from ledger.views.permission import require_posting, writable_customer
from reconciliation.statements.firm import may_change_firm, save_firm
from reconciliation.statements.forms import FirmForm, WishForm
from reconciliation.statements.making import make, nothing_to_demand
from reconciliation.statements.models import FirmProfile, Statement
from reconciliation.statements.periods import last_days
from reconciliation.statements.queries.accounts import overdue_on
from reconciliation.statements.queries.firm import letterhead
from reconciliation.statements.sending import send, usual_address
from reconciliation.statements.tasks import wish_params
from reconciliation.statements.views.lists import ChooseList, StatementList

MOST_AT_ONCE = 5_000


def for_one(request: SignedInRequest, pk: int) -> HttpResponse:
    """The statement of one customer: made at once."""
    customer = writable_customer(request.user, pk)
    form = WishForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            statement = make(by=request.user, customer=customer, wish=form.wish())
        except LedgerError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            if form.cleaned_data["demand_by"] and statement.demand_by is None:
                messages.warning(request, nothing_to_demand(statement.last_date))
            _tell(request, statement, is_wanted=form.cleaned_data["send"])
            return redirect("statements:detail", pk=statement.pk)
    return _ask(request, form, [customer], reverse("customers:detail", args=[customer.pk]))


def _tell(request: SignedInRequest, statement: Statement, *, is_wanted: bool) -> None:
    """That it was made; and sends it where that is wanted and it is known where to."""
    if not is_wanted:
        messages.success(request, _("The statement was made; look at it and send it."))
        return
    to = usual_address(statement)
    try:
        if not to:
            messages.warning(
                request, _("The statement was made; the customer has no contact with an e-mail address.")
            )
            return
        send(by=request.user, statement=statement, to=to)
    except LedgerError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The statement was made and sent to %(to)s.") % {"to": to})


@require_POST
def for_many(request: SignedInRequest) -> HttpResponse:
    """The chosen customers: asks what is wanted, then hands them to a job."""
    require_posting(request.user)
    back = way_back(request, reverse("statements:choose"))
    chosen = list(ChooseList.chosen(request, whole_filter=True)[: MOST_AT_ONCE + 1])
    if not chosen or len(chosen) > MOST_AT_ONCE:
        said = _("These are more than %(n)s customers; narrow the filter.") if chosen else _("No row was chosen.")
        messages.error(request, said % {"n": f"{MOST_AT_ONCE:,}"} if chosen else said)
        return redirect(back)
    form = WishForm(request.POST if "period" in request.POST else None)
    if form.is_valid():
        params = {
            "wish": wish_params(form.wish()),
            "customers": [customer.pk for customer in chosen],
            "send": form.cleaned_data["send"],
        }
        return redirect("jobs:detail", pk=enqueue(user=request.user, kind="statements", params=params).pk)
    return _ask(request, form, chosen, back)


def _ask(request: SignedInRequest, form: WishForm, customers: list[Customer], back: str) -> HttpResponse:
    context = {
        "form": form,
        "customers": customers,
        "keys": ",".join(str(customer.pk) for customer in customers),
        "back": back,
        "strangers": letterhead().strangers,
        "overdue": overdue_on(customers[0], last_days(today=timezone.localdate())) if len(customers) == 1 else {},
        "count_overdue": sum(getattr(customer, "overdue", 0) > 0 for customer in customers),
    }
    return render(request, "reconciliation/statements/new.html", context)


@require_POST
def send_chosen(request: SignedInRequest) -> HttpResponse:
    require_posting(request.user)
    keys = [statement.pk for statement in StatementList.chosen(request)]
    if not keys:
        messages.error(request, _("No row was chosen."))
        return redirect(way_back(request, reverse("statements:list")))
    job = enqueue(user=request.user, kind="send_statements", params={"statements": keys})
    return redirect("jobs:detail", pk=job.pk)


def firm(request: SignedInRequest) -> HttpResponse:
    if not may_change_firm(request.user):
        raise PermissionDenied
    profile = FirmProfile.current()
    form: Any = FirmForm(request.POST or None, request.FILES or None, instance=profile)
    if request.method == "POST" and form.is_valid():
        facts = {"logo": request.FILES.get("logo"), "remove_logo": form.cleaned_data["remove_logo"]}
        try:
            save_firm(by=request.user, profile=form.instance, **facts)
        except LedgerError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, _("The firm’s details were saved; the next statements show them."))
            return redirect("statements:firm")
    head = letterhead()
    context = {"form": form, "profile": head.profile, "strangers": head.strangers}
    return render(request, "reconciliation/statements/firm.html", context)
