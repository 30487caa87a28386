"""Pages, whole: routing, session, permission, queries and template."""

from collections.abc import Iterator

from django.db.models import Count
from django.urls import reverse

from bench import bare
from bench.measures.scene import Scene, browser, page, queries_of
from bench.timing import Figure, compared, limited, side_by_side
from ledger.models import Entry
from ledger.queries.accounts import PAGE


def measured(scene: Scene) -> Iterator[Figure]:
    yield from aging(scene)
    yield from ledger(scene)


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
