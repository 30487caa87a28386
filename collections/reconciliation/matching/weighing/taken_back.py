"""What the bank took back: which earlier line a reversal is of. Each line is of one pair at most."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date as Date
from decimal import Decimal

from reconciliation.matching.weighing.names import plain

# Within so many days a bank takes a line back.
SOON = 31
# A reference that is shorter says nothing within a memo.
_SAYS_ENOUGH = 6


@dataclass(frozen=True, slots=True)
class Booked:
    """A line as the bank booked it, whether or not anything of it is open."""

    key: int
    account: int
    date: Date
    amount: Decimal
    payer: str = ""
    payer_account: str = ""
    reference: str = ""
    memo: str = ""
    is_open: bool = True
    # Set aside as taken back by the bank.
    is_aside: bool = False


def pairs(reversals: Iterable[Booked], others: Iterable[Booked]) -> dict[int, int]:
    """The line that each reversal takes back, by key: of the same account and the opposite amount, by its reference,
    else its account, else its name; the latest of several. A reversal that is dealt with is of a line that is, too.
    """
    waiting: dict[tuple[int, Decimal], list[Booked]] = defaultdict(list)
    for one in others:
        waiting[one.account, one.amount].append(one)
    found: dict[int, int] = {}
    taken: set[int] = set()
    for reversal in sorted(reversals, key=lambda one: (one.date, one.key)):
        fitting = [
            (likeness, _agrees(one, reversal), one.date, one.key)
            for one in waiting[reversal.account, -reversal.amount]
            if one.key not in taken
            and 0 <= (reversal.date - one.date).days <= SOON
            and (likeness := _likeness(one, reversal))
        ]
        if fitting:
            found[reversal.key] = max(fitting)[-1]
            taken.add(found[reversal.key])
    return found


def _agrees(one: Booked, reversal: Booked) -> int:
    if reversal.is_open:
        return 2 * one.is_open + (not one.is_aside)
    return 2 * one.is_aside + one.is_open


def _likeness(one: Booked, reversal: Booked) -> int:
    """How surely both lines are of one receipt; 0 where nothing says so."""
    reference = plain(one.reference)
    said = plain(reversal.memo) if len(reference) >= _SAYS_ENOUGH else ""
    if reference and (reference == plain(reversal.reference) or reference in said):
        return 3
    if one.payer_account and plain(one.payer_account) == plain(reversal.payer_account):
        return 2
    return int(bool(one.payer) and plain(one.payer) == plain(reversal.payer))
