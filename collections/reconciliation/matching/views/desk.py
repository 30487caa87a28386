"""The matching desk of finance: lines with what they may be, the exact ones all at once."""

from collections.abc import Collection, Sequence
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from config.jobs.models import Job
from config.jobs.services import enqueue
from config.lists.addresses import LOOK, query
from config.lists.selection import BulkAction, Chosen
from config.pages import ListPage, SignedInRequest, way_back
from ledger.views.leaving import with_link
from ledger.views.permission import require_bookkeeping
from reconciliation.bank.models import BankLine
from reconciliation.matching.bulk import Accepted, accept_exact
from reconciliation.matching.claiming import release
from reconciliation.matching.filters import AsideFilter, LineFilter, MatchFilter, PayerFilter
from reconciliation.matching.models import Match, Payer, SetAside
from reconciliation.matching.queries.desk import (
    asides_seen_by,
    lines_to_match,
    matches_seen_by,
    not_weighed,
)
from reconciliation.matching.queries.exact import exact_lines, outlook
from reconciliation.matching.queries.payers import payers_seen_by
from reconciliation.matching.queries.standing import of_late, standing
from reconciliation.matching.queries.taken_back import taken_back
from reconciliation.matching.tables import LineTable
from reconciliation.matching.tables_done import AsideTable, MatchTable, PayerTable
from reconciliation.matching.views.permission import require_insight
from reconciliation.matching.wording import accepted_in_words

# More than so many are a job: shown with progress, left and found again.
MOST_AT_ONCE = 200
TILES = (
    ("all", gettext_lazy("To match")),
    ("exact", gettext_lazy("Exact")),
    ("some", gettext_lazy("Suggested, not exact")),
    ("none", gettext_lazy("Nothing known")),
    ("claim", gettext_lazy("To be claimed")),
    ("returned", gettext_lazy("Taken back by the bank")),
)
RELEASE = BulkAction(gettext_lazy("Release to be claimed"), "matching:release-chosen", icon="users")


class FinancePage(ListPage):
    """A list of what stands on the bank's lines."""

    template_name = "reconciliation/matching/list.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        require_insight(request.user)
        return super().dispatch(request, *args, **kwargs)


class LineList(FinancePage):
    title = gettext_lazy("Matching bank lines")
    table_class = LineTable
    filterset_class = LineFilter
    template_name = "reconciliation/matching/desk.html"
    fragment_name = "reconciliation/matching/_desk.html"
    amount = "open_amount"
    actions = (RELEASE,)

    @cached_property
    def _filtered(self) -> tuple[Any, QuerySet[Any]]:
        return super().filtered()

    def filtered(self) -> tuple[Any, QuerySet[Any]]:
        return self._filtered

    def queryset(self) -> QuerySet[BankLine]:
        return lines_to_match(self.request.user)

    def bulk_actions(self) -> Sequence[BulkAction]:
        return self.actions if self.request.user.keeps_books else ()

    def context(self) -> dict[str, Any]:
        user, returned = self.request.user, taken_back().keys
        return {
            "exact": exact_lines(self.filtered()[1], returned) if user.keeps_books else None,
            **self._standing(returned),
            "late": of_late(user, timezone.localdate()),
            "not_weighed": not_weighed(user),
            "key": uuid4(),
        }

    def _standing(self, returned: Collection[int]) -> dict[str, Any]:
        """What waits of the filter, but for what a tile chooses itself; of money in, unless that out is asked for."""
        asked = self.request.GET.copy()
        asked["way"] = "out" if asked.get("way") == "out" else "in"
        filterset = LineFilter(
            QueryDict(query(asked, without=("fit",)).lstrip("?")), queryset=self.queryset(), request=self.request
        )
        lines = filterset.qs if filterset.is_valid() else self.queryset().none()
        found = standing(lines, returned)
        tiles = [(*tile, found[tile[0]], query(_with(asked, tile[0]), without=LOOK)) for tile in TILES]
        return {
            "tiles": [tile for tile in tiles if tile[0] != "returned" or tile[2].count],
            "is_out": asked["way"] == "out",
            "is_narrowed": bool(query(asked, without=("fit", "way", *LOOK))),
        }


def _with(asked: QueryDict, fit: str) -> QueryDict:
    said = asked.copy()
    said["fit"] = "" if fit == "all" else fit
    return said


class MatchList(FinancePage):
    title = gettext_lazy("Matched lines")
    table_class = MatchTable
    filterset_class = MatchFilter
    template_name = "reconciliation/matching/matches.html"

    def queryset(self) -> QuerySet[Match]:
        return matches_seen_by(self.request.user)


class AsideList(FinancePage):
    title = gettext_lazy("Lines set aside")
    table_class = AsideTable
    filterset_class = AsideFilter

    def queryset(self) -> QuerySet[SetAside]:
        return asides_seen_by(self.request.user)


class PayerList(FinancePage):
    title = gettext_lazy("Known payers")
    table_class = PayerTable
    filterset_class = PayerFilter

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        require_bookkeeping(self.request.user)
        return super().dispatch(request, *args, **kwargs)

    def queryset(self) -> QuerySet[Payer]:
        return payers_seen_by(self.request.user)


@require_POST
def weigh(request: SignedInRequest) -> HttpResponse:
    """Looks at all lines anew, as a job."""
    require_bookkeeping(request.user)
    job = enqueue(user=request.user, kind="weigh_lines")
    return redirect("jobs:detail", pk=job.pk)


@require_POST
def accept_all(request: SignedInRequest) -> HttpResponse:
    """Says what accepting all exact ones of the filter does, and once told so does it with the lines counted."""
    require_bookkeeping(request.user)
    to = way_back(request, reverse("matching:desk"))
    back = HttpResponseRedirect(to)
    try:
        key = UUID(request.POST.get("key", ""))
    except ValueError:
        messages.error(request, _("This list is out of date; look at it once more."))
        return back
    if not request.POST.get("sure"):
        exact = exact_lines(LineList.chosen(request, whole_filter=True), taken_back().keys)
        context = {"exact": exact, "outlook": outlook(exact), "key": key, "back": to}
        return render(request, "reconciliation/matching/accept_all.html", context)
    keys = Chosen.read(request.POST, whole_filter=False).keys_of(BankLine)
    if len(keys) > MOST_AT_ONCE:
        job = enqueue(user=request.user, kind="match_exact", params={"key": str(key), "lines": sorted(keys)})
        return redirect("jobs:detail", pk=job.pk)
    done = accept_exact(by=request.user, key=key, lines=keys)
    shown = reverse("matching:matches", query={"act": str(key)}) if done.lines else ""
    level = messages.success if done.lines > done.before else messages.info
    level(request, with_link(accepted_in_words(done), shown, _("Show them")))
    return back


@require_GET
def accepted(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """What a job that accepted many has done."""
    job = get_object_or_404(Job.objects.of(request.user), pk=pk, kind="match_exact", state=Job.State.DONE)
    context = {"words": accepted_in_words(Accepted.from_stored(job.result)), "act": job.params.get("key")}
    return render(request, "reconciliation/matching/accepted.html", context)


@require_POST
def release_chosen(request: SignedInRequest) -> HttpResponse:
    """The chosen receipts may be claimed by all salespeople."""
    require_bookkeeping(request.user)
    count = release(lines=list(LineList.chosen(request)), by=request.user)
    words = ngettext("%(n)d receipt may be claimed now.", "%(n)d receipts may be claimed now.", count)
    level = messages.success if count else messages.info
    level(request, words % {"n": count})
    return HttpResponseRedirect(way_back(request, reverse("matching:desk")))
