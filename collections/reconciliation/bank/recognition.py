"""Which of a file's lines are known already, whatever export of the account brought them.

Pure: what is stored and what the file says are given. A line of the file stands for one stored line at most, and the
surest likeness is looked for first, in the whole file, before a weaker one is:

1. the bank's own reference, with day and amount;
2. day, amount and the balance after the line;
3. day, amount and counterparty, where neither reference nor balance say otherwise; without a counterparty the memo.

So a second export in another format brings nothing twice where it has one of these in common with the first, and the
second payment of one customer on one day is still a line of its own.
"""

import hashlib
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol


class Facts(Protocol):
    """What a line says, of the file or stored."""

    @property
    def date(self) -> date: ...
    @property
    def amount(self) -> Decimal: ...
    @property
    def reference(self) -> str: ...
    @property
    def balance(self) -> Decimal | None: ...
    @property
    def payer_name(self) -> str: ...
    @property
    def memo(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Stored:
    date: date
    amount: Decimal
    reference: str
    balance: Decimal | None
    payer_name: str
    memo: str
    fingerprint: str


def plain(text: str) -> str:
    """A text without what two exports write differently: width, case, blanks, punctuation."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", text).lower() if letter.isalnum())


def new_lines(lines: Sequence[Facts], stored: Iterable[Stored]) -> list[int]:
    """The places in `lines` of those that none of the stored ones is."""
    left = list(range(len(lines)))
    free = list(stored)
    for likeness in (_by_reference, _by_balance, _by_counterparty, _by_memo):
        left, free = _ticked_off(lines, left, free, likeness)
    return left


def _ticked_off(
    lines: Sequence[Facts], left: list[int], free: list[Stored], likeness: Callable[[Facts], object]
) -> tuple[list[int], list[Stored]]:
    """What stays on either side once each line found its like."""
    waiting: dict[object, list[Stored]] = defaultdict(list)
    for one in free:
        if (key := likeness(one)) is not None:
            waiting[key].append(one)
    taken: set[int] = set()
    still = []
    for place in left:
        line = lines[place]
        key = likeness(line)
        candidates = waiting[key] if key is not None and key in waiting else []
        found = next((one for one in candidates if likeness is _by_reference or _may_be(line, one, likeness)), None)
        if found is None:
            still.append(place)
        else:
            candidates.remove(found)
            taken.add(id(found))
    return still, [one for one in free if id(one) not in taken]


def _may_be(line: Facts, one: Stored, likeness: Callable[[Facts], object]) -> bool:
    """Whether nothing that both say speaks against it."""
    if likeness is _by_balance:
        return True
    if line.reference and one.reference and plain(line.reference) != plain(one.reference):
        return False
    return line.balance is None or one.balance is None or line.balance == one.balance


def _by_reference(line: Facts) -> object:
    reference = plain(line.reference)
    return (reference, line.date, line.amount) if reference else None


def _by_balance(line: Facts) -> object:
    return (line.balance, line.date, line.amount) if line.balance is not None else None


def _by_counterparty(line: Facts) -> object:
    name = plain(line.payer_name)
    return (name, line.date, line.amount) if name else None


def _by_memo(line: Facts) -> object:
    return (plain(line.memo), plain(line.payer_name), line.date, line.amount)


def fingerprints(lines: Sequence[Facts], taken: Iterable[str]) -> list[str]:
    """One for each line, as unique as the facts allow, and none of those that are taken: lines that say the very same
    are counted within their day.
    """
    known = set(taken)
    found = []
    for line in lines:
        count = 0
        while (digest := _digest(line, count)) in known:
            count += 1
        known.add(digest)
        found.append(digest)
    return found


def _digest(line: Facts, count: int) -> str:
    reference = plain(line.reference)
    facts = [reference] if reference else [str(line.balance), plain(line.payer_name), plain(line.memo)]
    said = "\x1f".join([line.date.isoformat(), str(line.amount), *facts, str(count)])
    return hashlib.sha256(said.encode()).hexdigest()
