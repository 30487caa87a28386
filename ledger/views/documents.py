"""The pages on which documents are recorded: one door for every kind of document."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views import View

from config.pages import SignedInRequest, way_back
from customers.models import Customer
from ledger.forms.base import DocumentForm
from ledger.forms.pasted_lines import with_pasted_lines
from ledger.models import Entry
from ledger.queries.prefilling import prefilled
from ledger.views.leaving import leave, tell_recorded
from ledger.views.permission import require_posting

# A row is added by drawing the form anew with one more: `_add` names the rows.
ROWS = ("lines", "instalments")


class DocumentPage(View):
    """GET draws the empty form, for `?customer=` where it is given; POST records the document, or draws the form
    anew with all that was typed: because something is wrong with it, or because `_redraw` asks for it.
    """

    form_class: type[DocumentForm] = DocumentForm
    # Only finance records what was owed before the ledger began.
    for_bookkeepers = False
    request: SignedInRequest

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        require_posting(request.user)
        if self.for_bookkeepers and not request.user.keeps_books:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: SignedInRequest) -> HttpResponse:
        customer = self._customer(request.GET.get("customer", ""))
        initial = prefilled(request.user, customer, request.GET) if customer is not None else {}
        return self._page(self.form_class(user=request.user, customer=customer, initial=initial))

    def post(self, request: SignedInRequest) -> HttpResponse:
        data = request.POST
        customer = self._customer(data.get("customer", ""))
        if "_redraw" in data or "_add" in data or "_paste" in data:
            typed = with_pasted_lines(data) if "_paste" in data else _with_row(data)
            form = self.form_class(typed, user=request.user, customer=customer)
            form.leave_unjudged()
            return self._page(form)
        form = self.form_class(data, user=request.user, customer=customer)
        entry = form.submit(by=request.user, customer=customer) if customer is not None else None
        return self.recorded(entry, form) if entry is not None else self._page(form)

    def recorded(self, entry: Entry, form: DocumentForm) -> HttpResponse:
        """Where a form leads that was recorded."""
        tell_recorded(self.request, entry)
        target = way_back(self.request, reverse("customers:detail", args=[entry.customer_id]))
        return leave(self.request, target)

    def _customer(self, pk: str) -> Customer | None:
        if not pk:
            return None
        customers = Customer.objects.writable_by(self.request.user).select_related("owner")
        return get_object_or_404(customers, pk=pk if pk.isdecimal() else None)

    def _page(self, form: DocumentForm) -> HttpResponse:
        template = "ledger/_document.html" if self.request.htmx else "ledger/document.html"
        return render(self.request, template, {"form": form, "title": form.heading})


def _with_row(data: QueryDict) -> QueryDict:
    rows = data.get("_add")
    if rows not in ROWS:
        return data
    name = f"{rows}-TOTAL_FORMS"
    grown = data.copy()
    count = data.get(name, "0")[:6]
    grown[name] = str(int(count) + 1) if count.isdecimal() else "1"
    return grown
