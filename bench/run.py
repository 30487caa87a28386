"""One run: which databases are loaded, and what is measured on each."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from bench import server
from bench.load import Firm, load
from bench.measures import (
    aging,
    books,
    exporting,
    flags,
    history,
    importing,
    lists,
    matching,
    pages,
    queues,
    searching,
    trends,
)
from bench.measures.scene import Scene
from bench.timing import Figure

# What is asked of every firm, in this order.
OF_A_FIRM: dict[str, Callable[[Scene], Iterator[Figure]]] = {
    "aging": aging.measured,
    "pages": pages.measured,
    "search": searching.measured,
    "flags": flags.measured,
    "lists": lists.measured,
    "trends": trends.measured,
    "queues": queues.measured,
    "books": books.measured,
    "matching": matching.measured,
}
PARTS = (*OF_A_FIRM, "history", "sheets")
MANY_OPEN = 0.3
HISTORY = 0.1


@dataclass(frozen=True, slots=True)
class Scale:
    sizes: list[int]
    rounds: int
    # Open items of the exported report, and rows of the imported workbook.
    items: int

    @classmethod
    def of(cls, sizes: list[int], *, quick: bool) -> "Scale":
        return cls(sizes, rounds=3 if quick else 9, items=min(sizes[-1], 10_000 if quick else 100_000))


def run(scale: Scale, parts: Sequence[str], *, today: date, keep: bool) -> list[Figure]:
    """Every figure of the parts, measured one after the other on databases that are made for it."""
    figures: list[Figure] = []
    server.create_template()
    try:
        for firm in _firms(scale, parts):
            with _scene(firm, scale, today=today, keep=keep) as scene:
                for part, measure in OF_A_FIRM.items():
                    if part in parts:
                        figures += _told(measure(scene))
                if "history" in parts and firm == Firm(scale.sizes[-1]):
                    young = Firm(firm.invoices, history=HISTORY)
                    with _scene(young, scale, today=today, keep=keep) as before:
                        figures += _told(history.ten_times(before, scene))
        if "sheets" in parts:
            # Nine out of ten are open, so that the firm need not be large.
            with _scene(Firm(scale.items * 10 // 9, open_share=0.9), scale, today=today, keep=keep) as scene:
                figures += _told(exporting.workbook(scene))
            with server.database("import", keep=keep) as name:
                figures += _told(importing.imported(name, rows=scale.items, today=today))
    finally:
        server.drop(server.TEMPLATE)
    order = {metric: place for place, metric in enumerate(dict.fromkeys(figure.metric for figure in figures))}
    return sorted(figures, key=lambda figure: order[figure.metric])


def _firms(scale: Scale, parts: Sequence[str]) -> list[Firm]:
    if set(parts) & OF_A_FIRM.keys():
        return [Firm(size, share) for size in scale.sizes for share in (Firm(size).open_share, MANY_OPEN)]
    return [Firm(scale.sizes[-1])] if "history" in parts else []


@contextmanager
def _scene(firm: Firm, scale: Scale, *, today: date, keep: bool) -> Iterator[Scene]:
    label = f"{firm.invoices}_{firm.open_share:.0%}_{firm.history:.0%}".replace("%", "")
    with server.database(label, keep=keep) as name:
        loaded = load(name, firm, today=today)
        print(f"{name}: {loaded}", file=sys.stderr)
        with server.connect(name) as bare:
            yield Scene(name, firm, loaded, bare, today, scale.rounds)


def _told(figures: Iterator[Figure]) -> Iterator[Figure]:
    """The same figures, each told while it is new: a run takes its time."""
    for figure in figures:
        ratio = "" if figure.ratio is None else f", ratio {figure.ratio:.2f}"
        print(f"  {figure.metric} ({figure.data}): {figure.ours}, bare {figure.bare or '-'}{ratio}", file=sys.stderr)
        yield figure
