"""The list of comparisons, and the lines of one with the bridge above them."""

from functools import cached_property
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from config.lists.selection import BulkAction
from config.pages import ListPage, SignedInRequest
from customers.models import Customer
from reconciliation.comparison.drawing import drawn
from reconciliation.comparison.filters import ItemFilter, ListFilter
from reconciliation.comparison.lines import Class
from reconciliation.comparison.models import ComparedItem, CustomerList
from reconciliation.comparison.queries.comparisons import (
    accepted_now,
    bridge_of,
    decisions_of,
    items_of,
    list_named,
    lists_for,
    lists_in_answers,
    total_of,
)
from reconciliation.comparison.refreshing import compare_again, is_stale
from reconciliation.comparison.tables import ItemTable, ListTable, signed
from reconciliation.comparison.wording import class_in_words, step_in_words

# A comparison of so many lines is made anew while its page is drawn; a larger one when somebody asks for it.
MOST_AT_ONCE = 1500
# Of lists that came with answers and wait.
MOST_SENT = 10
ASKS_WHY = "reconciliation/comparison/_reason.html"


class Comparisons(ListPage):
    title = _("Customers' lists")
    table_class = ListTable
    filterset_class = ListFilter
    template_name = "reconciliation/comparison/list.html"

    def queryset(self) -> QuerySet[CustomerList]:
        return lists_for(self.request.user)

    def context(self) -> dict[str, Any]:
        user = self.request.user
        return {"may_upload": user.may_post, "sent": [] if self.request.htmx else lists_in_answers(user)[:MOST_SENT]}


class ComparisonPage(ListPage):
    """The bridge stands on the page alone; the fragment that a filter changes is the list."""

    table_class = ItemTable
    filterset_class = ItemFilter
    template_name = "reconciliation/comparison/detail.html"
    amount = "difference"
    actions = (
        BulkAction(
            _("Pair…"),
            "comparison:pair",
            icon="link",
            dialog="reconciliation/comparison/_reason.html",
            does=_("Pair"),
        ),
    )

    @property
    def title(self) -> str:  # type: ignore[override]
        return str(self.row)

    @cached_property
    def row(self) -> CustomerList:
        return get_object_or_404(list_named(self.request.user, self.kwargs["pk"]))

    @cached_property
    def may_decide(self) -> bool:
        user, row = self.request.user, self.row
        return user.may_post and row.withdrawn_at is None and row.result.accepted_at is None

    def currency(self, _record: ComparedItem) -> str:
        return self.row.customer.currency

    def get(self, request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.is_stale = self.row.withdrawn_at is None and not request.htmx and is_stale(self.row)
        if self.is_stale and self.row.line_count <= MOST_AT_ONCE:
            compare_again(self.row)
            self.is_stale = False
            messages.info(request, _("The ledger has moved; the list was compared anew."))
        return super().get(request, *args, **kwargs)

    def queryset(self) -> QuerySet[ComparedItem]:
        return items_of(self.row)

    def totals(self, rows: QuerySet[ComparedItem]) -> dict[str, object]:
        return {**total_of(rows)}

    def bulk_actions(self) -> Any:
        return self.actions if self.may_decide else ()

    def context(self) -> dict[str, Any]:
        if self.request.htmx:
            return {"row": self.row}
        walked, decisions = bridge_of(self.row), decisions_of(self.row)
        return {
            "row": self.row,
            "bridge": walked,
            "steps": [
                {
                    "drawn": one,
                    "label": class_in_words(one.step.cls),
                    "said": step_in_words(one.step.cls, one.step.amount),
                    "amount": signed(one.step.amount),
                    "has_lines": one.step.cls not in (Class.OPENING, Class.UNEXPLAINED),
                }
                for one in drawn(walked)
            ],
            "difference": signed(walked.difference),
            "decisions": decisions,
            "is_stale": self.is_stale,
            "may_decide": self.may_decide,
            "may_post": self.request.user.may_post,
            "accepted": accepted_now(decisions),
            "key": uuid4(),
            "tabs": self._tabs(),
        }

    def _tabs(self) -> list[tuple[str, str, bool]]:
        tabs = [
            (_("All lines"), ""),
            (_("Differences"), "what=differences"),
            (_("What agrees"), "cls=agreed"),
            (_("Only with us"), "what=ours"),
            (_("Only with them"), "what=theirs"),
        ]
        asked = {name: self.request.GET.get(name, "") for name in ("what", "cls")}
        said = "&".join(f"{name}={value}" for name, value in asked.items() if value)
        return [
            (str(label), f"{self.request.path}{'?' if query else ''}{query}#list", said == query)
            for label, query in tabs
        ]


def customer_named(request: SignedInRequest, pk: str) -> Customer | None:
    """Whom `?customer=` names, of those for whom the user may write; None where it names nobody."""
    if not pk:
        return None
    return get_object_or_404(
        Customer.objects.writable_by(request.user).select_related("owner"), pk=pk if pk.isdecimal() else None
    )
