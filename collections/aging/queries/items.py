"""The open items behind a report, or behind one of its numbers: counted, sorted and cut in the database."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date as Date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from aging.queries.scope import Scope
from aging.question import Question
from customers.models import User
from ledger.models import Kind
from ledger.money import from_cents
from ledger.queries.open_items import Fragment

UNBILLED, UNAPPLIED, BALANCE, OVERDUE = "unbilled", "unapplied", "balance", "overdue"
_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Item:
    """What is open of one entry. `days` since the day that the buckets count from; None for credits."""

    entry: int
    customer: int
    customer_code: str
    customer_name: str
    region: str
    salesperson: str
    owner: str
    kind: Kind
    number: str
    date: Date
    due_date: Date | None
    days: int | None
    column: str
    document_amount: Decimal
    open: Decimal


# What the list can be sorted by, and how.
ORDERS = {
    "customer_code": "c.code",
    "customer_name": "c.name",
    "region": "c.region",
    "salesperson": "seller.username",
    "owner": "owner.username",
    "kind": "i.kind",
    "number": "e.number",
    "date": "i.date",
    "due_date": "i.due_date",
    "column": "i.bucket",
    "document_amount": "e.document_amount",
    "open": "i.open",
}
_USUAL_ORDER = ("customer_code", "date")


def column_of(question: Question, name: str) -> str:
    """How a column of the report is called, by its key."""
    return _columns(Scope(question, None))[name]


def _columns(scope: Scope) -> dict[str, str]:
    buckets = {bucket.key: bucket.label for bucket in scope.buckets}
    return {UNBILLED: _("unbilled")} | buckets | {
        UNAPPLIED: _("unapplied"), BALANCE: _("balance"), OVERDUE: _("overdue")
    }  # fmt: skip


@dataclass(frozen=True)
class Items:
    """The open items of a question, or those that add up to one number of its report: `column` is the key of the
    number's column, `groups` what its row stands for (empty: the total). Read piece by piece, like a queryset.
    """

    question: Question
    user: User | None = None
    column: str = BALANCE
    groups: tuple[int | str | None, ...] = ()
    # The same of the second grouping of the question.
    across: tuple[int | str | None, ...] = ()
    orders: tuple[str, ...] = ()

    def order_by(self, *orders: str) -> "Items":
        """Sorted by names of ORDERS, with a minus in front for descending."""
        return replace(self, orders=tuple(order for order in orders if order.lstrip("-") in ORDERS))

    def count(self) -> int:
        return self._count_and_open[0]

    @property
    def open(self) -> Decimal:
        """What they add up to; only where the question names a currency, or there is but one."""
        return self._count_and_open[1]

    def __getitem__(self, piece: slice) -> list[Item]:
        start = piece.start or 0
        stop = self.count() if piece.stop is None else piece.stop
        statement = self._statement(f" LIMIT {max(stop - start, 0)} OFFSET {start}")
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, statement.params)
            return [self._item(row) for row in cursor.fetchall()]

    def iterator(self, chunk_size: int = _AT_ONCE) -> Iterator[Item]:
        """All of them, without having all of them in memory."""
        statement = self._statement("")
        with connection.chunked_cursor() as cursor:
            cursor.execute(statement.sql, statement.params)
            while rows := cursor.fetchmany(chunk_size):
                yield from map(self._item, rows)

    @cached_property
    def _scope(self) -> Scope:
        return Scope(self.question, self.user)

    @cached_property
    def _columns(self) -> list[str]:
        return list(_columns(self._scope).values())

    @cached_property
    def _people(self) -> dict[int | None, str]:
        return {None: ""} | {person.pk: str(person) for person in User.objects.all()}

    @cached_property
    def _count_and_open(self) -> tuple[int, Decimal]:
        found = self._found
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT COUNT(*), CAST(SUM(i.open) AS bigint) FROM ({found.sql}) i", found.params)
            [[count, cents]] = cursor.fetchall()
        return count, from_cents(cents or 0)

    @cached_property
    def _found(self) -> Fragment:
        """The items of the column and group."""
        scope = self._scope
        columns = (
            "i.entry_id, i.customer_id, i.salesperson_id, i.side, i.kind, i.date, i.due_date, i.open,"
            f" {scope.aged_on} AS aged_on"
        )
        group, _joins = scope.group
        named = [(column, values) for column, values in ((group, self.groups), (scope.across, self.across)) if values]
        condition = Fragment(
            " AND ".join(f"({_one_of(column, values)})" for column, values in named),
            tuple(value for _column, values in named for value in values if value is not None),
        )
        items = scope.bucketed(columns, per_entry=True, condition=condition)
        numbers = {UNBILLED: Scope.UNBILLED, UNAPPLIED: scope.unapplied}
        numbers |= {bucket.key: number for number, bucket in enumerate(scope.buckets, 1)}
        if self.column == BALANCE:
            return items
        test = scope.is_overdue if self.column == OVERDUE else f"bucket = {numbers[self.column]}"
        return Fragment(f"SELECT * FROM ({items.sql}) found WHERE {test}", items.params)

    def _statement(self, end: str) -> Fragment:
        found = self._found
        orders = [
            f"{ORDERS[order.lstrip('-')]}{' DESC' if order.startswith('-') else ''}"
            for order in self.orders or _USUAL_ORDER
        ]
        return Fragment(
            "SELECT i.entry_id, i.customer_id, c.code, c.name, c.region, i.salesperson_id, c.owner_id, i.kind,"
            " e.number, i.date, i.due_date, CASE WHEN i.side = 1 THEN i.aged_on END, i.bucket, e.document_amount,"
            f" i.open FROM ({found.sql}) i"
            " JOIN ledger_entry e ON e.id = i.entry_id JOIN customers_customer c ON c.id = i.customer_id"
            " LEFT JOIN customers_user seller ON seller.id = i.salesperson_id"
            " LEFT JOIN customers_user owner ON owner.id = c.owner_id"
            f" ORDER BY {', '.join([*orders, 'i.entry_id'])}{end}",
            found.params,
        )

    def _item(self, row: tuple[Any, ...]) -> Item:
        entry, customer, code, name, region, seller, owner, kind, number, day, due, aged_on, column, face, cents = row
        aged = _day(aged_on)
        return Item(
            entry=entry,
            customer=customer,
            customer_code=code,
            customer_name=name,
            region=region,
            salesperson=self._people[seller],
            owner=self._people[owner],
            kind=Kind(kind),
            number=number,
            date=_day(day) or self.question.as_of,
            due_date=_day(due),
            days=None if aged is None else (self.question.as_of - aged).days,
            column=self._columns[column],
            document_amount=from_cents(face),
            open=from_cents(cents),
        )


def _one_of(column: str, values: tuple[int | str | None, ...]) -> str:
    return " OR ".join(f"{column} IS NULL" if value is None else f"{column} = %s" for value in values)


def _day(value: Date | str | None) -> Date | None:
    """A day as the engine gives it; SQLite has no dates of its own."""
    return Date.fromisoformat(value) if isinstance(value, str) else value
