"""The list of flags, one flag with its history, and the thresholds."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from config.pages import ListPage, SignedInRequest
from flags import services
from flags.errors import FlagRefused
from flags.filters import FlagFilter
from flags.forms import ThresholdsForm
from flags.models import Flag, State
from flags.queries.desk import flags_for_list, stakes
from flags.tables import FlagTable

SNOOZED_DAYS = 7


class FlagList(ListPage):
    title = gettext_lazy("Flags")
    table_class = FlagTable
    filterset_class = FlagFilter

    def queryset(self) -> QuerySet[Flag]:
        return flags_for_list(self.request.user)

    def totals(self, rows: QuerySet[Any]) -> Mapping[str, object]:
        """Of one kind and currency alone: an invoice that is overdue and was not sent has two flags for one amount,
        and one that was flagged again has a cleared flag for it too.
        """
        if not self.request.GET.get("kind") or self.request.GET.get("state") in (State.CLEARED, "all"):
            return {}
        found = stakes(rows)
        return {"amount_at_stake": found[0].amount, "tax_at_stake": found[0].tax} if len(found) == 1 else {}


@require_GET
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    flag = get_object_or_404(flags_for_list(request.user), pk=pk)
    today = timezone.localdate()
    context = {
        "flag": flag,
        "today": today,
        "until": today + timedelta(days=SNOOZED_DAYS),
        "may_act": request.user.may_post and flag.cleared_on is None,
        "notes": flag.notes.select_related("by"),
    }
    return render(request, "flags/detail.html", context)


def thresholds(request: SignedInRequest) -> HttpResponse:
    if not request.user.keeps_books:
        raise PermissionDenied
    form = ThresholdsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_thresholds(thresholds=form.thresholds(), limits=form.severity_limits(), by=request.user)
        except FlagRefused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved; from now on flags go by these thresholds."))
            return redirect("flags:thresholds")
    return render(request, "flags/thresholds.html", {"form": form})
