"""My desk, the list of flags, one flag with its history, and the thresholds."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from config.pages import ListPage, SignedInRequest
from flags import services
from flags.errors import FlagRefused
from flags.filters import FlagFilter
from flags.forms import NoteForm, SnoozeForm, ThresholdsForm
from flags.models import Flag, FlagKind, Severity
from flags.queries.desk import account_figures, flags_for_desk, flags_for_list, stakes
from flags.tables import FlagTable
from flags.thresholds import limits_in_force

PAGE = 25
SNOOZED_DAYS = 7


@require_GET
def desk(request: SignedInRequest) -> HttpResponse:
    """What waits for the user, the most money first, and what the user's customers owe."""
    today = timezone.localdate()
    flags = flags_for_desk(request.user, on=today)
    kind = request.GET.get("kind")
    at_stake = stakes(flags)
    if kind in FlagKind.values:
        flags = flags.of_kind(kind)
    page = Paginator(flags, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "today": today,
        "kind": kind,
        "stakes": at_stake,
        "figures": account_figures(request.user, on=today),
        "until": today + timedelta(days=SNOOZED_DAYS),
        "may_act": request.user.may_post,
    }
    fragment = bool(request.htmx) and request.htmx.target == "flags"
    return render(request, "desk/_flags.html" if fragment else "desk/desk.html", context)


class FlagList(ListPage):
    title = gettext_lazy("Flags")
    table_class = FlagTable
    filterset_class = FlagFilter

    def queryset(self) -> QuerySet[Flag]:
        return flags_for_list(self.request.user)

    def totals(self, rows: QuerySet[Any]) -> Mapping[str, object]:
        found = stakes(rows)
        if len({stake.currency for stake in found}) != 1:
            return {}  # two currencies are never added up
        return {
            "amount_at_stake": sum(stake.amount for stake in found),
            "tax_at_stake": sum(stake.tax for stake in found),
        }


@require_GET
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    return _show(request, _flag(request, pk))


@require_POST
def acknowledge(request: SignedInRequest, pk: int) -> HttpResponse:
    flag, form = _writable(request, pk), NoteForm(request.POST)
    if form.is_valid():
        try:
            services.acknowledge(flag=flag, by=request.user, note=form.cleaned_data["note"])
        except FlagRefused as refusal:
            form.add_error(None, refusal.message)
        else:
            return _done(request, flag, _("Acknowledged; it comes back if it grows more severe."))
    return _show(request, flag, note_form=form)


@require_POST
def snooze(request: SignedInRequest, pk: int) -> HttpResponse:
    flag, form = _writable(request, pk), SnoozeForm(request.POST)
    if form.is_valid():
        until, note = form.cleaned_data["until"], form.cleaned_data["note"]
        try:
            services.snooze(flag=flag, by=request.user, until=until, note=note)
        except FlagRefused as refusal:
            form.add_error("until" if refusal.field else None, refusal.message)
        else:
            return _done(request, flag, _("Snoozed until %(day)s.") % {"day": until})
    return _show(request, flag, snooze_form=form)


def thresholds(request: SignedInRequest) -> HttpResponse:
    if not request.user.keeps_books:
        raise PermissionDenied
    form = ThresholdsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        for kind in FlagKind.values:
            services.change_threshold(
                kind=kind, days=facts[f"days_{kind}"], active=facts[f"active_{kind}"], by=request.user
            )
        for level in limits_in_force():
            services.change_severity_limit(
                severity=Severity(level),
                days=facts[f"limit_days_{level}"],
                amount=facts[f"limit_amount_{level}"],
                by=request.user,
            )
        messages.success(request, _("Saved; the next sweep uses the new thresholds."))
        return redirect("flags:thresholds")
    return render(request, "flags/thresholds.html", {"form": form})


def _flag(request: SignedInRequest, pk: int) -> Flag:
    return get_object_or_404(flags_for_list(request.user), pk=pk)


def _writable(request: SignedInRequest, pk: int) -> Flag:
    flag = _flag(request, pk)
    if not request.user.may_post:
        raise PermissionDenied
    return flag


def _done(request: SignedInRequest, flag: Flag, message: str) -> HttpResponse:
    """On the desk the flag gives way to a line that says what was done; elsewhere the flag's page comes back."""
    if request.htmx:
        return render(request, "desk/_done.html", {"flag": flag, "message": message})
    messages.success(request, message)
    return redirect("flags:detail", pk=flag.pk)


def _show(request: SignedInRequest, flag: Flag, **forms: Any) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "flag": flag,
        "today": today,
        "until": today + timedelta(days=SNOOZED_DAYS),
        "may_act": request.user.may_post and flag.cleared_on is None,
        **forms,
    }
    if request.htmx:
        return render(request, "desk/_flag.html", {**context, "is_open": True})
    return render(request, "flags/detail.html", {**context, "notes": flag.notes.select_related("by")})
