"""The work queues: all open credits weighed at once, and the pages of what waits."""

from collections.abc import Iterator

from django.urls import reverse

from bench import bare_queues
from bench.measures.scene import Scene, browser, page, queries_of
from bench.timing import Figure, compared, limited, side_by_side
from config.lists.paging import SIZES
from ledger.models import Entry
from queues.queries.allocating import credits_to_allocate, exact_ones


def measured(scene: Scene) -> Iterator[Figure]:
    finance = scene.finance()
    credits_open = Entry.objects.open().credits().count()
    data = f"{scene.label}, {credits_open:,} credits"
    pair = side_by_side(
        lambda: bare_queues.weighed(scene.bare),
        lambda: exact_ones(credits_to_allocate(finance)),
        rounds=max(3, scene.rounds // 3),
    )
    yield compared("all open credits weighed", data, pair)
    waiting = page(browser(finance), reverse("queues:confirm"))
    pair = side_by_side(
        lambda: bare_queues.unconfirmed(scene.bare, size=SIZES[0]), waiting, rounds=max(3, scene.rounds // 3)
    )
    yield compared(
        "page of what is to be confirmed", f"{scene.label}, {Entry.objects.unconfirmed().count():,} wait", pair
    )
    get = page(browser(finance), reverse("queues:allocate"))
    yield limited("page of credits to allocate, queries", data, queries_of(get), "", at_most=15)
