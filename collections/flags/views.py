"""My desk, the list of flags, one flag with its history, and the thresholds."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import reswap, retarget

from config.dates import shown_day
from config.pages import ListPage, SignedInRequest
from flags import services
from flags.errors import FlagRefused
from flags.filters import FlagFilter
from flags.forms import NoteForm, SnoozeForm, ThresholdsForm
from flags.models import Flag, FlagKind, State
from flags.queries.desk import account_figures, flags_for_desk, flags_for_list, stakes
from flags.tables import FlagTable

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
        """Of one kind and currency alone: an invoice that is overdue and was not sent has two flags for one amount,
        and one that was flagged again has a cleared flag for it too.
        """
        if not self.request.GET.get("kind") or self.request.GET.get("state") in (State.CLEARED, "all"):
            return {}
        found = stakes(rows)
        return {"amount_at_stake": found[0].amount, "tax_at_stake": found[0].tax} if len(found) == 1 else {}


@require_GET
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    return _show(request, _flag(request, pk))


def _act(view: Callable[[SignedInRequest, int], HttpResponse]) -> Callable[[SignedInRequest, int], HttpResponse]:
    """A door for who acts on a flag. Who was signed out meanwhile hears of it before what was typed is gone."""

    @login_not_required
    @require_POST
    @wraps(view)
    def door(request: Any, pk: int) -> HttpResponse:
        return view(request, pk) if request.user.is_authenticated else _signed_out(request, pk)

    return door


@_act
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


@_act
def snooze(request: SignedInRequest, pk: int) -> HttpResponse:
    flag, form = _writable(request, pk), SnoozeForm(request.POST)
    if form.is_valid():
        until, note = form.cleaned_data["until"], form.cleaned_data["note"]
        try:
            services.snooze(flag=flag, by=request.user, until=until, note=note)
        except FlagRefused as refusal:
            form.add_error("until" if refusal.field else None, refusal.message)
        else:
            return _done(request, flag, _("Snoozed until %(day)s.") % {"day": shown_day(until)})
    return _show(request, flag, snooze_form=form)


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


def _flag(request: SignedInRequest, pk: int) -> Flag:
    return get_object_or_404(flags_for_list(request.user), pk=pk)


def _writable(request: SignedInRequest, pk: int) -> Flag:
    flag = _flag(request, pk)
    if not request.user.may_post:
        raise PermissionDenied
    return flag


def _done(request: SignedInRequest, flag: Flag, message: str) -> HttpResponse:
    """On the desk the flag gives way to a line that says what was done, and the tiles count anew; elsewhere the
    flag's page comes back.
    """
    if request.htmx:
        shown = {
            "flag": flag,
            "message": message,
            "stakes": stakes(flags_for_desk(request.user, on=timezone.localdate())),
            "kind": QueryDict(urlsplit(request.htmx.current_url or "").query).get("kind"),
            "anew": True,
        }
        return render(request, "desk/_done.html", shown)
    messages.success(request, message)
    return redirect("flags:detail", pk=flag.pk)


def _signed_out(request: SignedInRequest, pk: int) -> HttpResponse:
    if request.htmx:
        said = render(request, "desk/_signed_out.html", {"page": reverse("desk")})
        return retarget(reswap(said, "innerHTML"), f"#flag-{pk}-said")
    messages.warning(request, _("You had been signed out, and the note was not saved. Sign in and write it again."))
    return redirect_to_login(reverse("flags:detail", args=[pk]))


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
        return render(request, "desk/_flag.html", {**context, "on_desk": True, "is_open": True})
    if request.method == "POST":  # the address of an act shows nothing by itself
        for form in forms.values():
            for errors in form.errors.values():
                messages.error(request, " ".join(map(str, errors)))
        return redirect("flags:detail", pk=flag.pk)
    return render(request, "flags/detail.html", {**context, "notes": flag.notes.select_related("by")})
