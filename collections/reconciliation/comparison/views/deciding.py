"""What a person decides: of one item, of several, of the whole comparison."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from config.lists.selection import Chosen
from config.pages import SignedInRequest, way_back
from ledger.errors import LedgerError, NotPermitted
from ledger.views.permission import require_posting
from reconciliation.comparison import deciding
from reconciliation.comparison.forms import ClassForm, ReasonForm
from reconciliation.comparison.models import ComparedItem, CustomerList
from reconciliation.comparison.queries.comparisons import (
    decisions_about,
    item_with,
    items_named,
    list_named,
)
from reconciliation.comparison.refreshing import compare_again
from reconciliation.comparison.tables import ours_of, signed, theirs_of
from reconciliation.comparison.taking import withdraw as withdraw_list
from reconciliation.comparison.wording import class_in_words, reason_in_words


def line(request: SignedInRequest, pk: int, side: str, key: int) -> HttpResponse:
    """One item: its lines of both sides, what it is and why, and what was decided about it."""
    row = get_object_or_404(list_named(request.user, pk))
    item = item_with(row, side, key)
    if item is None:
        raise Http404
    may_decide = request.user.may_post and row.withdrawn_at is None and row.result.accepted_at is None
    asked = request.POST.get("act", "")
    initial = {"key": uuid4(), "cls": item.cls}
    form = ClassForm(request.POST if asked == "class" else None, initial=initial)
    apart = ReasonForm(
        request.POST if asked == "apart" else None, initial=initial, prefix=None, auto_id="id_apart_%s"
    )
    if request.method == "POST":
        require_posting(request.user)
        if not may_decide:
            messages.error(request, _("The comparison is accepted or withdrawn. Open it again first."))
            return redirect("comparison:detail", pk=row.pk)
        said: Any = apart if asked == "apart" else form
        if said.is_valid() and _decided(said, lambda: _decide(request, item, asked, said.cleaned_data)):
            messages.success(request, _("It was noted; the bridge was made anew."))
            return redirect("comparison:detail", pk=row.pk)
    context = {
        "row": row,
        "item": item,
        "ours": ours_of(item),
        "theirs": theirs_of(item),
        "class_said": class_in_words(item.cls),
        "found_said": class_in_words(item.found),
        "reason_said": reason_in_words(item.reason, item.facts),
        "difference": signed(item.difference),
        "decisions": decisions_about(row, item),
        "form": form if may_decide and not item.is_agreed else None,
        "apart": apart if may_decide and item.reason not in ("", "in_opening") else None,
    }
    return render(request, "reconciliation/comparison/line.html", context)


def _decide(request: SignedInRequest, item: ComparedItem, asked: str, said: dict[str, Any]) -> None:
    facts = {"by": request.user, "key": said["key"], "item": item, "reason": said["reason"]}
    if asked == "apart":
        deciding.take_apart(**facts)
    else:
        deciding.choose_class(cls=said["cls"], **facts)


def _decided(form: Any, act: Callable[[], None]) -> bool:
    try:
        act()
    except NotPermitted as refusal:
        raise PermissionDenied(str(refusal)) from None
    except LedgerError as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return False
    return True


@require_POST
def pair(request: SignedInRequest) -> HttpResponse:
    """The chosen items become one pair; a post without a reason is answered with a page that asks for it."""
    require_posting(request.user)
    keys = Chosen.read(request.POST, whole_filter=False).keys_of(ComparedItem)
    items = list(items_named(request.user, keys))
    back = way_back(request, reverse("comparison:list"))
    if not items or len({item.customer_list_id for item in items}) > 1 or len(items) < len(keys):
        messages.error(request, _("The list was compared anew meanwhile; choose the lines once more."))
        return HttpResponseRedirect(back)
    row = items[0].customer_list
    form = ReasonForm(request.POST if "reason" in request.POST else None, initial={"key": uuid4()})
    if form.is_bound and "key" not in request.POST:
        form = ReasonForm({"reason": request.POST["reason"], "key": uuid4()})
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        facts = {"by": request.user, "key": said["key"], "row": row, "items": items, "reason": said["reason"]}
        if _decided(form, lambda: deciding.pair(**facts)):
            messages.success(request, _("The lines were paired; the bridge was made anew."))
            return HttpResponseRedirect(back)
    context = {"row": row, "items": items, "form": form, "next": back}
    return render(request, "reconciliation/comparison/pair.html", context)


@require_POST
def accept(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _writable(request, pk)
    key = _key(request)
    note = request.POST.get("note", "")
    try:
        deciding.accept(by=request.user, key=key, row=row, seen=request.POST.get("seen", ""), note=note)
        messages.success(request, _("The comparison was accepted."))
    except LedgerError as refusal:
        messages.error(request, refusal.message)
    return redirect("comparison:detail", pk=pk)


def reopen(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _writable(request, pk)

    def act(said: dict[str, Any]) -> None:
        deciding.reopen(by=request.user, key=said["key"], row=row, reason=said["reason"])

    return _with_reason(request, row, _("Open again"), _("The comparison can be changed again."), act)


def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _writable(request, pk)

    def act(said: dict[str, Any]) -> None:
        withdraw_list(by=request.user, row=row, reason=said["reason"])

    explained = _("The list and what was decided stay in sight as withdrawn; its file can be taken anew.")
    return _with_reason(request, row, _("Withdraw the list"), explained, act)


def _with_reason(
    request: SignedInRequest, row: CustomerList, title: str, explained: str, act: Callable[[dict[str, Any]], None]
) -> HttpResponse:
    form = ReasonForm(request.POST or None, initial={"key": uuid4()})
    if form.is_bound and form.is_valid() and _decided(form, lambda: act(form.cleaned_data)):
        return redirect("comparison:detail", pk=row.pk)
    context = {"row": row, "form": form, "title": title, "explained": explained}
    return render(request, "reconciliation/comparison/act.html", context)


@require_POST
def again(request: SignedInRequest, pk: int) -> HttpResponse:
    compare_again(_writable(request, pk))
    messages.success(request, _("The list was compared with the ledger as it is now."))
    return redirect("comparison:detail", pk=pk)


def _writable(request: SignedInRequest, pk: int) -> CustomerList:
    row = get_object_or_404(list_named(request.user, pk))
    require_posting(request.user)
    return row


def _key(request: SignedInRequest) -> UUID:
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid4()
