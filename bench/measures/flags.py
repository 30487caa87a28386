"""The nightly sweep: the first night, when every flag is new, and the next, when few are."""

import statistics
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from django.db import connection

from bench import bare_flags
from bench.measures.scene import Scene, queries_of
from bench.timing import Figure, Pair, compared, limited, seconds
from flags.models import Flag
from flags.sweep import raise_flags

# What a sweep may take: a handful, whatever the number of invoices.
STATEMENTS = 20


def measured(scene: Scene) -> Iterator[Figure]:
    nights = (scene.today, scene.today + timedelta(days=1))
    taken: dict[tuple[str, date], list[float]] = {(who, night): [] for who in ("bare", "ours") for night in nights}
    for _round in range(max(3, scene.rounds // 3)):
        _forget()
        for night in nights:
            taken["bare", night].append(seconds(partial(bare_flags.sweep, scene.bare, as_of=night)))
        found = Flag.objects.open().count()
        _forget()
        for night in nights:
            taken["ours", night].append(seconds(partial(raise_flags, as_of=night)))
        if (ours := Flag.objects.open().count()) != found:
            raise RuntimeError(f"{found} flags by bare SQL, {ours} by the sweep")
    for name, night in zip(("first night", "next night"), nights, strict=True):
        pair = Pair(*(statistics.median(taken[who, night]) for who in ("bare", "ours")))
        yield compared(f"flags, {name}", f"{scene.label}, {found:,} flags", pair)
    statements = queries_of(lambda: raise_flags(as_of=nights[1]))
    yield limited("flags, statements of a sweep", scene.label, statements, "", at_most=STATEMENTS)
    again = sum(raise_flags(as_of=nights[1]).raised.values())
    yield limited("flags, raised by a second sweep of the night", scene.label, again, "", at_most=0)


def _forget() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {Flag._meta.db_table} RESTART IDENTITY CASCADE")
