"""The doors to confirming one entry, and to taking that back."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from config.pages import SignedInRequest, way_back
from ledger.confirmation import Outcome, confirm, withdraw
from ledger.models import Entry
from ledger.views.permission import require_bookkeeping
from ledger.wording import done_already


@require_POST
def confirm_entry(request: SignedInRequest, pk: int) -> HttpResponse:
    return _answer(request, pk, confirm, _("%(entry)s was confirmed."))


@require_POST
def withdraw_entry(request: SignedInRequest, pk: int) -> HttpResponse:
    return _answer(request, pk, withdraw, _("The confirmation of %(entry)s was withdrawn."))


def _answer(request: SignedInRequest, pk: int, act: Callable[..., Outcome], done: str) -> HttpResponse:
    entry = get_object_or_404(Entry.objects.visible_to(request.user), pk=pk)
    require_bookkeeping(request.user)
    outcome = act(entries=[entry], by=request.user)
    for one in outcome.done:
        messages.success(request, done % {"entry": one.described})
    for row in outcome.already:
        said = done_already(entry.described, by=row.by, at=row.recorded_at, reader=request.user)
        messages.info(request, said)
    for _entry, why in outcome.refused:
        messages.error(request, why)
    return HttpResponseRedirect(way_back(request, reverse("ledger:entry", args=[pk])))
