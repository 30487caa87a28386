"""The shared dashboard: what the firm is owed, by whom, and what changed; each part a region or a fragment."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from config import live
from config.pages import SignedInRequest
from config.saved.queries import start_of
from customers.models import HOME_CURRENCY, Role
from dashboard.filters import since_asked
from dashboard.queries.changes import changes_since
from dashboard.queries.debtors import debtors
from dashboard.queries.figures import by_salesperson, figures, sum_of
from dashboard.queries.trend import aging_chart
from ledger.queries.first_steps import is_empty
from ledger.queries.news import ledger_news
from queues.cards import queue_cards
from reconciliation.rounds.queries.coverage import coverage


@require_GET
def dashboard(request: SignedInRequest) -> HttpResponse:
    today = timezone.localdate()
    since, _bar, drawn_on = live.asked(request).partition("|")
    news = ledger_news(request.user, since)
    version = f"{news.version}|{today.isoformat()}"
    if live.is_asking(request) and not news.is_any and drawn_on == today.isoformat():
        return live.nothing_new(request, version)
    said = live.changes_in_words(news.others) if live.is_asking(request) else ""
    context = {"live": live.region(request, version, said=said), "today": today, "currency": _currency(request)}
    target = (request.htmx.target or "") if request.htmx else ""
    if target in PARTS:
        template, part = PARTS[target]
        return render(request, template, context | part(request, today))
    return render(request, "dashboard/dashboard.html", context | _figures(request, today) | _changes(request, today))


@require_GET
def start(request: SignedInRequest) -> HttpResponse:
    """Where the day begins: with the view that a person has chosen, else with the desk that salespeople and managers
    have of their own, or the dashboard that all others share. Who keeps the books of an empty ledger is led on.
    """
    if (chosen := start_of(request.user)) is not None:
        return redirect(chosen.url)
    if request.user.keeps_books and is_empty():
        return redirect("start")
    own = (Role.SALESPERSON, Role.MANAGER)
    return redirect("desk" if request.user.role in own else "dashboard:home")


def _figures(request: SignedInRequest, today: date) -> dict[str, Any]:
    found = figures(request.user, on=today)
    currency = _currency(request)
    if currency not in found and found:
        currency = next(iter(found))
    return {
        "figures": found,
        "currencies": list(found),
        "currency": currency,
        "queues": queue_cards(request.user),
        "salespeople": (salespeople := by_salesperson(request.user, currency=currency, on=today)),
        "all_of_them": sum_of(salespeople),
    }


def _changes(request: SignedInRequest, today: date) -> dict[str, Any]:
    since = since_asked(request, today)
    return {"since": since, "people": changes_since(request.user, since)}


def _chart(request: SignedInRequest, today: date) -> dict[str, Any]:
    return {"chart": aging_chart(request.user, currency=_currency(request))}


def _debtors(request: SignedInRequest, today: date) -> dict[str, Any]:
    return {"debtors": debtors(request.user, currency=_currency(request), on=today)}


def _coverage(request: SignedInRequest, today: date) -> dict[str, Any]:
    return {"coverage": coverage(request.user, today=today)}


# What htmx asks for by the name of its place.
PARTS: dict[str, tuple[str, Callable[[SignedInRequest, date], dict[str, Any]]]] = {
    "dashboard-figures": ("dashboard/_figures.html", _figures),
    "dashboard-changes": ("dashboard/_changes.html", _changes),
    "dashboard-chart": ("dashboard/_chart.html", _chart),
    "dashboard-coverage": ("dashboard/_coverage.html", _coverage),
    "dashboard-debtors": ("dashboard/_debtors.html", _debtors),
}


def _currency(request: SignedInRequest) -> str:
    asked = request.GET.get("currency", "")
    return asked if len(asked) == 3 and asked.isascii() and asked.isalpha() else HOME_CURRENCY
