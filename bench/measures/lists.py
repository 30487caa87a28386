"""Lists and the pages that people open daily: the whole request, against its bare SQL and the drawing of the page."""

import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from unittest import mock

from django.db import connection
from django.template.backends.django import Template
from django.test import Client
from django.urls import reverse
from django.utils import translation

from bench import bare, bare_lists, bare_queues
from bench.measures.scene import Scene, browser, page, queries_of
from bench.timing import Figure, Pair, Way, compared, limited, seconds
from config.lists.paging import SIZES
from flags.models import Flag
from flags.sweep import raise_flags
from ledger.models import Entry, Kind

# Asked for from so many invoices on: of a smaller firm's few milliseconds the most are sessions and rights.
AT_MOST, FROM = 2.0, 1_000_000
MOST_OF_DESK = 15
PARTS = ("chart", "debtors", "changes")


def measured(scene: Scene) -> Iterator[Figure]:
    if not Flag.objects.exists():
        raise_flags(as_of=scene.today)
    client = browser(scene.finance())
    for name, address, way in _lists(scene):
        yield _figure(scene, name, client, address, way)
    home = reverse("dashboard:home")
    yield _figure(scene, "dashboard", client, home, partial(bare_lists.dashboard, scene.bare, on=scene.today))
    for part in PARTS:
        get = page(client, home, target=f"dashboard-{part}")
        get()
        taken = statistics.median(seconds(get, turn=turn) for turn in range(scene.rounds))
        yield limited(f"dashboard, {part}", scene.label, taken * 1000, " ms")
    desk = page(client, reverse("desk"))
    taken = statistics.median(seconds(desk, turn=turn) for turn in range(3))
    yield limited("desk of finance, whole page", scene.label, taken * 1000, " ms")
    yield limited("desk, queries", scene.label, queries_of(desk), "", at_most=MOST_OF_DESK)


def _lists(scene: Scene) -> Iterator[tuple[str, str, Way]]:
    size, today, asked = SIZES[0], scene.today, scene.bare
    customers, entries = reverse("customers:list"), reverse("ledger:entries")
    end = Entry.objects.filter(kind=Kind.INVOICE).latest("pk").number[-5:]
    yield "customer list", customers, partial(bare.customers_list, asked, size=size, on=today)
    yield "ledger list", entries, partial(bare.entries_list, asked, size=size)
    deep = partial(bare.entries_list, asked, size=size, offset=199 * size)
    yield "ledger list, page 200", f"{entries}?page=200", deep
    search = partial(bare_lists.numbered, asked, size=size, end=end)
    yield "ledger list, end of a number", f"{entries}?q={end}", search
    yield "flags list", reverse("flags:list"), partial(bare.flags_list, asked, size=size)
    overdue = partial(bare_lists.overdue, asked, size=size, on=today)
    yield "list of the overdue figure", f"{reverse('dashboard:figure', args=['overdue'])}?currency=CNY", overdue
    unsent = partial(bare_lists.unsent, asked, size=size)
    yield "list of the unsent figure", f"{reverse('dashboard:figure', args=['unsent'])}?currency=CNY", unsent
    yield "queue of invoices to send", reverse("queues:send"), partial(bare_lists.to_send, asked, size=size)
    yield "queue of what to confirm", reverse("queues:confirm"), partial(bare_queues.unconfirmed, asked, size=size)


def _figure(scene: Scene, name: str, client: Client, address: str, way: Way) -> Figure:
    """`bare` is the statement and the drawing of the same page, one after the other."""
    draw, get = _drawing(client, address), page(client, address)
    way(), draw(0), get()
    taken = [(seconds(way) + draw(turn), seconds(get, turn=turn)) for turn in range(scene.rounds)]
    pair = Pair(statistics.median(b for b, _o in taken), statistics.median(o for _b, o in taken))
    return compared(name, scene.label, pair, at_most=AT_MOST if scene.firm.invoices >= FROM else None)


def _drawing(client: Client, address: str) -> Callable[[int], float]:
    """Draws the page again from the rows that it holds, and says how long that took in a turn: whatever the template
    still asks of the database, such as the choices of its filters, is not counted.
    """
    seen: list[tuple[Any, ...]] = []
    drawn = Template.render

    def watched(template: Any, context: Any = None, request: Any = None) -> Any:
        seen.append((template, context, request))
        return drawn(template, context, request)

    with mock.patch.object(Template, "render", watched):
        client.get(address)
    # The page itself is the first; its widgets are templates too.
    template, context, request = seen[0]

    def draw(turn: int) -> float:
        asked = 0.0

        def clock(execute: Any, *statement: Any) -> Any:
            nonlocal asked
            begin = time.perf_counter()
            try:
                return execute(*statement)
            finally:
                asked += time.perf_counter() - begin

        with connection.execute_wrapper(clock), translation.override(request.LANGUAGE_CODE):
            return seconds(lambda: drawn(template, context, request), turn=turn) - asked

    return draw
