"""One line: all it may be, whom else, and what becomes of it."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from config.pages import SignedInRequest, way_back
from ledger.errors import LedgerError
from ledger.money import ZERO
from ledger.views.leaving import with_link
from ledger.views.permission import require_bookkeeping
from reconciliation.bank.models import BankLine
from reconciliation.matching.accepting import Outcome, Wanted, accept
from reconciliation.matching.claiming import release, take_back
from reconciliation.matching.forms import AsideForm, ByHandForm, UndoForm, chosen_parts, dialog
from reconciliation.matching.keeping import kept
from reconciliation.matching.models import Payer
from reconciliation.matching.payers import withdraw_payer
from reconciliation.matching.queries.claims import (
    LONGEST_KEY,
    customer_named,
    customers_found,
    debts_of,
    recorded_money,
)
from reconciliation.matching.queries.desk import (
    asides_seen_by,
    claims_of,
    history_of,
    matches_seen_by,
    suggested_for,
    weighed_rows,
)
from reconciliation.matching.queries.taken_back import taken_back
from reconciliation.matching.returning import set_both_aside
from reconciliation.matching.running import OwnAccounts, weigh_some
from reconciliation.matching.tables import said, shown
from reconciliation.matching.undoing import set_aside, take_up, undo
from reconciliation.matching.views.permission import require_insight
from reconciliation.matching.wording import matched_in_words


def _line(request: SignedInRequest, pk: int) -> BankLine:
    require_insight(request.user)
    lines = BankLine.objects.visible_to(request.user).select_related("account", "release", "statement")
    return get_object_or_404(lines, pk=pk)


@require_GET
def line(request: SignedInRequest, pk: int) -> HttpResponse:
    """The bank's facts beside the suggestions, weighed anew; and what may be meant of a customer searched for."""
    found = _line(request, pk)
    if found.open_amount:
        weigh_some([pk])
        found = _line(request, pk)
    return render(request, "reconciliation/matching/line.html", _context(request, found))


def _context(request: SignedInRequest, found: BankLine, form: Any = None) -> dict[str, Any]:
    suggested = suggested_for([found], best_only=False)
    words = request.GET.get("q", "").strip()[:100]
    customer = customer_named(request.user, request.GET.get("customer", ""), found.currency)
    guess = OwnAccounts.read().aside(found)
    some, left = suggested.by_line.get(found.pk, []), abs(found.open_amount)
    returned = taken_back([found] if left else [])
    return {
        "line": found,
        "shown": [shown(one, suggested, left) for one in some] if left else [],
        "key": uuid4(),
        "may_accept": request.user.keeps_books,
        "words": words,
        "found": customers_found(request.user, words, found.currency) if words else [],
        "customer": customer,
        "money": recorded_money(customer, received=found.is_received) if customer else [],
        "debts": debts_of(customer)[:100] if customer and found.is_received else [],
        "form": form or ByHandForm(initial={"amount": left, "key": uuid4()}),
        "aside_form": dialog(AsideForm, kind=guess or "other"),
        "guess": guess,
        "pair": returned.pairs.get(found.pk),
        "doubt": returned.doubts.get(found.pk),
        "history": history_of(found),
        "claims": claims_of(found),
        "here": request.get_full_path(),
    }


@require_POST
def accept_suggestion(request: SignedInRequest, pk: int) -> HttpResponse:
    """One suggestion, as it was shown: what is another by now is told, and nothing is matched then."""
    require_bookkeeping(request.user)
    found = _line(request, pk)
    row = weighed_rows([pk]).get(pk)
    wanted = request.POST.get("said", "")
    chosen = next((one for one in (kept(row) if row else []) if said(one) == wanted), None)
    back = HttpResponseRedirect(way_back(request, reverse("matching:desk")))
    if chosen is None:
        messages.error(request, _("This suggestion has changed; look at the line once more."))
        return back
    _tell(request, found, [Wanted.of(chosen, found)])
    return back


def _tell(request: SignedInRequest, found: BankLine, wanted: list[Wanted], note: str = "") -> Outcome | None:
    """Does it, and says what came of it on the next page."""
    try:
        key = UUID(request.POST.get("key", ""))
        outcome = accept(line=found, by=request.user, wanted=wanted, key=key, note=note)
    except ValueError:
        messages.error(request, _("This list is out of date; look at it once more."))
        return None
    except LedgerError as refusal:
        messages.error(request, refusal.message)
        return None
    words = matched_in_words(outcome.matches, outcome.already, request.user)
    if outcome.matches:
        url = reverse("matching:undo", args=[outcome.matches[0].pk])
        messages.success(request, with_link(words, url, _("Undo…")))
    else:
        messages.info(request, words)
    return outcome


