"""Lines of two lists, and what became of them. Amounts everywhere say what the customer owes: positive more, negative
less, in our list and in theirs alike. A difference is ours less theirs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

Fact = int | str


class Reason(StrEnum):
    """Why lines belong together, from the strongest to the weakest; the last one is a person's."""

    SAME = "same"
    NOISE = "noise"
    TAIL = "tail"
    NAMED = "named"
    NUMBER_SWAPPED = "number_swapped"
    NUMBER_TYPO = "number_typo"
    NUMBER_SUM = "number_sum"
    SAME_TAX = "same_tax"
    SAME_SWAPPED = "same_swapped"
    SAME_OTHER = "same_other"
    ALONE = "alone"
    IN_OPENING = "in_opening"
    DAY_SUM = "day_sum"
    MONTH_SUM = "month_sum"
    RUN_SUM = "run_sum"
    SET_SUM = "set_sum"
    TAX = "tax"
    SWAPPED = "swapped"
    SIGN = "sign"
    HAND = "hand"


class Class(StrEnum):
    """What a difference is. AGREED is none; OPENING and UNEXPLAINED stand in the bridge alone."""

    AGREED = "agreed"
    IN_TRANSIT = "in_transit"
    INVOICE = "invoice"
    PAYMENT = "payment"
    NOT_BOOKED = "not_booked"
    AMOUNT = "amount"
    PRICE = "price"
    DUPLICATE = "duplicate"
    UNKNOWN = "unknown"
    OPENING = "opening"
    UNEXPLAINED = "unexplained"


# What a person may call a difference.
CHOICES = tuple(one for one in Class if one not in (Class.AGREED, Class.OPENING, Class.UNEXPLAINED))
# The order of the bridge.
STEPS = (Class.UNEXPLAINED, Class.OPENING, *CHOICES)


@dataclass(frozen=True, slots=True)
class Goods:
    """One product of a shipment, or of what an invoice bills."""

    quantity: Decimal
    unit_price: Decimal


@dataclass(frozen=True, slots=True)
class Line:
    """One line of either list; `key` tells it from the others of its list.

    `numbers` are those of the document, the best known first. Of our own the facts besides: the kind of document,
    the invoice's way, whether the goods arrived, and `is_prior`, dated before the customer's list begins.
    """

    key: int
    day: date
    amount: Decimal
    numbers: tuple[str, ...] = ()
    memo: str = ""
    kind: str = ""
    is_prior: bool = False
    sent_on: date | None = None
    received_on: date | None = None
    booked_on: date | None = None
    delivered_on: date | None = None
    is_confirmed: bool = True
    # The customer has said of the document that its amount is wrong.
    is_disputed: bool = False
    goods: tuple[Goods, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """Lines that belong together, or one that has no counterpart; each line of both lists stands in one item.

    `reason` is empty where nothing was found; `facts` are what its sentence says. `decided` is a person's class.
    """

    ours: tuple[int, ...]
    theirs: tuple[int, ...]
    ours_amount: Decimal
    theirs_amount: Decimal
    reason: Reason | None
    found: Class
    facts: Mapping[str, Fact] = field(default_factory=dict)
    decided: Class | None = None

    @property
    def cls(self) -> Class:
        return self.decided or self.found

    @property
    def difference(self) -> Decimal:
        """What the item adds to their balance on the way to ours; nothing where it stands in their opening."""
        return Decimal(0) if self.reason is Reason.IN_OPENING else self.ours_amount - self.theirs_amount

    @property
    def identity(self) -> str:
        """The same for the same lines, whenever the lists are compared again."""
        return identity(self.ours, self.theirs)


def day_in(facts: Mapping[str, Fact]) -> date | None:
    """The day of which the facts speak."""
    return date.fromisoformat(str(facts["on"])) if "on" in facts else None


def identity(ours: tuple[int, ...], theirs: tuple[int, ...]) -> str:
    return "{}/{}".format(*(",".join(map(str, sorted(keys))) for keys in (ours, theirs)))
