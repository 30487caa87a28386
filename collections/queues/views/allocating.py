"""Credits to allocate: suggestions that one accepts with a click, the exact ones all at once."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from config.jobs.models import Job
from config.jobs.services import enqueue
from config.pages import SignedInRequest, way_back
from ledger.allocation import allocate_to_several
from ledger.errors import KeyReused, LedgerError
from ledger.models import Entry
from ledger.posting import Sent, post
from ledger.queries.entries import totals_in_one_currency
from ledger.queries.news import Version
from ledger.views.leaving import with_link
from ledger.views.permission import require_posting, writable_customer
from queues.accepting import accept_exact
from queues.filters import AllocateFilter
from queues.forms import parts_of
from queues.queries.allocating import credits_seen_by, credits_to_allocate, debts_named, exact_ones, exact_ones_as_of
from queues.tables import AllocateTable
from queues.telling import accepted_in_words, changed_meanwhile
from queues.views.lists import QueuePage

# More than so many are a job: shown with progress, left and found again.
MOST_AT_ONCE = 500


class AllocateList(QueuePage):
    title = gettext_lazy("To allocate")
    table_class = AllocateTable
    filterset_class = AllocateFilter
    template_name = "queues/allocate.html"
    fragment_name = "queues/_allocate.html"

    @cached_property
    def _filtered(self) -> tuple[Any, QuerySet[Any]]:
        return super().filtered()

    def filtered(self) -> tuple[Any, QuerySet[Any]]:
        return self._filtered

    def queryset(self) -> QuerySet[Entry]:
        return credits_to_allocate(self.request.user)

    def totals(self, rows: QuerySet[Any]) -> Mapping[str, object]:
        total = totals_in_one_currency(rows, "open_amount")
        return {name: -amount for name, amount in total.items()}

    def context(self) -> dict[str, Any]:
        user, asked = self.request.user, self.request.GET.copy()
        for name in ("page", "sort", "size"):
            asked.pop(name, None)
        facts: Any = {"user": user, "version": self.version, "scope": asked.urlencode()}
        return {
            **super().context(),
            "exact": exact_ones_as_of(self.filtered()[1], **facts) if user.may_post else None,
            "key": uuid4(),
            "version": self.version,
        }


@require_POST
def accept(request: SignedInRequest, pk: int) -> HttpResponse:
    """One suggestion, as it was shown: what is not open any more is told, and nothing is allocated then."""
    credit = get_object_or_404(credits_seen_by(request.user), pk=pk)
    customer = writable_customer(request.user, credit.customer_id)
    said = request.POST.get("parts", "")
    parts = parts_of(said)
    debts = debts_named(customer, [key for key, _amount in parts])
    back = HttpResponseRedirect(way_back(request, reverse("queues:allocate")))
    try:
        sent = Sent.form(UUID(request.POST.get("key", "")), "accept", request.user.pk, pk, said)
        if not parts or len(debts) < len(parts):
            raise ValueError
        named = [(debts[key], amount) for key, amount in parts]
        made = post(allocate_to_several, request.user, sent, customer, credit=credit, parts=named)
    except (ValueError, KeyReused):
        messages.error(request, _("This suggestion cannot be read; the list shows the present one."))
    except LedgerError as refusal:
        messages.error(request, changed_meanwhile(request.user, credit) or refusal.message)
    else:
        words = ngettext(
            "%(credit)s was allocated to %(n)d item.", "%(credit)s was allocated to %(n)d items.", len(made)
        )
        undo = reverse("ledger:undo", args=[made[0].pk]) if len(made) == 1 else ""
        messages.success(request, with_link(words % {"credit": credit.described, "n": len(made)}, undo, _("Undo")))
    return back


@require_POST
def accept_all(request: SignedInRequest) -> HttpResponse:
    """All exact ones of the filter that the person had in sight; what was recorded since is left for a look."""
    require_posting(request.user)
    back = HttpResponseRedirect(way_back(request, reverse("queues:allocate")))
    seen = Version.read(request.POST.get("version", ""))
    try:
        key = UUID(request.POST.get("key", ""))
    except ValueError:
        seen = None
    if seen is None:
        messages.error(request, _("This list is out of date; look at it once more."))
        return back
    exact = exact_ones(AllocateList.chosen(request, whole_filter=True))
    shown = request.POST.get("count", "")
    if exact.count > MOST_AT_ONCE:
        params = {"key": str(key), "seen": seen.posting, "credits": sorted(exact.credits)}
        job = enqueue(user=request.user, kind="accept_exact", params=params)
        return redirect("jobs:detail", pk=job.pk)
    accepted = accept_exact(by=request.user, key=key, unapplied=exact.credits, seen=seen.posting)
    left = max(accepted.left, int(shown) - accepted.credits if shown.isdecimal() and len(shown) < 9 else 0)
    level = messages.success if accepted.credits else messages.info
    level(request, accepted_in_words(accepted.credits, accepted.amounts, left))
    return back


@require_GET
def accepted(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """What a job that accepted many has done."""
    job = get_object_or_404(Job.objects.of(request.user), pk=pk, state=Job.State.DONE)
    done = {"credits": 0, "amounts": {}, "left": 0, **job.result}
    words = accepted_in_words(done["credits"], done["amounts"], done["left"])
    return render(request, "queues/accepted.html", {"words": words})
