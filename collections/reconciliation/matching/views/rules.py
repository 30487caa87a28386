"""What finance lets pass: limits of fees and change by currency."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from config.pages import SignedInRequest
from ledger.views.permission import require_bookkeeping
from reconciliation.matching.forms import RuleForm
from reconciliation.matching.models import Rule
from reconciliation.matching.rules import new_rule, stored_rules


def rules(request: SignedInRequest, pk: int | None = None) -> HttpResponse:
    """All limits, and the form of one: a stored one, or one of a currency that has none."""
    require_bookkeeping(request.user)
    rule = get_object_or_404(Rule, pk=pk) if pk else new_rule()
    form = RuleForm(request.POST or None, instance=rule)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The limits were saved; the next look at the lines goes by them."))
        return redirect("matching:rules")
    context = {"form": form, "rules": stored_rules(), "rule": rule}
    return render(request, "reconciliation/matching/rules.html", context)
