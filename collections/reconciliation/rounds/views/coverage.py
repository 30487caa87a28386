"""Who has not confirmed lately what they owe."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy

from config.pages import ListPage
from customers.models import Customer
from ledger.filters import CustomerFilter
from ledger.tables import CustomerTable
from reconciliation.rounds.queries.coverage import coverage, missing_customers


class MissingList(ListPage):
    title = gettext_lazy("Balances not confirmed within 90 days")
    table_class = CustomerTable
    filterset_class = CustomerFilter
    template_name = "reconciliation/rounds/missing.html"

    def queryset(self) -> QuerySet[Customer]:
        return missing_customers(self.request.user, today=timezone.localdate())

    def context(self) -> dict[str, Any]:
        return {"coverage": coverage(self.request.user, today=timezone.localdate())}
