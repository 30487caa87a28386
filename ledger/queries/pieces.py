"""Rows of a hand-written statement, read like a queryset: counted, sorted and cut in the database."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar, Generic, Self, TypeVar, overload

from django.db import connection

from customers.models import User
from ledger.money import from_cents
from ledger.queries.open_items import Fragment

Item = TypeVar("Item")
_AT_ONCE = 2_000


@dataclass(frozen=True)
class Pieces(ABC, Generic[Item]):
    """A subclass says which rows there are, and how each is read and shown. What it selects is called `i`."""

    # What the rows can be sorted by, and how; and how they are where nobody has said.
    orders_known: ClassVar[Mapping[str, str]]
    usual_order: ClassVar[tuple[str, ...]]
    # The column, in cents, whose sum is told with the count.
    summed: ClassVar[str]

    orders: tuple[str, ...] = field(default=(), kw_only=True)

    @property
    @abstractmethod
    def found(self) -> Fragment:
        """The rows with the columns that they are counted, sorted and cut by, `entry_id` among them."""

    @property
    @abstractmethod
    def selected(self) -> str:
        """What is read of `found`: all before ORDER BY."""

    @abstractmethod
    def item(self, row: tuple[Any, ...]) -> Item: ...

    def order_by(self, *orders: str) -> Self:
        """Sorted by known names, with a minus in front for descending."""
        return replace(self, orders=tuple(order for order in orders if order.lstrip("-") in self.orders_known))

    def count(self) -> int:
        return self._count_and_sum[0]

    @property
    def sum(self) -> Decimal:
        return self._count_and_sum[1]

    def __getitem__(self, piece: slice) -> list[Item]:
        start = piece.start or 0
        stop = self.count() if piece.stop is None else piece.stop
        with connection.cursor() as cursor:
            cursor.execute(f"{self._sorted()} LIMIT {max(stop - start, 0)} OFFSET {start}", self.found.params)
            return [self.item(row) for row in cursor.fetchall()]

    def iterator(self, chunk_size: int = _AT_ONCE) -> Iterator[Item]:
        """All of them, without having all of them in memory."""
        with connection.chunked_cursor() as cursor:
            cursor.execute(self._sorted(), self.found.params)
            while rows := cursor.fetchmany(chunk_size):
                yield from map(self.item, rows)

    @cached_property
    def people(self) -> dict[int | None, str]:
        """The names of users by their keys."""
        return {None: ""} | {person.pk: str(person) for person in User.objects.all()}

    @cached_property
    def _count_and_sum(self) -> tuple[int, Decimal]:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT COUNT(*), CAST(SUM(i.{self.summed}) AS bigint) FROM ({self.found.sql}) i", self.found.params
            )
            [[count, cents]] = cursor.fetchall()
        return count, from_cents(cents or 0)

    def _sorted(self) -> str:
        orders = [
            f"{self.orders_known[order.lstrip('-')]}{' DESC' if order.startswith('-') else ''}"
            for order in self.orders or self.usual_order
        ]
        return f"{self.selected} ORDER BY {', '.join([*orders, 'i.entry_id'])}"


@overload
def day_of(value: date | str) -> date: ...
@overload
def day_of(value: date | str | None) -> date | None: ...
def day_of(value: date | str | None) -> date | None:
    """A day as the engine gives it; SQLite has no dates of its own."""
    return date.fromisoformat(value) if isinstance(value, str) else value
