"""A line without axes beside a number: whether it rises or falls, and from where."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from config.charts.scale import pixels

WIDTH, HEIGHT, MARGIN = 120, 28, 3


@dataclass(frozen=True, slots=True)
class Sparkline:
    title: str
    unit: str
    values: tuple[tuple[str, Decimal], ...]
    line: str
    last_x: Decimal
    last_y: Decimal
    zero: Decimal | None
    width: int = WIDTH
    height: int = HEIGHT
    template = "charts/_sparkline.html"

    @property
    def is_empty(self) -> bool:
        return not self.values


def sparkline(*, title: str, values: Sequence[Decimal], labels: Sequence[str], unit: str = "") -> Sparkline:
    if len(values) != len(labels):
        raise ValueError(f"{len(values)} values for {len(labels)} labels.")
    low, high = min(values, default=Decimal(0)), max(values, default=Decimal(0))
    span, room = high - low, HEIGHT - 2 * MARGIN

    def y(value: Decimal) -> Decimal:
        return pixels(MARGIN + room * (high - value) / span) if span else pixels(Decimal(HEIGHT) / 2)

    apart = Decimal(WIDTH - 2 * MARGIN) / max(len(values) - 1, 1)
    points = [(pixels(MARGIN + apart * n), y(value)) for n, value in enumerate(values)]
    last_x, last_y = points[-1] if points else (Decimal(0), Decimal(0))
    return Sparkline(
        title,
        unit,
        tuple(zip(labels, values, strict=True)),
        " ".join(f"{px},{py}" for px, py in points) if len(points) > 1 else "",
        last_x,
        last_y,
        y(Decimal(0)) if low < 0 < high else None,
    )
