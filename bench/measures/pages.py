"""Pages, whole: routing, session, permission, queries and template."""

from collections.abc import Callable, Iterator

from django.db.models import Count
from django.urls import reverse

from bench import bare
from bench.measures.scene import Scene, browser, page, queries_of
from bench.timing import Figure, compared, limited, side_by_side
from config.lists.paging import SIZES
from ledger.models import Entry
from ledger.queries.accounts import PAGE


def measured(scene: Scene) -> Iterator[Figure]:
    yield from aging(scene)
    yield from ledger(scene)
    yield from lists(scene)


def ledger(scene: Scene) -> Iterator[Figure]:
    """The ledger page of the customer with the most entries."""
    largest = Entry.objects.values_list("customer").annotate(lines=Count("pk")).order_by("-lines")[0]
    customer, lines = largest
    get = page(browser(scene.finance()), reverse("customers:ledger", args=[customer]))
    pair = side_by_side(lambda: bare.ledger_page(scene.bare, customer=customer, size=PAGE), get, rounds=scene.rounds)
    data = f"{scene.label}, {lines:,} entries"
    yield compared("ledger page of the largest customer", data, pair)
    yield limited("ledger page, queries", data, queries_of(get), "")


def aging(scene: Scene) -> Iterator[Figure]:
    """The first screen of the aging report, against the bare report that it is a page of."""
    get = page(browser(scene.finance()), reverse("aging:report"))
    [report] = bare.aging_ways(scene.today, scene.today)
    pair = side_by_side(lambda: report(scene.bare, by="customer", on=scene.today), get, rounds=scene.rounds)
    yield compared("aging page, first screen", scene.label, pair)
    yield limited("aging page, queries", scene.label, queries_of(get), "", at_most=10)


def lists(scene: Scene) -> Iterator[Figure]:
    """The first page of each list, and a deep one, against the bare SQL of what they show."""
    client = browser(scene.finance())
    entries, size = reverse("ledger:entries"), SIZES[0]
    ways: list[tuple[str, Callable[[], object], str]] = [
        (
            "customer list",
            lambda: bare.customers_list(scene.bare, size=size, on=scene.today),
            reverse("customers:list"),
        ),
        ("ledger list", lambda: bare.entries_list(scene.bare, size=size), entries),
        (
            "ledger list, page 200",
            lambda: bare.entries_list(scene.bare, size=size, offset=199 * size),
            f"{entries}?page=200",
        ),
        ("flags list", lambda: bare.flags_list(scene.bare, size=size), reverse("flags:list")),
    ]
    for name, way, address in ways:
        yield compared(name, scene.label, side_by_side(way, page(client, address), rounds=scene.rounds))
