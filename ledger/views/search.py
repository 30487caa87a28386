"""Search over everything, as a page and as the command palette."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET

from config.pages import SignedInRequest
from customers.models import Customer
from ledger.palette import actions, actions_for, actions_on
from ledger.queries.search import FEW, LONGEST, MANY, Found, search

GROUPS = ("customers", "contacts", "documents", "amounts", "references", "tracking")
# In the palette there is less room than on the page.
FEWER = 5


@require_GET
def found(request: SignedInRequest) -> HttpResponse:
    words = _words(request)
    only = request.GET.get("in", "")
    only = only if only in GROUPS else ""
    groups = search(request.user, words, on=timezone.localdate(), most=MANY if only else FEW, only=only)
    is_fragment = bool(request.htmx) and request.htmx.target == "found"
    response = render(
        request,
        "search/_found.html" if is_fragment else "search/page.html",
        {"words": words, "only": only, "groups": [(group, _all(group, words, only)) for group in groups]},
    )
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_GET
def palette(request: SignedInRequest) -> HttpResponse:
    """The options of the palette: for what is typed, or what can be done with one customer."""
    key = request.GET.get("customer", "")
    if key:
        customers = Customer.objects.visible_to(request.user)
        customer = get_object_or_404(customers, pk=key if key.isdecimal() else None)
        context = {
            "customer": customer,
            "acts": actions_on(request, request.user, customer),
            "groups": [],
            "words": "",
        }
        return render(request, "search/_options.html", context)
    words = _words(request)
    groups = search(request.user, words, on=timezone.localdate(), most=FEWER)
    acts = [*actions_for(request, request.user, words), *actions(request, words)]
    return render(request, "search/_options.html", {"customer": None, "words": words, "groups": groups, "acts": acts})


def _words(request: SignedInRequest) -> str:
    return " ".join(request.GET.get("q", "").replace("\x00", "").split())[:LONGEST]


def _all(group: Found, words: str, only: str) -> str:
    """Where all of a group's hits stand: in the list that filters like this, or on a page of their own."""
    if not group.has_more:
        return ""
    match group.key:
        case "customers":
            return f"{reverse('customers:list')}?{urlencode({'q': words})}"
        case "documents":
            return f"{reverse('ledger:entries')}?{urlencode({'q': words})}"
        case "amounts":
            return f"{reverse('ledger:entries')}?{urlencode({'amount': words})}"
        case _:
            return "" if only else f"{reverse('search')}?{urlencode({'q': words, 'in': group.key})}"
