"""What finance has still to confirm."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from config.lists.selection import BulkAction
from config.pages import SignedInRequest, way_back
from ledger.confirmation import confirm
from ledger.models import Entry
from ledger.models.entries import GOODS_KINDS
from ledger.views.permission import require_bookkeeping
from queues.filters import ConfirmFilter
from queues.queries.waiting import entries_waiting_for_confirmation, sums_to_confirm
from queues.tables import ConfirmTable
from queues.telling import tell
from queues.views.lists import QueuePage


def counted_as(entry: Entry) -> str:
    """Goods are added up with goods alone, money with money."""
    return f"{entry.currency} {_('goods') if entry.kind in GOODS_KINDS else _('money')}"


class ConfirmList(QueuePage):
    title = _("To confirm")
    table_class = ConfirmTable
    filterset_class = ConfirmFilter
    actions = (BulkAction(_("Confirm"), "queues:confirm-chosen", icon="check", whole_filter=True, primary=True),)
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
        return {**super().context(), "sums": sums_to_confirm(self.filtered()[1])}

    def bulk_actions(self) -> Sequence[BulkAction]:
        return self.actions if self.request.user.keeps_books else ()


@require_POST
def confirm_chosen(request: SignedInRequest) -> HttpResponse:
    require_bookkeeping(request.user)
    outcome = confirm(entries=ConfirmList.chosen(request, whole_filter=True), by=request.user)
    count = len(outcome.done)
    tell(
        request,
        done=ngettext("%(n)d entry was confirmed.", "%(n)d entries were confirmed.", count) % {"n": count}
        if count
        else "",
        already=[(row.entry.described, row.by, row.recorded_at) for row in outcome.already],
        refused=[why for _entry, why in outcome.refused],
    )
    return HttpResponseRedirect(way_back(request, reverse("queues:confirm")))
