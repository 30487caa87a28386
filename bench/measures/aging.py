"""The aging report, from the question to its rows in Python and their total."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from typing import Any

from aging.queries import reports
from aging.question import Grouping, Question
from aging.report import Amounts, Report
from bench import bare
from bench.measures.scene import Scene
from bench.timing import Figure, compared, side_by_side

# Asked for from so many invoices on: of a smaller firm's few milliseconds the most are Django's own.
AT_MOST, FROM = 1.5, 1_000_000


def measured(scene: Scene) -> Iterator[Figure]:
    for by in (Grouping.CUSTOMER, Grouping.SALESPERSON):
        yield _figure(scene, f"aging today by {by}", by=by, on=scene.today)
    for name, day in scene.past_days.items():
        yield _figure(scene, f"aging as of {name} by customer", by=Grouping.CUSTOMER, on=day)


def report(*, by: Grouping, on: date) -> Callable[[], tuple[Report, Amounts]]:
    """Asks for the report: its rows, one for each group, and their total."""

    def ask() -> tuple[Report, Amounts]:
        [answer] = reports(Question(as_of=on, by=by))
        return answer, answer.totals

    return ask


def _figure(scene: Scene, metric: str, *, by: Grouping, on: date) -> Figure:
    ask = report(by=by, on=on)
    ways = [partial(way, scene.bare, by=by.value, on=on) for way in bare.aging_ways(on, scene.today)]
    _check(ways[0](), *ask())
    pair = min((side_by_side(way, ask, rounds=scene.rounds) for way in ways), key=lambda pair: pair.bare)
    return compared(metric, scene.label, pair, at_most=AT_MOST if scene.firm.invoices >= FROM else None)


def _check(rows: list[tuple[Any, ...]], answer: Report, totals: Amounts) -> None:
    """Both ways must give the same answer, or their times say nothing."""
    found = [sum(row[column] or 0 for row in rows) for column in range(-10, 0)]
    expected = [*totals.bucket_cents, totals.unbilled_cents, totals.unapplied_cents, totals.balance_cents]
    if (found, sum(any(row[-10:]) for row in rows)) != (expected, len(answer)):
        raise RuntimeError(f"{len(rows)} rows of {found} by bare SQL, {len(answer)} of {expected} by the report")
