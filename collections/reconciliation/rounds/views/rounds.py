"""The rounds: how far each is, who is asked, how often, and by which rules."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from config.jobs.models import Job
from config.jobs.services import enqueue
from config.lists.selection import BulkAction
from config.pages import ListPage, SignedInRequest, way_back
from customers.models import Customer
from ledger.views.permission import require_bookkeeping
from reconciliation.rounds import services
from reconciliation.rounds.differences import policy
from reconciliation.rounds.errors import RoundRefused
from reconciliation.rounds.filters import ReconciliationFilter, RhythmFilter
from reconciliation.rounds.forms import DropForm, PolicyForm, RhythmForm
from reconciliation.rounds.models import Reconciliation
from reconciliation.rounds.opening import open_round
from reconciliation.rounds.queries.coverage import coverage
from reconciliation.rounds.queries.lists import (
    reconciliations_for_list,
    rhythms_for_list,
    rounds_with_counts,
)
from reconciliation.rounds.rhythm import last_month_end
from reconciliation.rounds.tables import ReconciliationTable, RhythmTable

MOST_ROUNDS = 12


class RoundsPage(ListPage):
    """How far the latest rounds are, and below them who is asked in each."""

    title = gettext_lazy("Reconciliation rounds")
    table_class = ReconciliationTable
    filterset_class = ReconciliationFilter
    template_name = "reconciliation/rounds/rounds.html"
    actions = (
        BulkAction(gettext_lazy("Send"), "rounds:ask", icon="send", primary=True),
        BulkAction(
            gettext_lazy("Ask no further"),
            "rounds:drop",
            icon="close",
            dialog="reconciliation/rounds/_drop_fields.html",
        ),
    )
    amount = "balance"

    def queryset(self) -> QuerySet[Reconciliation]:
        return reconciliations_for_list(self.request.user)

    def context(self) -> dict[str, Any]:
        user, today = self.request.user, timezone.localdate()
        return {
            "rounds": rounds_with_counts(user)[:MOST_ROUNDS],
            "coverage": coverage(user, today=today),
            "policy": policy(),
            "may_decide": user.keeps_books,
            "next_day": last_month_end(today),
            "drop_form": DropForm(),
        }

    def bulk_actions(self) -> Sequence[BulkAction]:
        return self.actions if self.request.user.keeps_books else ()


@require_POST
def open_now(request: SignedInRequest) -> HttpResponse:
    """Opens the round of the last month end, or adds to it who has become due since."""
    require_bookkeeping(request.user)
    found = open_round(last_day=last_month_end(timezone.localdate()), by=request.user)
    count = found.reconciliations.count()
    said = ngettext("%(n)d customer is asked in this round.", "%(n)d customers are asked in this round.", count)
    messages.success(request, said % {"n": count})
    return redirect(f"{reverse('rounds:home')}?round={found.pk}")


@require_POST
def ask_chosen(request: SignedInRequest) -> HttpResponse:
    """Makes the statements of the chosen customers and sends them, as a job with progress."""
    require_bookkeeping(request.user)
    keys = list(RoundsPage.chosen(request).values_list("pk", flat=True))
    if not keys:
        messages.error(request, _("No row was chosen."))
        return HttpResponseRedirect(way_back(request, reverse("rounds:home")))
    job = enqueue(user=request.user, kind="ask_customers", params={"reconciliations": keys})
    return redirect("jobs:detail", pk=job.pk)


@require_GET
def asked(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """What came of a job that asked many: how many statements went out, and why the others did not."""
    job = get_object_or_404(Job.objects.of(request.user), pk=pk, state=Job.State.DONE)
    context = {"sent": job.result.get("sent", 0), "refused": job.result.get("refused", [])}
    return render(request, "reconciliation/rounds/asked.html", context)


@require_POST
def drop_chosen(request: SignedInRequest) -> HttpResponse:
    require_bookkeeping(request.user)
    form = DropForm(request.POST)
    if form.is_valid():
        count = services.drop(
            reconciliations=RoundsPage.chosen(request), reason=form.cleaned_data["reason"], by=request.user
        )
        said = ngettext("%(n)d customer is not asked further.", "%(n)d customers are not asked further.", count)
        messages.success(request, said % {"n": count})
    else:
        messages.error(request, _("Say why the customer is not asked further."))
    return HttpResponseRedirect(way_back(request, reverse("rounds:home")))


class RhythmList(ListPage):
    """How often each customer is asked."""

    title = gettext_lazy("How often customers are asked")
    table_class = RhythmTable
    filterset_class = RhythmFilter
    template_name = "reconciliation/rounds/rhythms.html"
    actions = (
        BulkAction(
            gettext_lazy("Decide how often"),
            "rounds:decide-rhythm",
            icon="calendar",
            dialog="reconciliation/rounds/_rhythm_fields.html",
            primary=True,
        ),
    )

    def queryset(self) -> QuerySet[Customer]:
        return rhythms_for_list(self.request.user)

    def context(self) -> dict[str, Any]:
        return {"rhythm_form": RhythmForm()}

    def bulk_actions(self) -> Sequence[BulkAction]:
        return self.actions if self.request.user.keeps_books else ()


@require_POST
def decide_rhythm(request: SignedInRequest) -> HttpResponse:
    require_bookkeeping(request.user)
    form = RhythmForm(request.POST)
    if form.is_valid():
        count = services.decide_rhythm(
            customers=RhythmList.chosen(request), every=form.cleaned_data["every"], by=request.user
        )
        said = ngettext("Decided for %(n)d customer.", "Decided for %(n)d customers.", count)
        messages.success(request, said % {"n": count})
    else:
        messages.error(request, _("Choose one from the list."))
    return HttpResponseRedirect(way_back(request, reverse("rounds:rhythms")))


def change_policy(request: SignedInRequest) -> HttpResponse:
    require_bookkeeping(request.user)
    form = PolicyForm(request.POST or None, instance=policy())
    if request.method == "POST" and form.is_valid():
        try:
            services.change_policy(by=request.user, **form.cleaned_data)
        except RoundRefused as refusal:
            form.add_error(refusal.field, refusal.message)
        else:
            messages.success(request, _("Saved; the next night goes by these rules."))
            return redirect("rounds:home")
    return render(request, "reconciliation/rounds/policy.html", {"form": form})