@require_POST
def by_hand(request: SignedInRequest, pk: int) -> HttpResponse:
    """A part of the line, or all that is left, is what a person ticks; several customers one after the other."""
    require_bookkeeping(request.user)
    found = _line(request, pk)
    customer = customer_named(request.user, request.POST.get("customer", ""), found.currency)
    form = ByHandForm(request.POST)
    back = way_back(request, reverse("matching:line", args=[pk]))
    if customer is None or not form.is_valid():
        errors = [str(error) for errors in form.errors.values() for error in errors]
        messages.error(request, " ".join(errors) or _("Choose a customer."))
        return HttpResponseRedirect(back)
    amount = form.cleaned_data["amount"]
    money = chosen_parts(request.POST, recorded_money(customer, received=found.is_received), amount)
    debts = chosen_parts(request.POST, debts_of(customer), amount) if found.is_received else []
    wanted = [Wanted(customer.pk, part, ((entry, part),), is_money=True) for entry, part in money]
    left = amount - sum((part for _entry, part in money), ZERO)
    # Who ticks a payment means that one: the rest of the line waits, unless debts are ticked as well.
    if left and (debts or not money):
        wanted.append(Wanted(customer.pk, left, tuple(debts)))
    done = _tell(request, found, wanted, form.cleaned_data["note"])
    return HttpResponseRedirect(reverse("matching:desk") if done and not _is_open(request, pk) else back)


def _is_open(request: SignedInRequest, pk: int) -> bool:
    return bool(_line(request, pk).open_amount)


@require_POST
def aside(request: SignedInRequest, pk: int) -> HttpResponse:
    require_bookkeeping(request.user)
    found = _line(request, pk)
    form = AsideForm(request.POST)
    facts = form.cleaned_data if form.is_valid() else {"kind": "", "reason": ""}
    try:
        made = set_aside(line=found, by=request.user, **facts)
    except LedgerError as refusal:
        messages.error(request, refusal.message)
        return HttpResponseRedirect(reverse("matching:line", args=[pk]))
    if made:
        messages.success(request, _("The line was set aside."))
    else:
        messages.info(request, _("The line was dealt with before."))
    return HttpResponseRedirect(way_back(request, reverse("matching:desk")))


@require_POST
def both_aside(request: SignedInRequest, pk: int) -> HttpResponse:
    """A receipt and the line by which the bank took it back, in one act."""
    require_bookkeeping(request.user)
    try:
        receipt = request.POST.get("receipt", "")
        key = int(receipt) if receipt.isdecimal() and len(receipt) <= LONGEST_KEY else None
        set_both_aside(line=_line(request, pk), by=request.user, receipt=key)
        messages.success(request, _("Both lines were set aside."))
    except LedgerError as refusal:
        messages.error(request, refusal.message)
    return HttpResponseRedirect(way_back(request, reverse("matching:desk")))


@require_POST
def aside_back(request: SignedInRequest, pk: int) -> HttpResponse:
    require_bookkeeping(request.user)
    taken = get_object_or_404(asides_seen_by(request.user), pk=pk)
    take_up(aside=taken, by=request.user)
    messages.success(request, _("The line waits again."))
    return HttpResponseRedirect(way_back(request, reverse("matching:asides")))


def undo_match(request: SignedInRequest, pk: int) -> HttpResponse:
    """Asks why, and whether what was posted from the line is reversed too."""
    require_bookkeeping(request.user)
    match = get_object_or_404(matches_seen_by(request.user), pk=pk)
    form = UndoForm(request.POST or None, initial={"key": uuid4()})
    if not match.is_posted:
        del form.fields["reverses"]
    if request.method == "POST" and form.is_valid():
        try:
            undo(match=match, by=request.user, **form.cleaned_data)
        except LedgerError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, _("The match was undone; the line waits again."))
            return HttpResponseRedirect(reverse("matching:line", args=[match.line_id]))
    return render(request, "reconciliation/matching/undo.html", {"form": form, "match": match})


@require_POST
def release_line(request: SignedInRequest, pk: int) -> HttpResponse:
    """To be claimed, or not any more."""
    require_bookkeeping(request.user)
    found = _line(request, pk)
    try:
        if request.POST.get("back"):
            take_back(line=found, by=request.user)
            messages.success(request, _("The receipt is not to be claimed any more."))
        else:
            release(lines=[found], by=request.user)
            messages.success(request, _("All salespeople may claim the receipt now."))
    except LedgerError as refusal:
        messages.error(request, refusal.message)
    return HttpResponseRedirect(reverse("matching:line", args=[pk]))


@require_POST
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """A payer is the customer's no more."""
    require_bookkeeping(request.user)
    payer = get_object_or_404(Payer.objects.visible_to(request.user), pk=pk)
    withdraw_payer(payer=payer, by=request.user)
    messages.success(request, _("The payer was withdrawn."))
    return HttpResponseRedirect(way_back(request, reverse("matching:payers")))
