"""An entry's open amount as a step function of dated movements: reckoned in memory, without database or clock."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

from ledger.models import Entry
from ledger.money import ZERO


class OpenItem:
    """What is open of one entry, today and on every later day; keeps the entry's derived columns exact."""

    __slots__ = ("billed", "entry", "is_changed", "moves")

    def __init__(self, entry: Entry, moves: list[tuple[date, Decimal]]) -> None:
        self.entry = entry
        # Allocations into (+) and out of (-) the entry, signed as they change its open amount.
        self.moves = moves
        # What of a shipment's or return's document amount is billed; None: not looked up yet.
        self.billed: Decimal | None = None
        self.is_changed = False

    def room(self, on: date) -> Decimal:
        """How much can be taken off the open amount on `on`, as a positive amount: the least that is open
        on that day or any later one. Zero before the entry's own date.
        """
        entry = self.entry
        if on < entry.date:
            return ZERO
        running: Decimal = entry.open_amount * entry.side
        least = running
        later = [move for move in self.moves if move[0] > on]
        if later:
            for _day, net in sorted(_net_by_day(later).items(), reverse=True):
                running -= net * entry.side
                least = min(least, running)
        return least

    def days_from(self, on: date) -> list[date]:
        """The day, and each later one on which the open amount changes."""
        return [on, *sorted({day for day, _amount in self.moves if day > on})]

    def move(self, on: date, amount: Decimal) -> None:
        """Changes the open amount by `amount` (signed) as of `on`; the caller has checked `room`."""
        self.moves.append((on, amount))
        self.entry.open_amount += amount
        self.entry.closed_on = self.closed_on()
        self.is_changed = True

    def closed_on(self) -> date | None:
        """The day of the movement that brought the open amount to zero for good; None while it is open."""
        if self.entry.open_amount:
            return None
        if len(self.moves) == 1:
            return self.moves[0][0]
        closing = [day for day, net in _net_by_day(self.moves).items() if net]
        return max(closing, default=self.entry.date)


def _net_by_day(moves: list[tuple[date, Decimal]]) -> dict[date, Decimal]:
    net: dict[date, Decimal] = defaultdict(lambda: ZERO)
    for day, amount in moves:
        net[day] += amount
    return net
