"""What the rules are told, and what they say."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date as Date
from decimal import Decimal
from enum import Enum
from typing import Literal

from ledger.suggestions import ZERO
from ledger.suggestions import Reason as Amounts
from reconciliation.matching.weighing.names import core

# The most suggestions that are shown of a line.
MOST_SHOWN = 5


class Reason(Enum):
    """What speaks for a suggestion, with its score: who has paid adds at most 40, what the amount is at most 60."""

    # Who has paid.
    ACCOUNT = "account", 40
    NAME = "name", 36
    ALIAS = "alias", 36
    NUMBER = "number", 34
    SAID = "said", 30
    SIMILAR = "similar", 20
    UNKNOWN = "unknown", 0
    # What is paid: the reasons of `ledger.suggestions`, in tenths of six.
    NAMED = "named", 60
    ONE = "one", 57
    BALANCE = "balance", 55
    OVERDUE = "overdue", 54
    MONTH = "month", 53
    SET = "set", 48
    SPLIT = "split", 48
    NAMED_PART = "named_part", 45
    FEE = "fee", 42
    NAMED_AND_LEFT = "named_and_left", 42
    SAME_AMOUNT = "same_amount", 36
    ONLY = "only", 22
    OLDEST = "oldest", 15
    # When: adds to the others.
    SAME_DAY = "same_day", 3
    REFERENCE = "reference", 4

    def __init__(self, key: str, score: int) -> None:
        self.key = key
        self.score = score


BY_KEY = {reason.key: reason for reason in Reason}
# Who has paid is beyond doubt where one customer alone is known by one of these.
SURE = (Reason.ACCOUNT, Reason.NAME, Reason.ALIAS, Reason.NUMBER, Reason.SAID)
OF_AMOUNTS = {reason: BY_KEY[reason.key] for reason in Amounts}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the bank, or what of it is not matched yet. `open` is positive, whichever way the money went."""

    key: int
    date: Date
    open: Decimal
    payer: str = ""
    account: str = ""
    # All that its memo and reference say.
    words: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """What a line may be: money recorded that no line has shown yet, or an open debt; `open` is positive."""

    key: int
    customer: int
    number: str
    date: Date
    due_date: Date
    open: Decimal
    is_money: bool = False
    is_goods: bool = False
    # The bank's reference that was typed with a payment.
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a bank may have kept of a payment, and how much is too little to ask for; zero where neither goes."""

    fee: Decimal = ZERO
    change: Decimal = ZERO

    @property
    def most(self) -> Decimal:
        return max(self.fee, self.change)


@dataclass(frozen=True, slots=True)
class Customers:
    """Who may have paid: names by customer, and what earlier lines have taught (customer, account, name)."""

    names: dict[int, str]
    learned: tuple[tuple[int, str, str], ...] = ()

    def cores(self) -> Iterable[tuple[int, str]]:
        return ((customer, core(name)) for customer, name in self.names.items())


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a line may be. `parts` name items by key, each with its amount: together what of the line is used."""

    line: int
    customer: int
    parts: tuple[tuple[int, Decimal], ...]
    is_money: bool
    reasons: tuple[Reason, ...]
    score: int
    # Nothing else could be meant: may be accepted without a look.
    is_exact: bool
    is_doubtful: bool = False
    # What the items are worth beyond the line: a fee of the bank, or small change.
    short: Decimal = ZERO
    # The other lines that are the same payment.
    others: tuple[int, ...] = ()

    @property
    def amount(self) -> Decimal:
        return sum((amount for _key, amount in self.parts), ZERO)

    @property
    def makes(self) -> Literal["posted", "recorded", "corrected"]:
        """What becomes of the payments where it is accepted."""
        if not self.is_money:
            return "posted"
        return "corrected" if self.short else "recorded"

    @property
    def keys(self) -> frozenset[int]:
        return frozenset(key for key, _amount in self.parts)
