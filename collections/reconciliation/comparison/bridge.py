"""From their balance to ours, to the cent. Pure.

their closing
+ what their file does not explain itself (opening + lines - closing)
+ our opening - their opening
+ the items, class by class (ours - theirs)
= our balance
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from reconciliation.comparison.lines import STEPS, Class

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Ends:
    """What the two lists say besides their lines. `ours_opening` is the balance before the customer's first day;
    `carried` is what of its lines stands in items: booked by them later, or by us.
    """

    theirs_opening: Decimal
    theirs_closing: Decimal
    ours_opening: Decimal
    carried: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Step:
    cls: Class
    amount: Decimal
    count: int
    # The balance once the step is taken.
    reached: Decimal


@dataclass(frozen=True, slots=True)
class Bridge:
    theirs: Decimal
    steps: tuple[Step, ...]
    ours: Decimal

    @property
    def difference(self) -> Decimal:
        return self.ours - self.theirs

    @property
    def unexplained(self) -> Decimal:
        """What has no name yet."""
        nameless = (Class.UNEXPLAINED, Class.OPENING, Class.UNKNOWN)
        return sum((step.amount for step in self.steps if step.cls in nameless), ZERO)


def bridge(ends: Ends, *, theirs_total: Decimal, classes: Mapping[Class, tuple[Decimal, int]]) -> Bridge:
    """`theirs_total` is the sum of all lines of their list; `classes` the sum of the differences and their number."""
    amounts = {
        **classes,
        Class.UNEXPLAINED: (ends.theirs_opening + theirs_total - ends.theirs_closing, 0),
        Class.OPENING: (ends.ours_opening - ends.carried - ends.theirs_opening, 0),
    }
    steps, reached = [], ends.theirs_closing
    for cls in STEPS:
        amount, count = amounts.get(cls, (ZERO, 0))
        if amount or count:
            reached += amount
            steps.append(Step(cls, amount, count, reached))
    return Bridge(ends.theirs_closing, tuple(steps), reached)


def summed(items: Iterable[tuple[Class, Decimal]]) -> dict[Class, tuple[Decimal, int]]:
    """The differences by class; what agrees is none."""
    sums: dict[Class, tuple[Decimal, int]] = {}
    for cls, difference in items:
        if cls is not Class.AGREED:
            amount, count = sums.get(cls, (ZERO, 0))
            sums[cls] = (amount + difference, count + 1)
    return sums
