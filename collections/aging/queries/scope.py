"""Which open items a question is about, whose they are, and in which bucket each stands: pieces of SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection

from aging.buckets import Basis, Bucket, buckets
from aging.question import Grouping, Question, Unbilled
from customers.models import Customer, CustomerQuerySet, Role, User
from ledger.models import Kind, Side
from ledger.queries.open_items import Fragment, end_of, open_amounts, open_items

_CUSTOMERS = " JOIN customers_customer c ON c.id = i.customer_id"
# From each customer to the one above all of its parents; a circle of parents has none.
_TOPS = """ LEFT JOIN (
    WITH RECURSIVE tops (id, top) AS (
        SELECT id, id FROM customers_customer WHERE parent_id IS NULL
        UNION ALL SELECT c.id, tops.top FROM customers_customer c JOIN tops ON tops.id = c.parent_id
    ) SELECT id, top FROM tops
) t ON t.id = i.customer_id"""
# By which column the items (i) are grouped, and what must be joined to them for it.
_GROUPS = {
    Grouping.CUSTOMER: ("i.customer_id", ""),
    Grouping.REGION: ("c.region", _CUSTOMERS),
    Grouping.PARENT: ("COALESCE(t.top, i.customer_id)", _TOPS),
    Grouping.KEY_ACCOUNT: ("CASE WHEN c.key_account THEN 1 ELSE 0 END", _CUSTOMERS),
}

_AGED_ON = {Basis.DUE: "i.due_date", Basis.DOCUMENT: "i.date", Basis.SHIPMENT: "COALESCE(s.shipped_on, i.date)"}


@dataclass(frozen=True, slots=True)
class Scope:
    """A question as one user may ask it; no user: as somebody who sees all."""

    question: Question
    user: User | None
    # A condition besides, on `customer_id`.
    whose: Fragment | None = None

    @property
    def buckets(self) -> tuple[Bucket, ...]:
        return buckets(self.question.basis, settings.AGING_LIMITS)

    @property
    def group(self) -> tuple[str, str]:
        return self._grouped(self.question.by)

    @property
    def across(self) -> str:
        """The column of the second grouping."""
        return self._grouped(self.question.across)[0] if self.question.across else ""

    def _grouped(self, by: Grouping) -> tuple[str, str]:
        if by == Grouping.SALESPERSON:
            return ("i.salesperson_id", "") if self.question.is_about_sales else ("c.owner_id", _CUSTOMERS)
        return _GROUPS[by]

    @property
    def _joins(self) -> str:
        """What both groupings need, each table once."""
        groupings = filter(None, (self.question.by, self.question.across))
        return "".join(dict.fromkeys(self._grouped(by)[1] for by in groupings))

    # Columns have numbers in SQL: unbilled is 0, the buckets follow, unapplied is the last.
    UNBILLED = 0

    @property
    def unapplied(self) -> int:
        return len(self.buckets) + 1

    @property
    def aged_on(self) -> str:
        """The column of `bucketed` from whose day the buckets count."""
        return _AGED_ON[self.question.basis]

    @property
    def is_overdue(self) -> str:
        """A condition on the rows of `bucketed`."""
        return f"bucket BETWEEN 2 AND {len(self.buckets)}" if self.question.basis == Basis.DUE else "is_overdue = 1"

    def bucketed(self, columns: str, *, per_entry: bool, condition: Fragment | None = None) -> Fragment:
        """A SELECT of `columns` of the items (i), of the number of their column (`bucket`) and of what `is_overdue`
        reads. `per_entry`: one row for each item; else rows that add up.
        """
        question = self.question
        source = (open_items if per_entry else open_amounts)(
            question.as_of, known_on=question.known_on, within=self.within()
        )
        shipped = self._shipped() if question.basis == Basis.SHIPMENT else Fragment()
        joins = self._joins
        is_aged = f"i.side = {Side.DEBT}"
        in_column = ""
        if question.unbilled == Unbilled.COLUMN:
            is_aged += f" AND i.kind <> '{Kind.SHIPMENT}'"
            in_column = f" WHEN i.kind = '{Kind.SHIPMENT}' THEN 0"
        ages, age_params = _ages(self.aged_on, self.buckets, question.as_of)
        late = Fragment(f"{is_aged} AND i.due_date < %s", (_day(question.as_of),))
        bucket = Fragment(
            f"CASE WHEN i.side = {Side.CREDIT} THEN {self.unapplied}{in_column} {ages} ELSE {len(self.buckets)} END",
            age_params,
        )
        conditions = [piece for piece in (condition, late if question.overdue_only else None) if piece]
        where = f" WHERE {' AND '.join(f'({piece.sql})' for piece in conditions)}" if conditions else ""
        select, params = f"SELECT {columns}, {bucket.sql} AS bucket", bucket.params
        if question.basis != Basis.DUE:
            select, params = (
                f"{select}, CASE WHEN {late.sql} THEN 1 ELSE 0 END AS is_overdue",
                (*params, *late.params),
            )
        if shipped:
            head, params = f"WITH i AS MATERIALIZED ({source.sql}) {select} FROM i", (*source.params, *params)
        else:
            head, params = f"{select} FROM ({source.sql}) i", (*params, *source.params)
        return Fragment(
            f"{head}{joins}{shipped.sql}{where}",
            (*params, *shipped.params, *(param for piece in conditions for param in piece.params)),
        )

    def _shipped(self) -> Fragment:
        """For each open invoice the earliest of the shipments that it bills, as of the day."""
        known, params = "b.date <= %s", [_day(self.question.as_of)]
        if self.question.known_on is not None:
            known += " AND b.recorded_at < %s"
            params.append(connection.ops.adapt_datetimefield_value(end_of(self.question.known_on)))
        return Fragment(
            f""" LEFT JOIN (
                SELECT entry_id, MIN(date) AS shipped_on FROM (
                    SELECT i.entry_id, goods.id, goods.date
                    FROM i
                    JOIN ledger_entry e ON e.id = i.entry_id
                    JOIN ledger_billing b ON b.invoice_id = COALESCE(e.instalment_of_id, e.id) AND {known}
                    JOIN ledger_entry goods ON goods.id = b.shipment_id
                    WHERE i.kind = '{Kind.INVOICE}' AND i.side = {Side.DEBT}
                    GROUP BY i.entry_id, goods.id, goods.date HAVING SUM(b.amount) > 0
                ) billed GROUP BY entry_id
            ) s ON s.entry_id = i.entry_id""",
            tuple(params),
        )

    def within(self) -> Fragment:
        """What of the ledger the user sees and the filters leave, as a condition on `ledger_entry`."""
        question = self.question
        customers, conditions = self._seen()
        if self.whose:
            conditions.append(self.whose)
        if question.salesperson is not None:
            if question.is_about_sales:
                conditions.append(Fragment("salesperson_id = %s", (question.salesperson,)))
            else:
                customers = customers.filter(owner=question.salesperson)
        if question.region is not None:
            customers = customers.filter(region=question.region)
        if question.key_account is not None:
            customers = customers.filter(key_account=question.key_account)
        for column, value in (("customer_id", question.customer), ("currency", question.currency)):
            if value is not None:
                conditions.append(Fragment(f"{column} = %s", (value,)))
        if customers.query.has_filters():
            conditions.append(_one_of(customers))
        return Fragment(
            " AND ".join(f"({condition.sql})" for condition in conditions),
            tuple(param for condition in conditions for param in condition.params),
        )

    def _seen(self) -> tuple[CustomerQuerySet, list[Fragment]]:
        """The customers that come into question, and conditions besides. Sales stay in sight of who answers for
        them, whoever has the customer now.
        """
        customers, user = Customer.objects.order_by(), self.user
        if user is None or user.sees_all:
            return customers, []
        seen = customers.visible_to(user)
        if not self.question.is_about_sales:
            return seen, []
        own = Fragment("salesperson_id = %s", (user.pk,))
        if user.role == Role.SALESPERSON:
            return customers, [own]
        team = _one_of(seen)
        return customers, [Fragment(f"{team.sql} OR {own.sql}", (*team.params, *own.params))]


def _one_of(customers: CustomerQuerySet) -> Fragment:
    sql, params = customers.values("pk").query.sql_with_params()
    return Fragment(f"customer_id IN ({sql})", tuple(params))


def _ages(column: str, table: Sequence[Bucket], as_of: date) -> tuple[str, tuple[Any, ...]]:
    """The branches of a CASE that give each day the number of its bucket, but for the last bucket."""
    bounds = [_day(day) for bucket in table if (day := bucket.earliest(as_of)) is not None]
    branches = [f"WHEN {column} >= %s THEN {number}" for number in range(1, len(bounds) + 1)]
    return " ".join(branches), tuple(bounds)


def _day(day: date) -> Any:
    return connection.ops.adapt_datefield_value(day)
