"""What the bank took back: which earlier line a reversal is of. Each line is of one pair at most."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date as Date
from decimal import Decimal

from reconciliation.matching.weighing.names import plain

# Within so many days a bank takes a line back.
SOON = 31
# A reference that is shorter says nothing, neither within a memo nor against a pair.
_SAYS_ENOUGH = 6
# How surely two lines are of one receipt. Where both have references of their own and these differ, it is a guess:
# some banks give a reversal the receipt's reference, others a new one.
_GUESS, _NAME, _ACCOUNT, _REFERENCE = 1, 2, 3, 4


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


@dataclass(frozen=True, slots=True)
class Found:
    """By the key of a reversal the line that it takes back; or all that it may take back, the latest first, where
    nothing says which of them, or that it is one of them at all.
    """

    sure: dict[int, int] = field(default_factory=dict)
    doubts: dict[int, tuple[int, ...]] = field(default_factory=dict)


Fitting = Sequence[tuple[int, Booked]]


def pairs(reversals: Iterable[Booked], others: Iterable[Booked]) -> Found:
    """A reversal is of a line of the same account and the opposite amount, not long before: the one that its
    reference names, or that somebody set aside as taken back, or the only one of the same payer.
    """
    waiting: dict[tuple[int, Decimal], list[Booked]] = defaultdict(list)
    for one in sorted(others, key=lambda one: (one.date, one.key), reverse=True):
        waiting[one.account, one.amount].append(one)
    # What is dealt with first: both lines of it are.
    ordered = sorted(reversals, key=lambda one: (one.is_open, one.date, one.key))
    sure: dict[int, int] = {}
    taken: set[int] = set()

    def fitting(reversal: Booked) -> Fitting:
        return [
            (likeness, one)
            for one in waiting[reversal.account, -reversal.amount]
            if one.key not in taken
            and 0 <= (reversal.date - one.date).days <= SOON
            and (likeness := _likeness(one, reversal))
        ]

    # The last once more: what was one of two may be the only one by then.
    for chosen in (_named, _set_aside, _alone, _alone):
        for reversal in ordered:
            if reversal.key not in sure and (found := chosen(fitting(reversal))):
                sure[reversal.key] = found.key
                taken.add(found.key)
    left = {reversal.key: _likeliest(fitting(reversal)) for reversal in ordered if reversal.key not in sure}
    return Found(sure, {key: tuple(one.key for one in some) for key, some in left.items() if some})


def _named(fitting: Fitting) -> Booked | None:
    named = [one for likeness, one in fitting if likeness == _REFERENCE]
    return named[0] if len(named) == 1 else None


def _set_aside(fitting: Fitting) -> Booked | None:
    return next((one for one in _likeliest([pair for pair in fitting if pair[1].is_aside])), None)


def _alone(fitting: Fitting) -> Booked | None:
    some = _likeliest([pair for pair in fitting if pair[0] > _GUESS])
    return some[0] if len(some) == 1 else None


def _likeliest(fitting: Fitting) -> list[Booked]:
    most = max((likeness for likeness, _one in fitting), default=0)
    return [one for likeness, one in fitting if likeness == most]


def _likeness(one: Booked, reversal: Booked) -> int:
    """0 where nothing says that both lines are of one receipt."""
    own, other = plain(one.reference), plain(reversal.reference)
    if own and (own == other or (len(own) >= _SAYS_ENOUGH and own in plain(reversal.memo))):
        return _REFERENCE
    if one.payer_account and plain(one.payer_account) == plain(reversal.payer_account):
        likeness = _ACCOUNT
    else:
        likeness = _NAME if one.payer and plain(one.payer) == plain(reversal.payer) else 0
    differ = min(len(own), len(other)) >= _SAYS_ENOUGH
    return _GUESS if likeness and differ else likeness
