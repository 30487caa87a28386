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
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import count, islice, product
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
    """What stays on either side once each line found its like, the first that nothing speaks against."""
    # A queue for each thing that may be asked: thousands of lines that say the same need no search among themselves.
    queues: dict[object, deque[int]] = defaultdict(deque)
    for place, one in enumerate(free):
        if (key := likeness(one)) is not None:
            for said in _said(one, likeness):
                queues[key, said].append(place)
    taken: set[int] = set()
    still = []
    for place in left:
        key = likeness(lines[place])
        asked = [] if key is None else [(key, said) for said in _asked(lines[place], likeness)]
        found = _first([queues[one] for one in asked if one in queues], taken)
        if found is None:
            still.append(place)
        else:
            taken.add(found)
    return still, [one for place, one in enumerate(free) if place not in taken]


def _first(queues: Iterable[deque[int]], taken: set[int]) -> int | None:
    heads = []
    for queue in queues:
        while queue and queue[0] in taken:
            queue.popleft()
        heads += list(islice(queue, 1))
    return min(heads, default=None)


def _said(one: Stored, likeness: Callable[[Facts], object]) -> Iterable[object]:
    """What a stored line answers to: its reference and balance, or a line that is silent about either."""
    if likeness in _ENOUGH:
        return [()]
    return product((plain(one.reference), _ANY), (one.balance, _ANY))


def _asked(line: Facts, likeness: Callable[[Facts], object]) -> Iterable[object]:
    """What the like of a line may say of reference and balance: the same or nothing, and anything where it is silent
    itself.
    """
    if likeness in _ENOUGH:
        return [()]
    reference = plain(line.reference)
    return product(
        (reference, "") if reference else (_ANY,),
        (line.balance, None) if line.balance is not None else (_ANY,),
    )


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


# Where nothing else needs to be asked.
_ENOUGH = (_by_reference, _by_balance)
# No reference is this, once it is plain, and no balance.
_ANY = "*"


def fingerprints(lines: Sequence[Facts], taken: Iterable[str]) -> list[str]:
    """One for each line, as unique as the facts allow, and none of those that are taken: lines that say the very same
    are counted within their day.
    """
    known = set(taken)
    counts: dict[str, Iterator[int]] = defaultdict(count)
    found = []
    for line in lines:
        said = _facts(line)
        digest = next(one for number in counts[said] if (one := _digest(said, number)) not in known)
        known.add(digest)
        found.append(digest)
    return found


def _facts(line: Facts) -> str:
    reference = plain(line.reference)
    facts = [reference] if reference else [str(line.balance), plain(line.payer_name), plain(line.memo)]
    return "\x1f".join([line.date.isoformat(), str(line.amount), *facts])


def _digest(said: str, number: int) -> str:
    return hashlib.sha256(f"{said}\x1f{number}".encode()).hexdigest()
