"""The open debts behind a week of expected cash: counted, sorted and cut in the database."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date as Date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db import connection

from customers.models import User
from ledger.models import Kind
from ledger.money import from_cents
from ledger.queries.open_items import Fragment
from trends.forms import Asked
from trends.queries.cash import STORED_HABITS, usual_of
from trends.queries.expected import Moment, day_of, expected

ORDERS = {
    "number": "e.number",
    "customer_name": "c.name",
    "salesperson": "owner.username",
    "due_date": "i.due_date",
    "delay": "i.delay",
    "expected_on": "i.expected_on",
    "open": "i.open",
    "remains": "i.remains",
}
_USUAL_ORDER = ("expected_on", "due_date")
_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class ExpectedItem:
    """`delay`: by which many days after its due date it is expected; `is_own` says whose habit that is."""

    entry: int
    number: str
    kind: Kind
    customer_code: str
    customer_name: str
    salesperson: str
    date: Date
    due_date: Date | None
    delay: int
    is_own: bool
    expected_on: Date | None
    open: Decimal
    remains: Decimal


@dataclass(frozen=True)
class ExpectedItems:
    """The debts of one slot in one currency; read piece by piece, like a queryset."""

    user: User
    asked: Asked
    today: Date
    currency: str
    slot: int
    orders: tuple[str, ...] = ()

    def order_by(self, *orders: str) -> "ExpectedItems":
        return replace(self, orders=tuple(order for order in orders if order.lstrip("-") in ORDERS))

    def count(self) -> int:
        return self._count_and_sum[0]

    @property
    def remains(self) -> Decimal:
        return self._count_and_sum[1]

    def __getitem__(self, piece: slice) -> list[ExpectedItem]:
        start = piece.start or 0
        stop = self.count() if piece.stop is None else piece.stop
        statement = self._statement(f" LIMIT {max(stop - start, 0)} OFFSET {start}")
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, statement.params)
            return [self._item(row) for row in cursor.fetchall()]

    def iterator(self, chunk_size: int = _AT_ONCE) -> Iterator[ExpectedItem]:
        statement = self._statement("")
        with connection.chunked_cursor() as cursor:
            cursor.execute(statement.sql, statement.params)
            while rows := cursor.fetchmany(chunk_size):
                yield from map(self._item, rows)

    @cached_property
    def _found(self) -> Fragment:
        usual = usual_of(Fragment("SELECT currency, paid, cent_days FROM trends_habit"))
        debts = expected(Moment(self.today, self.today), STORED_HABITS, usual, user=self.user, asked=self.asked)
        return Fragment(
            f"SELECT * FROM ({debts.sql}) d WHERE slot = %s AND currency = %s",
            (*debts.params, self.slot, self.currency),
        )

    @cached_property
    def _count_and_sum(self) -> tuple[int, Decimal]:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT COUNT(*), CAST(SUM(remains) AS bigint) FROM ({self._found.sql}) i", self._found.params
            )
            [[count, cents]] = cursor.fetchall()
        return count, from_cents(cents or 0)

    @cached_property
    def _people(self) -> dict[int | None, str]:
        return {None: ""} | {person.pk: str(person) for person in User.objects.all()}

    def _statement(self, end: str) -> Fragment:
        orders = [
            f"{ORDERS[order.lstrip('-')]}{' DESC' if order.startswith('-') else ''}"
            for order in self.orders or _USUAL_ORDER
        ]
        return Fragment(
            "SELECT i.entry_id, e.number, i.kind, c.code, c.name, c.owner_id, i.date, i.due_date, i.delay,"
            f" i.is_own, i.expected_on, i.open, i.remains FROM ({self._found.sql}) i"
            " JOIN ledger_entry e ON e.id = i.entry_id JOIN customers_customer c ON c.id = i.customer_id"
            " LEFT JOIN customers_user owner ON owner.id = c.owner_id"
            f" ORDER BY {', '.join([*orders, 'i.entry_id'])}{end}",
            self._found.params,
        )

    def _item(self, row: tuple[Any, ...]) -> ExpectedItem:
        entry, number, kind, code, name, owner, day, due, delay, is_own, on, cents, remains = row
        return ExpectedItem(
            entry=entry,
            number=number,
            kind=Kind(kind),
            customer_code=code,
            customer_name=name,
            salesperson=self._people[owner],
            date=day_of(day) or self.today,
            due_date=day_of(due),
            delay=delay,
            is_own=bool(is_own),
            expected_on=day_of(on),
            open=from_cents(cents),
            remains=from_cents(remains),
        )
