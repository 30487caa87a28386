"""Lines over labels: a trend of each series. Where a value is not known its line has a gap."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from config.charts.scale import HEIGHT, MARGIN, Scale, Tick, pixels, scale
from config.charts.series import Row, Series, checked


@dataclass(frozen=True, slots=True)
class Point:
    label: str
    x: Decimal
    y: Decimal
    value: Decimal


@dataclass(frozen=True, slots=True)
class Curve:
    """`pieces` are the points of each unbroken stretch, as a polyline takes them."""

    label: str
    tone: str
    points: tuple[Point, ...]
    pieces: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """One label with what every series says of it, and the room in which a pointer finds it."""

    label: str
    url: str
    x: Decimal
    width: Decimal
    middle: Decimal
    values: tuple[tuple[Series, Decimal | None], ...]


@dataclass(frozen=True, slots=True)
class Lines:
    title: str
    unit: str
    series: tuple[Series, ...]
    curves: tuple[Curve, ...]
    places: tuple[Place, ...]
    ticks: tuple[Tick, ...]
    zero: Decimal | None
    height: int = HEIGHT + 2 * MARGIN
    template = "charts/_lines.html"

    @property
    def is_empty(self) -> bool:
        return not any(curve.points for curve in self.curves)

    @property
    def begins_at(self) -> Decimal | None:
        """Where its axis begins, if that is not at zero or below it: a line then seems to move more than it does."""
        return self.ticks[0].value if self.zero is None else None

    @property
    def rows(self) -> tuple[Row, ...]:
        return tuple(
            Row(place.label, place.url, tuple(value for _one, value in place.values)) for place in self.places
        )


def lines(
    *, title: str, unit: str, labels: Sequence[str], series: Sequence[Series], links: Sequence[str] = ()
) -> Lines:
    checked(labels, series, links)
    measure = scale((value for one in series for value in one.values if value is not None), from_zero=False)
    room = Decimal(100) / max(len(labels), 1)
    middles = [pixels(room * n + room / 2) for n in range(len(labels))]
    return Lines(
        title,
        unit,
        tuple(series),
        tuple(_curve(one, labels, middles, measure) for one in series),
        tuple(
            Place(
                label,
                links[n] if links else "",
                pixels(room * n),
                pixels(room),
                middles[n],
                tuple((one, one.values[n]) for one in series),
            )
            for n, label in enumerate(labels)
        ),
        measure.ticks(),
        measure.y(Decimal(0)) if measure.low <= 0 else None,
    )


def _curve(one: Series, labels: Sequence[str], middles: Sequence[Decimal], measure: Scale) -> Curve:
    points = [
        Point(label, x, measure.y(value), value) if value is not None else None
        for label, x, value in zip(labels, middles, one.values, strict=True)
    ]
    return Curve(one.label, one.tone, tuple(point for point in points if point), tuple(_pieces(points)))


def _pieces(points: Sequence[Point | None]) -> Iterator[str]:
    for known, stretch in groupby(points, key=lambda point: point is not None):
        piece = [f"{point.x},{point.y}" for point in stretch if point]
        if known and len(piece) > 1:
            yield " ".join(piece)
