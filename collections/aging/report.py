"""An aging report: open amounts by group and age. Amounts stay cents until somebody reads them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property, partial
from operator import itemgetter
from typing import Any

from aging.buckets import Bucket
from aging.question import Question
from ledger.money import from_cents


@dataclass(frozen=True, slots=True)
class Amounts:
    """What is open of a group. `unapplied` is zero or negative; `balance` = unbilled + buckets + unapplied."""

    unbilled_cents: int
    bucket_cents: tuple[int, ...]
    unapplied_cents: int
    balance_cents: int
    overdue_cents: int

    @property
    def unbilled(self) -> Decimal:
        return from_cents(self.unbilled_cents)

    @property
    def buckets(self) -> tuple[Decimal, ...]:
        return tuple(map(from_cents, self.bucket_cents))

    @property
    def unapplied(self) -> Decimal:
        return from_cents(self.unapplied_cents)

    @property
    def balance(self) -> Decimal:
        return from_cents(self.balance_cents)

    @property
    def overdue(self) -> Decimal:
        return from_cents(self.overdue_cents)

    @property
    def debt_cents(self) -> tuple[int, ...]:
        """What is owed, credits left aside: unbilled and the buckets."""
        return (self.unbilled_cents, *self.bucket_cents)

    def all(self) -> tuple[Decimal, ...]:
        """In the order of the report's columns."""
        return (self.unbilled, *self.buckets, self.unapplied, self.balance, self.overdue)

    @classmethod
    def none(cls, buckets: int) -> "Amounts":
        return cls(0, (0,) * buckets, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Row:
    # The primary key (or region, or yes and no) that the group has in SQL; None: the entries without any.
    group: int | str | None
    # What a person knows it by: the customer code, the user name, the region; empty for entries without any.
    key: str
    name: str
    amounts: Amounts


# A row as it comes from the database: group, key, name, currency, then the cents of each column (None: zero).
RawRow = tuple[Any, ...]
HEAD = 4


@dataclass(frozen=True)
class Report:
    """The rows of one currency. `raw` holds unbilled, the buckets, unapplied, balance and, unless the buckets
    themselves tell it, overdue.
    """

    question: Question
    currency: str
    buckets: tuple[Bucket, ...]
    raw: Sequence[RawRow]

    def __len__(self) -> int:
        return len(self.raw)

    def __iter__(self) -> Iterator[Row]:
        return (self.row(raw) for raw in self.raw)

    def row(self, raw: RawRow) -> Row:
        return Row(raw[0], raw[1], raw[2], self._amounts([cents or 0 for cents in raw[HEAD:]]))

    @cached_property
    def totals(self) -> Amounts:
        width = len(self.buckets) + 3 + self._has_overdue
        columns = [[row[HEAD + n] for row in self.raw] for n in range(width)]
        return self._amounts([sum(filter(None, column)) for column in columns])

    @cached_property
    def largest_debt(self) -> int:
        """The most that a row owes, in cents, credits left aside."""
        end = HEAD + len(self.buckets) + 1
        return max((sum(filter(None, raw[HEAD:end])) for raw in self.raw), default=0)

    @property
    def _has_overdue(self) -> bool:
        return self.buckets[0].key != "not_due"

    def _amounts(self, cents: list[int]) -> Amounts:
        count = len(self.buckets)
        buckets = tuple(cents[1 : count + 1])
        overdue = cents[count + 3] if self._has_overdue else sum(buckets[1:])
        return Amounts(cents[0], buckets, cents[count + 1], cents[count + 2], overdue)

    def sorted(self, column: str, *, descending: bool = False) -> "Report":
        """The same rows in the order of a column: key, name, unbilled, a bucket's …, overdue."""
        names = [
            "group",
            "key",
            "name",
            "currency",
            "unbilled",
            *(bucket.key for bucket in self.buckets),
            "unapplied",
            "balance",
        ]
        if column == "overdue":
            order: Callable[[RawRow], Any] = self._overdue
        elif (index := names.index(column)) < HEAD:
            order = itemgetter(index)
        else:
            order = partial(_cents, index)
        return replace(self, raw=sorted(self.raw, key=order, reverse=descending))

    def _overdue(self, raw: RawRow) -> int:
        return self.cents(raw, "overdue")

    def cents(self, raw: RawRow, figure: str) -> int:
        """The balance of a row, or what of it is overdue, without its other amounts."""
        end = HEAD + len(self.buckets)
        if figure == "overdue" and not self._has_overdue:
            return sum(filter(None, raw[HEAD + 2 : end + 1]))
        return _cents(end + (3 if figure == "overdue" else 2), raw)


def _cents(index: int, raw: RawRow) -> int:
    return int(raw[index] or 0)
