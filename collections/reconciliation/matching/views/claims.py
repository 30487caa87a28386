"""Receipts to be claimed: all salespeople see them, and say whose one is; finance decides."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from config.pages import ListPage, SignedInRequest, way_back
from ledger.errors import LedgerError
from ledger.money import ZERO
from ledger.views.permission import require_bookkeeping, require_posting
from reconciliation.bank.models import BankLine
from reconciliation.matching import claiming
from reconciliation.matching.filters import ClaimFilter, ReceiptFilter
from reconciliation.matching.forms import ClaimForm, keys_in
from reconciliation.matching.models import Claim
from reconciliation.matching.privacy import without_accounts
from reconciliation.matching.queries.claims import (
    claims_seen_by,
    claims_with_debts,
    customer_named,
    customers_found,
    debts_of,
    news_for,
    receipts_to_claim,
)
from reconciliation.matching.queries.taken_back import taken_back
from reconciliation.matching.tables_claims import ClaimTable, ReceiptTable


class ReceiptList(ListPage):
    title = gettext_lazy("Receipts to be claimed")
    table_class = ReceiptTable
    filterset_class = ReceiptFilter
    template_name = "reconciliation/matching/receipts.html"

    def queryset(self) -> QuerySet[BankLine]:
        return receipts_to_claim(self.request.user)

    def context(self) -> dict[str, Any]:
        return {"news": news_for(self.request.user)}


class ClaimList(ListPage):
    title = gettext_lazy("Claims")
    table_class = ClaimTable
    filterset_class = ClaimFilter
    template_name = "reconciliation/matching/claims.html"

    def queryset(self) -> QuerySet[Claim]:
        return claims_seen_by(self.request.user)

    def get(self, request: SignedInRequest, *args: Any, **kwargs: Any) -> Any:
        response = super().get(request, *args, **kwargs)
        claiming.mark_read(user=request.user)
        return response


def claim(request: SignedInRequest, pk: int) -> HttpResponse:
    """Whose the receipt is: a customer of one's own is searched for, then what it pays and how one knows."""
    require_posting(request.user)
    line = get_object_or_404(receipts_to_claim(request.user), pk=pk)
    words = request.GET.get("q", "").strip()[:100]
    named = request.POST.get("customer", "") or request.GET.get("customer", "")
    customer = customer_named(request.user, named, line.currency)
    form = ClaimForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and customer is not None:
        debts = [debt for debt in debts_of(customer) if debt.pk in keys_in(request.POST, "debts")]
        try:
            claiming.claim(
                line=line, by=request.user, customer=customer, reason=form.cleaned_data["reason"], debts=debts
            )
        except LedgerError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            messages.success(request, _("The receipt is claimed; finance decides."))
            return redirect("matching:claims")
    returned = taken_back([line])
    context = {
        "line": line,
        "payer": without_accounts(line.payer_name, line.payer_account),
        "memo": without_accounts(line.memo, line.payer_account),
        "words": words,
        "found": customers_found(request.user, words, line.currency) if words else [],
        "customer": customer,
        "debts": debts_of(customer)[:50] if customer else [],
        "ticked": keys_in(request.POST, "debts"),
        "form": form,
        "pair": returned.pairs.get(line.pk),
        "doubt": returned.doubts.get(line.pk),
    }
    return render(request, "reconciliation/matching/claim.html", context)


@require_GET
def claimed(request: SignedInRequest, pk: int) -> HttpResponse:
    """A claim, with what finance decides on it."""
    found = get_object_or_404(claims_with_debts(request.user), pk=pk)
    returned = taken_back([found.line])
    context = {
        "claim": found,
        "claimed_sum": sum((debt.open_amount for debt in found.debts.all()), ZERO),
        "payer": without_accounts(found.line.payer_name, found.line.payer_account),
        "memo": without_accounts(found.line.memo, found.line.payer_account),
        "may_decide": request.user.keeps_books and found.state == Claim.State.WAITING,
        "may_withdraw": found.by_id == request.user.pk and found.state == Claim.State.WAITING,
        "key": uuid4(),
        "pair": returned.pairs.get(found.line_id),
        "doubt": returned.doubts.get(found.line_id),
    }
    return render(request, "reconciliation/matching/claimed.html", context)


@require_POST
def decide(request: SignedInRequest, pk: int) -> HttpResponse:
    """Approves the claim, or refuses it with an answer."""
    require_bookkeeping(request.user)
    found = get_object_or_404(claims_seen_by(request.user), pk=pk)
    back = HttpResponseRedirect(way_back(request, reverse("matching:claimed", args=[pk])))
    try:
        if request.POST.get("refuse"):
            claiming.refuse(claim=found, by=request.user, answer=request.POST.get("answer", ""))
            messages.success(request, _("The claim was refused; %(who)s reads why.") % {"who": found.by})
        else:
            claiming.approve(claim=found, by=request.user, key=UUID(request.POST.get("key", "")))
            messages.success(request, _("The claim was approved: the payment is matched and confirmed."))
    except ValueError:
        messages.error(request, _("This list is out of date; look at it once more."))
    except LedgerError as refusal:
        messages.error(request, refusal.message)
    return back


@require_POST
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(claims_seen_by(request.user), pk=pk)
    try:
        claiming.withdraw_claim(claim=found, by=request.user)
        messages.success(request, _("The claim was withdrawn."))
    except LedgerError as refusal:
        messages.error(request, refusal.message)
    return redirect("matching:claims")
