"""My desk: what waits for the user, block by block, and what the user's customers owe."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from config import live
from config.pages import SignedInRequest
from customers.models import Role
from flags.models import FlagKind, FlagNote
from flags.queries.balance import LABELS, Trend, trends
from flags.queries.blocks import Block, Blocks, waiting_by_salesperson
from flags.queries.desk import (
    Stake,
    account_figures,
    desk_news,
    done_on,
    flags_for_desk,
    next_up,
    notes_of,
    put_off_on,
    stakes,
)
from ledger.queries.first_steps import is_empty

PAGE = 20
# As many digits as every key of the database fits in.
LONGEST_KEY = 18
SNOOZED_DAYS = 7
# The regions of the page that keep up by themselves, each with its template and what it shows.
FIGURES, TO_DO = "desk-figures", "flags"


@require_GET
def desk(request: SignedInRequest) -> HttpResponse:
    today = timezone.localdate()
    at_stake = stakes(flags_for_desk(request.user, on=today))
    news = desk_news(request.user, live.asked(request), at_stake, on=today)
    if live.is_asking(request) and not news.is_any:
        return live.nothing_new(request, news.version)
    said = live.changes_in_words(news.by) if live.is_asking(request) else ""
    region = {"live": live.region(request, news.version, said=said)}
    target = request.htmx.target if request.htmx else None
    if target == FIGURES:
        # The trends come after the page, into room that is kept for them.
        return render(request, "desk/_figures.html", {**region, **figures(request, today, trends(request.user))})
    if target == TO_DO:
        return render(request, "desk/_flags.html", {**region, **to_do(request, request.GET, at_stake, today)})
    notes = notes_of(request.user, today)
    shown = {
        **region,
        **figures(request, today, notes=notes),
        **to_do(request, request.GET, at_stake, today, notes=notes),
    }
    shown["ledger_is_empty"] = not shown["figures"] and is_empty()
    return render(request, "desk/desk.html", shown)


def redrawn(request: SignedInRequest, asked: QueryDict) -> HttpResponse:
    """The blocks anew, after an act that was sent from a desk which shows what is `asked`."""
    today = timezone.localdate()
    address = f"{reverse('desk')}?{asked.urlencode()}" if asked else reverse("desk")
    at_stake = stakes(flags_for_desk(request.user, on=today))
    news = desk_news(request.user, "", at_stake, on=today)
    region = live.region(request, news.version, url=address)
    return render(request, "desk/_flags.html", {"live": region, **to_do(request, asked, at_stake, today)})


def figures(
    request: SignedInRequest,
    today: date,
    moved: dict[str, dict[str, Trend]] | None = None,
    *,
    notes: list[FlagNote] | None = None,
) -> dict[str, Any]:
    user = request.user
    return {
        "figures": [
            (
                currency,
                [
                    (name, label, totals[name], (moved or {}).get(currency, {}).get(name))
                    for name, label in LABELS.items()
                ],
            )
            for currency, totals in account_figures(user, on=today)
        ],
        "has_trends": moved is not None,
        "done": done_on(user, today, notes),
        # Whose desk is also that of others sees with whom things wait.
        "team": waiting_by_salesperson(flags_for_desk(user, on=today)) if user.role != Role.SALESPERSON else [],
        "today": today,
    }


def to_do(
    request: SignedInRequest,
    asked: QueryDict,
    at_stake: list[Stake],
    today: date,
    *,
    notes: list[FlagNote] | None = None,
) -> dict[str, Any]:
    """The blocks of the page that an address asks for; `at_stake` of all that waits for the user."""
    kind, salesperson = _chosen(asked)
    flags = flags_for_desk(request.user, on=today, kind=kind, salesperson=salesperson)
    blocks: Any = Blocks(flags)
    if salesperson is not None:
        at_stake = stakes(flags_for_desk(request.user, on=today, salesperson=salesperson))
    return {
        "page": Paginator[Block](blocks, PAGE).get_page(asked.get("page")),
        "kind": kind,
        "salesperson": salesperson,
        "stakes": at_stake,
        "mixes_currencies": len({stake.currency for stake in at_stake}) > 1,
        "put_off": put_off_on(request.user, today, notes) if request.user.may_post else [],
        "next_up": None if at_stake else next_up(request.user, on=today),
        **block_context(request, today),
    }


def block_context(request: SignedInRequest, today: date) -> dict[str, Any]:
    """What every block says besides itself."""
    return {"today": today, "until": today + timedelta(days=SNOOZED_DAYS), "may_act": request.user.may_post}


def shown_where(request: SignedInRequest) -> QueryDict:
    """What the desk shows from which an act was sent."""
    return QueryDict(urlsplit(request.htmx.current_url or "").query)


def block_of(request: SignedInRequest, customer: int, asked: QueryDict, today: date) -> Block | None:
    kind, salesperson = _chosen(asked)
    flags = flags_for_desk(request.user, on=today, kind=kind, salesperson=salesperson).of_customer(customer)
    return next(iter(Blocks(flags)[:1]), None)


def _chosen(asked: QueryDict) -> tuple[str, int | None]:
    """The kind and the salesperson to whom an address narrows the desk."""
    kind, salesperson = asked.get("kind", ""), asked.get("salesperson", "")
    narrowed = (
        int(salesperson) if salesperson.isdecimal() and salesperson.isascii() and len(salesperson) < 16 else None
    )
    return kind if kind in FlagKind.values else "", narrowed
