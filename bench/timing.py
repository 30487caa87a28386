"""Measuring two ways to one answer side by side, and what a measurement comes to."""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

Way = Callable[[], object]
# Nine turns go through about one piece of the stack.
FRAMES_OF_A_TURN = 16


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the table. `must` is what has to be reached, empty where nothing is promised."""

    metric: str
    data: str
    bare: str
    ours: str
    ratio: float | None = None
    must: str = ""
    met: bool | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """Medians in seconds."""

    bare: float
    ours: float

    @property
    def ratio(self) -> float:
        return self.ours / self.bare


def seconds(way: Way, *, turn: int = 0) -> float:
    """How long one go takes. Each `turn` begins at another depth of the stack: CPython 3.11 takes the room of its
    frames from the system 16 KB at a time and gives it back at once, so that a loop on the edge of such a piece costs
    thousands of system calls, and it is the frames of the server that decide which page is hit.
    """
    gc.collect()
    return _deeper(turn * FRAMES_OF_A_TURN, way)


def _deeper(frames: int, way: Way) -> float:
    if frames:
        return _deeper(frames - 1, way)
    begin = time.perf_counter()
    way()
    return time.perf_counter() - begin


def side_by_side(bare: Way, ours: Way, *, rounds: int) -> Pair:
    """Both ways by turns, after one round that warms the caches and is not counted."""
    bare(), ours()
    taken = [(seconds(bare, turn=turn), seconds(ours, turn=turn)) for turn in range(rounds)]
    return Pair(statistics.median(b for b, _o in taken), statistics.median(o for _b, o in taken))


def compared(metric: str, data: str, pair: Pair, *, at_most: float | None = None) -> Figure:
    """The figure of a pair of times; `at_most` is the ratio that must be reached."""
    must = f"≤ {at_most:g}" if at_most is not None else ""
    met = pair.ratio <= at_most if at_most is not None else None
    return Figure(metric, data, shown(pair.bare), shown(pair.ours), pair.ratio, must, met)


def limited(metric: str, data: str, value: float, unit: str, *, at_most: float | None = None) -> Figure:
    """A figure that is no time: a count, or megabytes."""
    must = f"≤ {at_most:g}{unit}" if at_most is not None else ""
    met = value <= at_most if at_most is not None else None
    return Figure(metric, data, "", f"{value:,.0f}{unit}", None, must, met)


def shown(value: float) -> str:
    return f"{value * 1000:.1f} ms" if value < 1 else f"{value:.2f} s"
