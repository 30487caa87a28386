"""Customers and what they owe: the list, and one customer's ledger."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.pages import ListPage, SignedInRequest
from customers.models import Customer
from customers.services import may_change_customers
from ledger.filters import CustomerFilter
from ledger.forms.acts import AutomaticForm
from ledger.queries.accounts import (
    Position,
    account_totals,
    customers_with_totals,
    has_documents_ahead,
    ledger_page,
    open_items,
    totals_by_currency,
)
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


def customer_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """A customer's ledger; `?before=` asks for older lines, which htmx receives alone."""
    customers = Customer.objects.visible_to(request.user).select_related("owner__team", "parent")
    customer = get_object_or_404(customers.prefetch_related("contacts"), pk=pk)
    today = timezone.localdate()
    totals = account_totals(customer, on=today)
    try:
        before = Position.read(request.GET["before"]) if "before" in request.GET else None
    except ValueError:
        raise Http404 from None
    context: dict[str, Any] = {
        "customer": customer,
        "ledger": ledger_page(customer, balance=totals.balance, before=before),
        "before": before,
    }
    if request.htmx and request.htmx.target == "ledger":
        return render(request, "customers/_ledger.html", context)
    context |= {
        "totals": totals,
        "has_documents_ahead": has_documents_ahead(customer, on=today),
        "open_items": open_items(customer, on=today),
        "may_post": request.user.may_post,
        "may_change": may_change_customers(request.user),
        "automatic": AutomaticForm(),
    }
    return render(request, "customers/detail.html", context)
