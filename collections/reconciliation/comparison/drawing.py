"""The bridge as it is drawn beside its numbers: each step a bar from the balance before it to that after. Pure."""

from dataclasses import dataclass
from decimal import Decimal

from reconciliation.comparison.bridge import Bridge, Step
from reconciliation.comparison.lines import Class

HUNDRED, PLACES = Decimal(100), Decimal("0.01")
_NARROWEST = Decimal("0.6")
# What has no name, what is somebody's mistake, and what time will settle.
_TONES = {
    Class.UNEXPLAINED: "bad",
    Class.OPENING: "bad",
    Class.UNKNOWN: "bad",
    Class.AMOUNT: "warn",
    Class.PRICE: "warn",
    Class.DUPLICATE: "warn",
}


@dataclass(frozen=True, slots=True)
class Drawn:
    step: Step
    # In hundredths of the width.
    x: Decimal
    width: Decimal
    tone: str


def drawn(bridge: Bridge) -> tuple[Drawn, ...]:
    """Between the lowest and the highest balance on the way: drawn from zero on, small steps could not be seen."""
    ends = [bridge.theirs, *(step.reached for step in bridge.steps)]
    low, span = min(ends), max(ends) - min(ends)

    def place(balance: Decimal) -> Decimal:
        return (balance - low) * HUNDRED / span if span else Decimal(0)

    found = []
    for step in bridge.steps:
        before, after = place(step.reached - step.amount), place(step.reached)
        width = max(abs(after - before), _NARROWEST)
        x = min(min(before, after), HUNDRED - width)
        found.append(Drawn(step, x.quantize(PLACES), width.quantize(PLACES), _TONES.get(step.cls, "accent")))
    return tuple(found)
