"""Sales book, finance book and their difference by customer, from the question to its rows in Python."""

from collections.abc import Iterator
from datetime import date
from functools import partial

from bench import bare_books
from bench.bare import aging_sources
from bench.measures.scene import Scene
from bench.timing import Figure, compared, side_by_side
from ledger.money import from_cents
from reconciliation.books.queries.sums import Row, rows
from reconciliation.books.question import Question


def measured(scene: Scene) -> Iterator[Figure]:
    days = {"today": scene.today, **{f"as of {name}": day for name, day in scene.past_days.items()}}
    for name, day in days.items():
        yield _figure(scene, f"two books {name}", day)


def _figure(scene: Scene, metric: str, day: date) -> Figure:
    def ask() -> list[Row]:
        return rows(Question(as_of=day))

    choices = range(len(aging_sources(day, scene.today)))
    ways = [partial(bare_books.sums, scene.bare, on=day, today=scene.today, source=n) for n in choices]
    expected = {(row.key, row.sales, row.difference, row.count) for row in ask()}
    found = {
        (code, from_cents(sales), from_cents(between), int(count))
        for code, _n, _c, _id, sales, between, count in ways[0]()
    }
    if expected != found:
        raise RuntimeError(f"{len(found)} customers by bare SQL, {len(expected)} by the books, or other sums")
    pair = min((side_by_side(way, ask, rounds=scene.rounds) for way in ways), key=lambda pair: pair.bare)
    return compared(metric, scene.label, pair)
