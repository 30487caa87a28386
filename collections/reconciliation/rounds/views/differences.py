"""Differences: the list, and the page of one with its thread."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from config.pages import ListPage, SignedInRequest
from reconciliation.comparison.queries.comparisons import list_named
from reconciliation.rounds import differences as services
from reconciliation.rounds.errors import DifferenceRefused
from reconciliation.rounds.filters import DifferenceFilter
from reconciliation.rounds.forms import (
    AssignForm,
    CommentForm,
    ExplainedForm,
    KindForm,
    PostedForm,
    ReopenForm,
)
from reconciliation.rounds.lists import record_differences
from reconciliation.rounds.models import Difference
from reconciliation.rounds.queries.lists import differences_for_list, mending_entries, origin_of
from reconciliation.rounds.tables import DifferenceTable


class DifferenceList(ListPage):
    title = gettext_lazy("Differences")
    table_class = DifferenceTable
    filterset_class = DifferenceFilter

    def queryset(self) -> QuerySet[Difference]:
        return differences_for_list(self.request.user)


def _difference(request: SignedInRequest, pk: int) -> Difference:
    rows = differences_for_list(request.user).select_related(
        "entry", "posted", "resolved_by", "reconciliation__round"
    )
    return get_object_or_404(rows, pk=pk)


@require_GET
def difference(request: SignedInRequest, pk: int) -> HttpResponse:
    return _page(request, _difference(request, pk))


def _page(request: SignedInRequest, found: Difference, **refused: Any) -> HttpResponse:
    entries = mending_entries(found) if found.is_open else None
    context = {
        "difference": found,
        "origin": _origin(request, found),
        "comments": found.comments.select_related("by"),
        "may_act": request.user.may_post,
        "assign_form": AssignForm(customer=found.customer, initial={"owner": found.owner_id, "due_on": found.due_on}),
        "comment_form": CommentForm(),
        "kind_form": KindForm(initial={"kind": found.kind}),
        "posted_form": PostedForm(entries=entries) if entries is not None else None,
        "explained_form": ExplainedForm(),
        "reopen_form": ReopenForm(),
        **refused,
    }
    return render(request, "reconciliation/rounds/difference.html", context)


def _origin(request: SignedInRequest, found: Difference) -> dict[str, str] | None:
    page = origin_of(found, request.user)
    if page is None:
        return None
    if page[0] == "statements:detail":
        return {"url": f"{reverse(page[0], args=[page[1]])}#answer", "label": _("the customer’s answer")}
    return {"url": reverse(page[0], args=[page[1]]), "label": _("the comparison of lists")}


def _act(
    request: SignedInRequest,
    pk: int,
    name: str,
    make: Callable[[Difference], Any],
    act: Callable[..., Any],
    said: str,
) -> HttpResponse:
    """Reads the form of the name, does the act, and leads back to the page; what was refused stands beside what was
    typed.
    """
    if not request.user.may_post:
        raise PermissionDenied
    found = _difference(request, pk)
    form = make(found)
    if form.is_valid():
        try:
            act(difference=found, by=request.user, **form.cleaned_data)
        except DifferenceRefused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, said)
            return redirect("rounds:difference", pk=pk)
    return _page(request, found, **{name: form})


@require_POST
def record_of_list(request: SignedInRequest, pk: int) -> HttpResponse:
    """Gives what is left of a customer's list to whoever looks after differences."""
    row = get_object_or_404(list_named(request.user, pk))
    try:
        new = record_differences(row=row, by=request.user)
    except DifferenceRefused as refusal:
        messages.error(request, refusal.message)
        return redirect("comparison:detail", pk=pk)
    said = ngettext("%(n)d difference was recorded.", "%(n)d differences were recorded.", len(new))
    messages.success(request, said % {"n": len(new)} if new else _("All of them were recorded before."))
    return redirect(f"{reverse('rounds:differences')}?customer={row.customer_id}")


@require_POST
def assign(request: SignedInRequest, pk: int) -> HttpResponse:
    def form(found: Difference) -> AssignForm:
        return AssignForm(request.POST, customer=found.customer)

    return _act(request, pk, "assign_form", form, services.assign, _("The difference has an owner."))


@require_POST
def comment(request: SignedInRequest, pk: int) -> HttpResponse:
    return _act(
        request, pk, "comment_form", lambda found: CommentForm(request.POST), services.comment, _("Written down.")
    )


@require_POST
def classify(request: SignedInRequest, pk: int) -> HttpResponse:
    return _act(request, pk, "kind_form", lambda found: KindForm(request.POST), services.classify, _("Changed."))


@require_POST
def resolve_by_posting(request: SignedInRequest, pk: int) -> HttpResponse:
    def form(found: Difference) -> PostedForm:
        return PostedForm(request.POST, entries=mending_entries(found))

    return _act(request, pk, "posted_form", form, services.resolve_by_posting, _("The difference is resolved."))


@require_POST
def resolve_by_explanation(request: SignedInRequest, pk: int) -> HttpResponse:
    return _act(
        request,
        pk,
        "explained_form",
        lambda found: ExplainedForm(request.POST),
        services.resolve_by_explanation,
        _("The difference is resolved."),
    )


@require_POST
def reopen(request: SignedInRequest, pk: int) -> HttpResponse:
    return _act(
        request, pk, "reopen_form", lambda found: ReopenForm(request.POST), services.reopen, _("It is open again.")
    )
