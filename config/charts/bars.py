"""Bars of stacked amounts, one for each label; what is negative hangs below the line of zero."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from config.charts.scale import HEIGHT, MARGIN, Scale, Tick, pixels, scale
from config.charts.series import Row, Series, checked

# Of the room of one bar, how much it fills.
FILLED = Decimal("0.66")
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Segment:
    tone: str
    series: str
    value: Decimal
    y: Decimal
    height: Decimal


@dataclass(frozen=True, slots=True)
class Column:
    """One bar: `x` and `width` of its room, `bar_x` and `bar_width` of what is drawn, all in hundredths."""

    label: str
    url: str
    x: Decimal
    width: Decimal
    bar_x: Decimal
    bar_width: Decimal
    middle: Decimal
    segments: tuple[Segment, ...]
    total: Decimal


@dataclass(frozen=True, slots=True)
class StackedBars:
    title: str
    unit: str
    series: tuple[Series, ...]
    columns: tuple[Column, ...]
    ticks: tuple[Tick, ...]
    zero: Decimal
    height: int = HEIGHT + 2 * MARGIN
    template = "charts/_stacked_bars.html"

    @property
    def is_empty(self) -> bool:
        return not any(column.segments for column in self.columns)

    @property
    def rows(self) -> tuple[Row, ...]:
        """Of the table behind the chart; with several series the last value is their sum."""
        several = len(self.series) > 1
        return tuple(
            Row(
                column.label,
                column.url,
                (*(one.values[n] for one in self.series), *((column.total,) if several else ())),
            )
            for n, column in enumerate(self.columns)
        )


def stacked_bars(
    *, title: str, unit: str, labels: Sequence[str], series: Sequence[Series], links: Sequence[str] = ()
) -> StackedBars:
    checked(labels, series, links)
    stacks = [[(one, one.values[n]) for one in series] for n in range(len(labels))]
    ends = [
        sum((value for _one, value in stack if value and (value > 0) is up), Decimal(0))
        for stack in stacks
        for up in (True, False)
    ]
    measure = scale(ends)
    room = HUNDRED / max(len(labels), 1)
    return StackedBars(
        title,
        unit,
        tuple(series),
        tuple(
            Column(
                label=label,
                url=links[n] if links else "",
                x=pixels(room * n),
                width=pixels(room),
                bar_x=pixels(room * n + room * (1 - FILLED) / 2),
                bar_width=pixels(room * FILLED),
                middle=pixels(room * n + room / 2),
                segments=_stacked(stacks[n], measure),
                total=sum((value for _one, value in stacks[n] if value), Decimal(0)),
            )
            for n, label in enumerate(labels)
        ),
        measure.ticks(),
        measure.y(Decimal(0)),
    )


def _stacked(stack: Sequence[tuple[Series, Decimal | None]], measure: Scale) -> tuple[Segment, ...]:
    """In the order of the series away from zero: upwards what is positive, downwards what is negative."""
    up = down = Decimal(0)
    segments = []
    for one, value in stack:
        if not value:
            continue
        if value > 0:
            up += value
            top = measure.y(up)
        else:
            top = measure.y(down)
            down += value
        segments.append(Segment(one.tone, one.label, value, top, measure.height(value)))
    return tuple(segments)
