"""The open items behind a report, or behind one of its numbers: counted, sorted and cut in the database."""

from dataclasses import dataclass
from datetime import date as Date
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from aging.queries.scope import Scope
from aging.question import Question
from customers.models import User
from ledger.models import Kind
from ledger.money import from_cents
from ledger.queries.open_items import Fragment
from ledger.queries.pieces import Pieces, day_of

UNBILLED, UNAPPLIED, BALANCE, OVERDUE = "unbilled", "unapplied", "balance", "overdue"


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


def column_of(question: Question, name: str) -> str:
    """How a column of the report is called, by its key."""
    return _columns(Scope(question, None))[name]


def _columns(scope: Scope) -> dict[str, str]:
    buckets = {bucket.key: bucket.label for bucket in scope.buckets}
    return {UNBILLED: _("unbilled")} | buckets | {
        UNAPPLIED: _("unapplied"), BALANCE: _("balance"), OVERDUE: _("overdue")
    }  # fmt: skip


@dataclass(frozen=True)
class Items(Pieces[Item]):
    """The open items of a question, or those that add up to one number of its report: `column` is the key of the
    number's column, `groups` what its row stands for (empty: the total). Their sum
    holds where the question names a currency, or there is but one.
    """

    question: Question
    user: User | None = None
    column: str = BALANCE
    groups: tuple[int | str | None, ...] = ()
    # The same of the second grouping of the question.
    across: tuple[int | str | None, ...] = ()

    orders_known: ClassVar = {
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
    usual_order: ClassVar = ("customer_code", "date")
    summed: ClassVar = "open"

    @cached_property
    def _scope(self) -> Scope:
        return Scope(self.question, self.user)

    @cached_property
    def _columns(self) -> list[str]:
        return list(_columns(self._scope).values())

    @cached_property
    def found(self) -> Fragment:
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

    @property
    def selected(self) -> str:
        return (
            "SELECT i.entry_id, i.customer_id, c.code, c.name, c.region, i.salesperson_id, c.owner_id, i.kind,"
            " e.number, i.date, i.due_date, CASE WHEN i.side = 1 THEN i.aged_on END, i.bucket, e.document_amount,"
            f" i.open FROM ({self.found.sql}) i"
            " JOIN ledger_entry e ON e.id = i.entry_id JOIN customers_customer c ON c.id = i.customer_id"
            " LEFT JOIN customers_user seller ON seller.id = i.salesperson_id"
            " LEFT JOIN customers_user owner ON owner.id = c.owner_id"
        )

    def item(self, row: tuple[Any, ...]) -> Item:
        entry, customer, code, name, region, seller, owner, kind, number, day, due, aged_on, column, face, cents = row
        aged = day_of(aged_on)
        return Item(
            entry=entry,
            customer=customer,
            customer_code=code,
            customer_name=name,
            region=region,
            salesperson=self.people[seller],
            owner=self.people[owner],
            kind=Kind(kind),
            number=number,
            date=day_of(day) or self.question.as_of,
            due_date=day_of(due),
            days=None if aged is None else (self.question.as_of - aged).days,
            column=self._columns[column],
            document_amount=from_cents(face),
            open=from_cents(cents),
        )


def _one_of(column: str, values: tuple[int | str | None, ...]) -> str:
    return " OR ".join(f"{column} IS NULL" if value is None else f"{column} = %s" for value in values)
