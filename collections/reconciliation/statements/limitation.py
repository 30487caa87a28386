"""What restarts the limitation period: a pure rule, so that the clock of a later floor need not guess.

Civil Code 195: a demand for performance, or the debtor's agreement to perform. A demand counts where its arrival can
be proved; that a page was opened proves little, for mail filters open links too, while an answer proves it. To agree
with a balance alone is no demand and promises nothing.
"""

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    DEMAND = "demand"
    PROMISE = "promise"
    NOTHING = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What a statement and its answer come to."""

    demands_payment: bool = False
    # An answer of the customer's, by the link or on a stamped paper, to the very document.
    is_answered: bool = False
    promises_payment: bool = False


def reason_to_restart(said: Said) -> Reason:
    """Why the period begins anew; NOTHING where it goes on."""
    if said.is_answered and said.promises_payment:
        return Reason.PROMISE
    if said.is_answered and said.demands_payment:
        return Reason.DEMAND
    return Reason.NOTHING
