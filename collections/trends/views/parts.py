"""What the pages of trends share: the question, the currency chosen, fragment or page."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.http import push_url

from config.pages import SignedInRequest

Choice = tuple[str, str, bool]


def address(request: SignedInRequest, **changes: str) -> str:
    """This page with what was asked, but for what changes; nothing empty stands in it."""
    kept: QueryDict = request.GET.copy()
    kept.pop("_export", None)
    for name, value in changes.items():
        kept[name] = value
    for name in [name for name in kept if not any(kept.getlist(name))]:
        del kept[name]
    return f"{request.path}?{kept.urlencode()}" if kept else request.path


def chosen(currencies: Iterable[str], asked: str) -> str:
    """The currency asked for where there is something in it, else the first."""
    found = list(currencies)
    return asked if asked in found else next(iter(found), "")


def tabs(request: SignedInRequest, currencies: Sequence[str], current: str) -> list[Choice]:
    """A tab for each currency, where there are several."""
    if len(currencies) < 2:
        return []
    return [(one, address(request, currency=one), one == current) for one in currencies]


def answer(request: SignedInRequest, page: str, fragment: str, context: dict[str, Any]) -> HttpResponse:
    """The whole page, or what htmx puts into its place."""
    is_fragment = bool(request.htmx) and request.htmx.target == "list"
    context["to_save"] = address(request)
    response = render(request, fragment if is_fragment else page, context)
    patch_vary_headers(response, ["HX-Request"])
    if is_fragment:
        push_url(response, address(request))
    return response
