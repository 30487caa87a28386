"""Invoices to issue: one leads to its form, several are issued from the list with their numbers typed in."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from config.pages import SignedInRequest, way_back
from ledger.models import Entry
from ledger.views.permission import require_posting, writable_customer
from queues.filters import IssueFilter
from queues.forms import IssueForm, numbered_rows
from queues.issuing import Issued, Wanted, issue_several
from queues.queries.issuing import LONGEST_PAID, bill_of, by_customer_and_month, customers_to_bill, shipments_to_bill
from queues.tables import IssueTable
from queues.views.lists import QueuePage


class IssueList(QueuePage):
    title = gettext_lazy("Invoices to issue")
    table_class = IssueTable
    filterset_class = IssueFilter
    template_name = "queues/issue.html"
    fragment_name = "queues/_issue.html"

    def queryset(self) -> QuerySet[Entry]:
        since = timezone.localdate() - LONGEST_PAID if _with_paid(self.request.GET) else None
        return shipments_to_bill(self.request.user, paid_since=since)

    def filtered(self) -> tuple[Any, QuerySet[Any]]:
        filterset, shipments = super().filtered()
        return filterset, by_customer_and_month(shipments)

    def totals(self, rows: QuerySet[Any]) -> Mapping[str, object]:
        sums = {row["currency"] for row in rows}
        return {"total": sum(row["total"] for row in rows)} if len(sums) == 1 else {}

    def context(self) -> dict[str, Any]:
        form = IssueForm(initial={"date": timezone.localdate()}) if self.request.user.may_post else None
        return {**super().context(), "issue_form": form, "key": uuid4(), "with_paid": _with_paid(self.request.GET)}


@require_GET
def issue_month(request: SignedInRequest, pk: int, month: str) -> HttpResponse:
    """To the form of an invoice, with the goods of the month chosen."""
    customer = writable_customer(request.user, pk)
    asked = QueryDict(mutable=True)
    asked["customer"] = str(pk)
    bill = bill_of(customer, _month(month), with_paid=_with_paid(request.GET))
    asked.setlist("shipments", [str(entry.pk) for entry in bill.shipments])
    asked["next"] = way_back(request, reverse("queues:issue"))
    return HttpResponseRedirect(f"{reverse('ledger:invoice-new')}?{asked.urlencode()}")


@require_POST
def issue_several_at_once(request: SignedInRequest) -> HttpResponse:
    """An invoice for each row with a number; those that are refused are shown again, with what was typed."""
    require_posting(request.user)
    back = way_back(request, reverse("queues:issue"))
    wanted, form = _wanted(request), IssueForm(request.POST)
    if not wanted:
        messages.info(request, _("Type the number of an invoice beside its goods first."))
        return HttpResponseRedirect(back)
    if form.is_valid():
        facts = {"key": form.cleaned_data["key"], "date": form.cleaned_data["date"], "wanted": wanted}
        done = issue_several(by=request.user, **facts)
        count = sum(one.invoice is not None for one in done)
        if count:
            words = ngettext("%(n)d invoice was issued.", "%(n)d invoices were issued.", count)
            messages.success(request, words % {"n": count})
        if not (left := [one for one in done if one.invoice is None]):
            return HttpResponseRedirect(back)
    else:
        left = [Issued(one, None) for one in wanted]
    return render(
        request,
        "queues/issue_again.html",
        {"form": form, "left": left, "key": uuid4(), "next": back, "with_paid": _with_paid(request.POST)},
    )


def _wanted(request: SignedInRequest) -> list[Wanted]:
    """The rows of the form that have a number; a row is named by customer and month."""
    rows = numbered_rows(request.POST)
    customers = customers_to_bill(request.user, {row.customer for row in rows})
    return [
        Wanted(customers[row.customer], row.month, row.number, row.amount, with_paid=_with_paid(request.POST))
        for row in rows
        if row.customer in customers
    ]


def _with_paid(said: QueryDict) -> bool:
    return said.get("goods") == IssueFilter.PAID


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise Http404 from None
