"""What finance has still to confirm."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from config.jobs.models import Job
from config.jobs.services import enqueue
from config.lists.selection import BulkAction
from config.pages import SignedInRequest, way_back
from ledger.confirmation import confirm
from ledger.models import Entry
from ledger.models.entries import GOODS_KINDS
from ledger.queries.news import Version
from ledger.views.permission import require_bookkeeping
from queues.filters import ConfirmFilter
from queues.queries.waiting import entries_waiting_for_confirmation, first_keys, recorded_by_then, sums_to_confirm
from queues.tables import ConfirmTable
from queues.telling import confirmed_in_words, left_for_a_look, not_confirmed_in_words, tell
from queues.views.lists import QueuePage

# More than so many are a job: shown with progress, left and found again; more than it holds are confirmed by
# `manage.py confirm_until`, or filter by filter.
MOST_AT_ONCE, MOST_OF_A_JOB = 500, 100_000


def counted_as(entry: Entry) -> str:
    """Goods are added up with goods alone, money with money."""
    what = _("%(currency)s goods") if entry.kind in GOODS_KINDS else _("%(currency)s money")
    return what % {"currency": entry.currency}


class ConfirmList(QueuePage):
    title = _("To confirm")
    table_class = ConfirmTable
    filterset_class = ConfirmFilter
    actions = (
        BulkAction(_("Confirm"), "queues:confirm-chosen", icon="check", whole_filter=True, primary=True),
        BulkAction(_("Reject"), "books:reject", icon="close", dialog="reconciliation/books/_reject_fields.html"),
    )
    amount = "face"
    currency = staticmethod(counted_as)
    template_name, fragment_name = "queues/confirm.html", "queues/_confirm.html"

    def queryset(self) -> QuerySet[Entry]:
        return entries_waiting_for_confirmation(self.request.user)

    @cached_property
    def _filtered(self) -> tuple[Any, QuerySet[Any]]:
        return super().filtered()

    def filtered(self) -> tuple[Any, QuerySet[Any]]:
        return self._filtered

    def context(self) -> dict[str, Any]:
        return {**super().context(), "sums": sums_to_confirm(self.filtered()[1]), "version": self.version}

    def bulk_actions(self) -> Sequence[BulkAction]:
        return self.actions if self.request.user.keeps_books else ()


@require_POST
def confirm_chosen(request: SignedInRequest) -> HttpResponse:
    """The chosen rows; or all of the filter that the person had in sight: what came since waits for a look."""
    require_bookkeeping(request.user)
    back = HttpResponseRedirect(way_back(request, reverse("queues:confirm")))
    chosen, left = ConfirmList.chosen(request, whole_filter=True), 0
    if request.POST.get("all"):
        seen = Version.read(request.POST.get("version", ""))
        if seen is None:
            messages.error(request, _("This list is out of date; look at it once more."))
            return back
        known = recorded_by_then(chosen, seen.posting)
        left, chosen = chosen.count() - known.count(), known
    keys = first_keys(chosen, MOST_OF_A_JOB + 1)
    if len(keys) > MOST_OF_A_JOB:
        messages.error(
            request, _("These are more than %(n)s entries; narrow the filter.") % {"n": f"{MOST_OF_A_JOB:,}"}
        )
        return back
    if len(keys) > MOST_AT_ONCE:
        job = enqueue(user=request.user, kind="confirm", params={"entries": keys, "left": left})
        return redirect("jobs:detail", pk=job.pk)
    outcome = confirm(entries=chosen, by=request.user)
    done = [confirmed_in_words(len(outcome.done))] if outcome.done else []
    tell(
        request,
        done=" ".join([*done, *left_for_a_look(left)]),
        already=[(row.entry.described, row.by, row.recorded_at) for row in outcome.already],
        refused=[why for _entry, why in outcome.refused],
    )
    return back


@require_GET
def confirmed(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """What a job that confirmed many has done."""
    job = get_object_or_404(Job.objects.of(request.user), pk=pk, state=Job.State.DONE)
    done = {"done": 0, "already": 0, "refused": 0, "reasons": [], "left": 0, **job.result}
    words = " ".join(
        [
            confirmed_in_words(done["done"]),
            *not_confirmed_in_words(done["already"], done["refused"], done["reasons"]),
            *left_for_a_look(done["left"]),
        ]
    )
    return render(request, "queues/confirmed.html", {"words": words})
