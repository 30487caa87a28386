"""The list of statements, the customers to make them for, and what a job has made."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from config.jobs.models import Job
from config.lists.selection import BulkAction
from config.pages import ListPage, SignedInRequest
from reconciliation.statements.filters import ChooseFilter, StatementFilter
from reconciliation.statements.firm import may_change_firm
from reconciliation.statements.queries.statements import (
    customers_for_statements,
    named_customers,
    statements_for_list,
)
from reconciliation.statements.tables import ChooseTable, StatementTable

SEND = BulkAction(_("Send"), "statements:send-chosen", icon="send", primary=True)
MAKE = BulkAction(_("Make statements"), "statements:make", icon="file", whole_filter=True, primary=True)
# More failures are rather one cause than many.
MOST_NAMED = 200


class StatementList(ListPage):
    title = _("Statements of account")
    table_class = StatementTable
    filterset_class = StatementFilter
    template_name = "reconciliation/statements/list.html"
    amount = "closing"

    def queryset(self) -> QuerySet[Any]:
        return statements_for_list(self.request.user, now=timezone.now())

    def bulk_actions(self) -> Sequence[BulkAction]:
        return (SEND,) if self.request.user.may_post else ()

    def context(self) -> dict[str, Any]:
        return {"may_make": self.request.user.may_post, "may_change_firm": may_change_firm(self.request.user)}


class ChooseList(ListPage):
    """The customers, with what was stated and agreed of each."""

    title = _("Whom to make statements for")
    table_class = ChooseTable
    filterset_class = ChooseFilter
    template_name = "reconciliation/statements/choose.html"
    actions = (MAKE,)
    amount = "balance"

    def queryset(self) -> QuerySet[Any]:
        return customers_for_statements(self.request.user, on=timezone.localdate())


@require_GET
def made(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """What a job has made and sent, and for whom it could not."""
    jobs = Job.objects.of(request.user).of_kind("statements", "send_statements")
    job = get_object_or_404(jobs, pk=pk, state=Job.State.DONE)
    failed = job.result["failed"]
    undemanded = job.result.get("undemanded", [])
    names = named_customers([*(key for key, _why in failed[:MOST_NAMED]), *undemanded[:MOST_NAMED]])
    context = {
        "count": len(job.result["statements"]),
        "sent": job.result["sent"],
        "is_sending": job.kind == "send_statements" or job.params.get("send"),
        "is_making": job.kind == "statements",
        "failed": [(key, names.get(key, ""), why) for key, why in failed[:MOST_NAMED]],
        "undemanded": [(key, names.get(key, "")) for key in undemanded[:MOST_NAMED]],
        "undemanded_count": len(undemanded),
        "more": max(0, len(failed) - MOST_NAMED),
    }
    return render(request, "reconciliation/statements/made.html", context)
