"""The doors for who acts on flags: on one from its own page, on all of a customer's from the desk; and back again."""

from collections.abc import Callable, Collection
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import reswap, retarget

from config.pages import SignedInRequest
from config.words import said_of
from customers.models import Customer
from flags import services
from flags.errors import FlagRefused
from flags.forms import FollowUpForm, NoteForm, SnoozeForm, WhichFlags
from flags.models import Flag, FlagNote
from flags.queries.desk import flags_for_desk, flags_for_list, stakes
from flags.views.desk import block_context, block_of, redrawn, shown_where
from flags.wording import put_off_in_words

DESK, DETAIL = "desk", "flags:detail"
Door = Callable[[SignedInRequest, Any], HttpResponse]


def _act(*, page: str) -> Callable[[Door], Door]:
    """A door for who acts from a page. Who was signed out meanwhile hears of it before what was typed is gone."""

    def decorated(view: Door) -> Door:
        @login_not_required
        @require_POST
        @wraps(view)
        def door(request: Any, pk: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return _signed_out(request, pk, reverse(page, args=[pk] if page == DETAIL else []))
            if not request.user.may_post:
                raise PermissionDenied
            return view(request, pk)

        return door

    return decorated


# --- one flag, from its own page --------------------------------------------------------------------------------


@_act(page=DETAIL)
def acknowledge(request: SignedInRequest, pk: int) -> HttpResponse:
    flag, form = _flag(request, pk), NoteForm(request.POST)
    if form.is_valid():
        try:
            services.acknowledge(flag=flag, by=request.user, note=form.cleaned_data["note"])
        except FlagRefused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Acknowledged; it comes back if it grows more severe."))
            return redirect("flags:detail", pk=pk)
    return _back(request, pk, form)


@_act(page=DETAIL)
def snooze(request: SignedInRequest, pk: int) -> HttpResponse:
    return _put_off_one(request, pk, SnoozeForm(request.POST))


@_act(page=DETAIL)
def follow_up(request: SignedInRequest, pk: int) -> HttpResponse:
    return _put_off_one(request, pk, FollowUpForm(request.POST))


def _put_off_one(request: SignedInRequest, pk: int, form: SnoozeForm | FollowUpForm) -> HttpResponse:
    notes = _put_off([_flag(request, pk)], form, request)
    if notes is None:
        return _back(request, pk, form)
    messages.success(request, put_off_in_words(notes[0]))
    return redirect("flags:detail", pk=pk)


def _back(request: SignedInRequest, pk: int, form: Any) -> HttpResponse:
    """The address of an act shows nothing by itself: what is wrong is said on the page of the flag."""
    for errors in form.errors.values():
        messages.error(request, " ".join(map(str, errors)))
    return redirect("flags:detail", pk=pk)


def _flag(request: SignedInRequest, pk: int) -> Flag:
    return get_object_or_404(flags_for_list(request.user), pk=pk)


# --- all that waits about a customer, from the desk -------------------------------------------------------------


@_act(page=DESK)
def snooze_customer(request: SignedInRequest, pk: int) -> HttpResponse:
    return _put_off_customer(request, pk, SnoozeForm(request.POST))


@_act(page=DESK)
def follow_up_customer(request: SignedInRequest, pk: int) -> HttpResponse:
    return _put_off_customer(request, pk, FollowUpForm(request.POST))


def _put_off_customer(request: SignedInRequest, pk: int, form: SnoozeForm | FollowUpForm) -> HttpResponse:
    today = timezone.localdate()
    customer = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
    which = WhichFlags(request.POST)
    if not which.is_valid():
        raise Http404
    due = flags_for_desk(request.user, on=today, kind=which.cleaned_data["kind"]).of_customer(pk)
    flags = list(due.raised_by(which.cleaned_data["newest"]))
    notes = _put_off(flags, form, request) if flags else []
    if notes is None:
        return _refused(request, pk, form)
    said = put_off_in_words(notes[0]) if notes else _("Somebody has dealt with it already.")
    if not request.htmx:
        messages.success(request, said_of(customer.name, said))
        return redirect("desk")
    context = {
        "customer": customer,
        "message": said,
        "act_key": notes[0].act_key if notes else None,
        "stakes": stakes(flags_for_desk(request.user, on=today)),
        "kind": shown_where(request).get("kind"),
        "anew": True,
    }
    return render(request, "desk/_done.html", context)


def _refused(request: SignedInRequest, pk: int, form: Any) -> HttpResponse:
    """The block with what is wrong beside what was typed."""
    today = timezone.localdate()
    block = block_of(request, pk, shown_where(request), today) if request.htmx else None
    if block is None:
        for errors in form.errors.values():
            messages.error(request, " ".join(map(str, errors)))
        return redirect("desk")
    name = "follow_up_form" if isinstance(form, FollowUpForm) else "snooze_form"
    context = {"block": block, "is_open": True, name: form, **block_context(request, today)}
    return render(request, "desk/_block.html", context)


@_act(page=DESK)
def take_back(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Undoes what was put off a moment ago; the desk shows it again."""
    try:
        notes = services.take_back(act_key=pk, by=request.user)
    except FlagRefused as refusal:
        messages.error(request, refusal.message)
        notes = []
    if request.htmx:
        return redrawn(request, shown_where(request))
    if len(notes) == 1:
        messages.success(request, _("Taken back; it waits on the desk again."))
        return redirect("flags:detail", pk=notes[0].flag_id)
    return redirect("desk")


# --- both -------------------------------------------------------------------------------------------------------


def _put_off(
    flags: Collection[Flag], form: SnoozeForm | FollowUpForm, request: SignedInRequest
) -> list[FlagNote] | None:
    """What was written down; None where the form says why nothing was."""
    if not form.is_valid():
        return None
    act = services.follow_up if isinstance(form, FollowUpForm) else services.snooze
    facts = form.cleaned_data
    try:
        return act(flags=flags, by=request.user, until=facts["until"], note=facts["note"])
    except FlagRefused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return None


def _signed_out(request: SignedInRequest, pk: Any, page: str) -> HttpResponse:
    if request.htmx:
        said = render(request, "desk/_signed_out.html", {"page": page})
        return retarget(reswap(said, "innerHTML"), f"#block-{pk}-said")
    messages.warning(request, _("You had been signed out, and the note was not saved. Sign in and write it again."))
    return redirect_to_login(page)
