"""One customer, section by section: each has an address of its own, and htmx receives the section alone."""

from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from account.forms import LedgerForm
from account.queries.heading import aging, customers_for_page, family, heading
from account.queries.timeline import LABELS, Moment, Sort, time_line
from config.pages import SignedInRequest
from customers.services import may_change_customers
from ledger.forms.acts import AutomaticForm
from ledger.queries.accounts import Position, account_totals, first_year, ledger_page, open_items
from ledger.queries.attachments import files_panel
from ledger.queries.flows import customer_flow

SECTIONS = {
    "detail": _("Open items"),
    "ledger": _("Ledger"),
    "paid": _("What paid what"),
    "timeline": _("Time line"),
    "files": _("Files"),
    "about": _("Customer details"),
}
# What paid what is drawn of so many days at once.
STRETCH = timedelta(days=183)


def _show(request: SignedInRequest, customer: Any, section: str, context: dict[str, Any]) -> HttpResponse:
    """The whole page, or what of it htmx asks for: the section, or a part of it that has a template of its own."""
    context = {
        "customer": customer,
        "section": section,
        "section_template": f"customers/_{section}.html",
        "sections": [(name, f"customers:{name}", label) for name, label in SECTIONS.items()],
        "may_post": request.user.may_post,
        "may_change": may_change_customers(request.user),
        **context,
    }
    if request.htmx and request.htmx.target == section:
        return render(request, context["section_template"], context)
    if request.htmx and request.htmx.target == "section":
        return render(request, "customers/_section.html", context)
    context["heading"] = heading(customer, on=timezone.localdate())
    return render(request, "customers/detail.html", context)


def _customer(request: SignedInRequest, pk: int) -> Any:
    return get_object_or_404(customers_for_page(request.user, on=timezone.localdate()), pk=pk)


@require_GET
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    customer = _customer(request, pk)
    today = timezone.localdate()
    context = {
        "open_items": open_items(customer, on=today),
        "aged": aging(customer, on=today),
        "automatic": AutomaticForm(),
    }
    return _show(request, customer, "detail", context)


@require_GET
def ledger(request: SignedInRequest, pk: int) -> HttpResponse:
    """The ledger with its running balance; `?before=` asks for older lines, `?until=` for those up to a day."""
    customer = _customer(request, pk)
    today = timezone.localdate()
    form = LedgerForm(request.GET or None, years=_years(customer, today))
    asked = form.cleaned_data if form.is_valid() else {}
    try:
        before = Position.read(request.GET["before"]) if "before" in request.GET else None
    except ValueError:
        raise Http404 from None
    if before is None and asked.get("until"):
        before = Position(min(asked["until"], date.max - timedelta(days=1)) + timedelta(days=1), 0)
    page = ledger_page(
        customer,
        balance=account_totals(customer, on=today).balance,
        before=before,
        kind=asked.get("kind", ""),
        year=asked.get("year"),
    )
    return _show(request, customer, "ledger", {"ledger": page, "before": before, "form": form})


@require_GET
def paid(request: SignedInRequest, pk: int) -> HttpResponse:
    customer = _customer(request, pk)
    try:
        until = date.fromisoformat(request.GET["until"]) if "until" in request.GET else timezone.localdate()
        since = until - STRETCH
    except (ValueError, OverflowError):
        raise Http404 from None
    with_undone = "undone" in request.GET
    flow = customer_flow(customer, until=until, since=since, with_undone=with_undone)
    return _show(
        request,
        customer,
        "paid",
        {"flow": flow, "until": until if "until" in request.GET else None, "with_undone": with_undone},
    )


@require_GET
def timeline(request: SignedInRequest, pk: int) -> HttpResponse:
    customer = _customer(request, pk)
    sort = request.GET.get("sort", "")
    try:
        before = Moment.read(request.GET["before"]) if "before" in request.GET else None
        Sort(sort or Sort.DOCUMENTS)
    except (ValueError, OverflowError):
        raise Http404 from None
    line = time_line(customer, before=before, sort=sort)
    if request.htmx and request.htmx.target == "older":
        return render(request, "customers/_events.html", {"customer": customer, "line": line, "sort": sort})
    return _show(
        request, customer, "timeline", {"line": line, "before": before, "sort": sort, "sorts": LABELS.items()}
    )


@require_GET
def files(request: SignedInRequest, pk: int) -> HttpResponse:
    customer = _customer(request, pk)
    return _show(
        request,
        customer,
        "files",
        {"panel": files_panel(request.user, customer, None, may_upload=request.user.may_post)},
    )


@require_GET
def about(request: SignedInRequest, pk: int) -> HttpResponse:
    customer = _customer(request, pk)
    return _show(request, customer, "about", {"family": family(request.user, customer, on=timezone.localdate())})


def _years(customer: Any, today: date) -> list[int]:
    first = first_year(customer) or today.year
    return list(range(today.year, first - 1, -1))
