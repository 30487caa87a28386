"""The list of customers and what they owe."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.pages import ListPage
from customers.models import Customer
from customers.services import may_change_customers
from ledger.filters import CustomerFilter
from ledger.queries.accounts import customers_with_totals, totals_by_currency
from ledger.tables import CustomerTable


class CustomerList(ListPage):
    title = _("Customers")
    table_class = CustomerTable
    filterset_class = CustomerFilter
    template_name = "customers/list.html"

    def queryset(self) -> QuerySet[Customer]:
        return customers_with_totals(self.request.user, on=timezone.localdate())

    def context(self) -> dict[str, Any]:
        return {"may_change": may_change_customers(self.request.user)}

    def totals(self, rows: QuerySet[Any]) -> Mapping[str, object]:
        """Of a list in one currency: two are never added up."""
        totals = totals_by_currency(rows, on=timezone.localdate())
        return next(iter(totals.values())) if len(totals) == 1 else {}
