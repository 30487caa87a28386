"""What ten times the closed history costs: the same open items, once with the last tenth of it and once with all."""

import statistics
from collections.abc import Callable, Iterator

from django.urls import reverse

from aging.question import Grouping
from bench import server
from bench.measures import aging
from bench.measures.scene import Scene, browser, page
from bench.timing import Figure, Pair, Way, compared, seconds

AT_MOST = 1.3


def _aging_today(scene: Scene) -> Way:
    return aging.report(by=Grouping.CUSTOMER, on=scene.today)


def _aging_by_salesperson(scene: Scene) -> Way:
    return aging.report(by=Grouping.SALESPERSON, on=scene.today)


def _aging_last_month(scene: Scene) -> Way:
    return aging.report(by=Grouping.CUSTOMER, on=scene.past_days["last month's end"])


def _aging_page(scene: Scene) -> Way:
    return page(browser(scene.finance()), reverse("aging:report"))


def _customers_page(scene: Scene) -> Way:
    return page(browser(scene.finance()), reverse("customers:list"))


MEASURED: dict[str, Callable[[Scene], Way]] = {
    "aging today by customer": _aging_today,
    "aging today by salesperson": _aging_by_salesperson,
    "aging as of last month's end": _aging_last_month,
    "aging page": _aging_page,
    "page of customers": _customers_page,
}


def ten_times(young: Scene, old: Scene) -> Iterator[Figure]:
    """`young` holds the open items of `old` and the last tenth of what is closed."""
    times = old.loaded.closed_invoices / young.loaded.closed_invoices
    data = f"{old.loaded.open_items:,} open items, {times:.0f} × the closed invoices"
    for name, make in MEASURED.items():
        taken: dict[str, list[float]] = {young.name: [], old.name: []}
        for _round in range(old.rounds):
            for scene in (young, old):
                with server.using(scene.name):
                    way = make(scene)
                    way()
                    taken[scene.name].append(seconds(way))
        pair = Pair(statistics.median(taken[young.name]), statistics.median(taken[old.name]))
        yield compared(f"{name}: little history, much history", data, pair, at_most=AT_MOST)
