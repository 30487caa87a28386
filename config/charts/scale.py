"""From values to pixels: the height of a value, and the round numbers beside it."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

# Of the plot itself, without the labels below it.
HEIGHT = 200
# Room for half a line of text above the highest line and below the lowest.
MARGIN = 8
INTERVALS = 5
_STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
_PLACES = Decimal("0.01")


def pixels(number: Decimal) -> Decimal:
    return number.quantize(_PLACES)


@dataclass(frozen=True, slots=True)
class Tick:
    value: Decimal
    y: Decimal


@dataclass(frozen=True, slots=True)
class Scale:
    """`low` is at the bottom of the plot, `high` at its top, both multiples of `step`."""

    low: Decimal
    high: Decimal
    step: Decimal

    def y(self, value: Decimal) -> Decimal:
        if self.high == self.low:
            return Decimal(MARGIN + HEIGHT)
        return pixels(MARGIN + HEIGHT * (self.high - value) / (self.high - self.low))

    def height(self, value: Decimal) -> Decimal:
        return Decimal(0) if self.high == self.low else pixels(HEIGHT * abs(value) / (self.high - self.low))

    def ticks(self) -> tuple[Tick, ...]:
        count = int((self.high - self.low) / self.step) if self.high != self.low else 0
        values = (self.low + self.step * n for n in range(count + 1))
        return tuple(Tick(value, self.y(value)) for value in values)


def scale(values: Iterable[Decimal], *, from_zero: bool = True) -> Scale:
    """The scale that holds all values, and zero: bars must begin there. A line may begin near its lowest value."""
    known = list(values)
    low, high = min(known, default=Decimal(0)), max(known, default=Decimal(0))
    if from_zero or low * 2 < high or low < 0:
        low, high = min(low, Decimal(0)), max(high, Decimal(0))
    if low == high == 0:
        return Scale(Decimal(0), Decimal(0), Decimal(1))
    step = _step((high - low or abs(high)) / INTERVALS)
    bottom = (low / step).to_integral_value(ROUND_FLOOR) * step
    top = (high / step).to_integral_value(ROUND_CEILING) * step
    return Scale(bottom, top if top > bottom else bottom + step, step)


def _step(rough: Decimal) -> Decimal:
    """The next round number: 1, 2, 2.5 or 5 times a power of ten."""
    power = Decimal(10) ** rough.adjusted()
    return next(power * step for step in _STEPS if power * step >= rough)
