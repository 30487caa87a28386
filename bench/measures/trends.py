"""Month ends and expected cash: what the night makes of them, and what their pages read."""

import statistics
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

from aging.history import keeping, month_ends, month_ends_before
from bench.measures.scene import Scene, queries_of
from bench.timing import Figure, limited, seconds
from trends import keeping as expectations
from trends.forms import Asked
from trends.queries.cash import back_test, expected_cash
from trends.rules import monday

MONTHS = 12
# What a series may ask, however long it is.
STATEMENTS = 10


def measured(scene: Scene) -> Iterator[Figure]:
    user = scene.finance()
    days = month_ends_before(scene.today, MONTHS)
    made: list[tuple[str, Callable[[], object]]] = [
        ("month ends, the last one filled", partial(keeping.fill, days[-1:])),
        ("month ends, that of a year ago filled", partial(keeping.fill, days[:1])),
        ("expected cash, habits of a year", partial(expectations.keep_habits, today=scene.today)),
        ("expected cash, a Monday kept", partial(expectations.keep_monday, monday(scene.today) - timedelta(weeks=4))),
    ]
    for name, make in made:
        yield _told(name, scene, [seconds(make)])
    keeping.fill(days)
    read: list[tuple[str, Callable[[], object]]] = [
        ("month ends, twelve read", partial(month_ends, user, months=MONTHS)),
        ("expected cash, twelve weeks ahead", partial(expected_cash, user, Asked(), today=scene.today)),
        ("expected cash, twelve weeks behind", partial(back_test, user, Asked(), today=scene.today)),
    ]
    for name, ask in read:
        ask()
        yield _told(name, scene, [seconds(ask) for _round in range(scene.rounds)])
    statements = queries_of(partial(month_ends, user, months=MONTHS))
    yield limited("month ends, statements of a series", scene.label, statements, "", at_most=STATEMENTS)


def _told(name: str, scene: Scene, taken: list[float]) -> Figure:
    return limited(name, scene.label, statistics.median(taken) * 1000, " ms")
