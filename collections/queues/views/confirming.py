"""What finance has still to confirm."""

from collections.abc import Mapping, Sequence
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
from ledger.queries.entries import totals_in_one_currency
from ledger.views.permission import require_bookkeeping
from queues.filters import ConfirmFilter
from queues.queries.waiting import entries_waiting_for_confirmation
from queues.tables import ConfirmTable
from queues.telling import tell
from queues.views.lists import QueuePage


class ConfirmList(QueuePage):
    title = _("To confirm")
    table_class = ConfirmTable
    filterset_class = ConfirmFilter
    actions = (BulkAction(_("Confirm"), "queues:confirm-chosen", icon="check", whole_filter=True, primary=True),)
    amount = "document_amount"

    def queryset(self) -> QuerySet[Entry]:
        return entries_waiting_for_confirmation(self.request.user)

    def totals(self, rows: QuerySet[Any]) -> Mapping[str, object]:
        return totals_in_one_currency(rows, "document_amount")

    def bulk_actions(self) -> Sequence[BulkAction]:
        return self.actions if self.request.user.keeps_books else ()


@require_POST
def confirm_chosen(request: SignedInRequest) -> HttpResponse:
    require_bookkeeping(request.user)
    outcome = confirm(entries=ConfirmList.chosen(request), by=request.user)
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
