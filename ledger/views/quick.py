"""The pages on which shipments and payments are recorded one after the other, by thumb or by keyboard alone."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET
from django_htmx.http import trigger_client_event

from config.pages import SignedInRequest
from customers.models import Customer
from ledger.forms.base import DocumentForm
from ledger.forms.doubts import is_long_ago
from ledger.forms.quick import kept_in
from ledger.models import Entry, Kind
from ledger.queries.quick import customers_to_choose, last_method, recorded_today
from ledger.views.documents import DocumentPage
from ledger.views.leaving import tell_recorded
from ledger.views.permission import require_posting

LONGEST_SEARCH = 100


class QuickPage(DocumentPage):
    """As the page of a document, but what comes after recording is the next form, with the date and the method of
    the last one, a day long ago excepted, and the list of what was recorded today.
    """

    tab = ""

    def get(self, request: SignedInRequest) -> HttpResponse:
        customer = self._customer(request.GET.get("customer", ""))
        return self._page(self.form_class(user=request.user, customer=customer, initial=kept_in(request.GET)))

    def post(self, request: SignedInRequest) -> HttpResponse:
        if "_choose" in request.POST:
            return self._chosen(self._customer(request.POST["_choose"]))
        return super().post(request)

    def _chosen(self, customer: Customer | None) -> HttpResponse:
        """Another customer, who pays in a way of its own and owes other debts."""
        data = self.request.POST.copy()
        data["customer"] = str(customer.pk) if customer is not None else ""
        data.pop("settles", None)
        if customer is not None and "method" in data and (method := last_method(customer)):
            data["method"] = method
        form = self.form_class(data, user=self.request.user, customer=customer)
        form.leave_unjudged()
        return self._page(form)

    def recorded(self, entry: Entry, form: DocumentForm) -> HttpResponse:
        kept: dict[str, Any] = {} if is_long_ago(entry.date) else {"date": entry.date}
        if entry.kind == Kind.PAYMENT:
            kept["method"] = entry.payment.method
        if not self.request.htmx:
            tell_recorded(self.request, entry)
            query = "&".join(f"{name}={value}" for name, value in kept.items())
            return HttpResponseRedirect(f"{self.request.path}?{query}")
        fresh = self.form_class(user=self.request.user, customer=None, initial=kept)
        return trigger_client_event(
            self._page(fresh, just=entry), "recorded", {"key": self.request.POST.get("key", "")}
        )

    def _page(self, form: DocumentForm, just: Entry | None = None) -> HttpResponse:
        words = self.request.POST.get("customer_search", "") if form.chosen is None and just is None else ""
        context: dict[str, Any] = {
            "form": form,
            "title": form.heading,
            "tab": self.tab,
            "just": just,
            "recorded": recorded_today(self.request.user),
            "words": words,
            "customers": customers_to_choose(self.request.user, words) if form.chosen is None else [],
        }
        return render(self.request, "ledger/_quick.html" if self.request.htmx else "ledger/quick.html", context)


@require_GET
def options(request: SignedInRequest) -> HttpResponse:
    """The customers that match what is typed; those of late where nothing is."""
    require_posting(request.user)
    words = request.GET.get("customer_search", "").replace("\x00", "")[:LONGEST_SEARCH]
    context = {"customers": customers_to_choose(request.user, words), "words": words}
    return render(request, "ledger/_quick_options.html", context)
