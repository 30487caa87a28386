"""Sales book, finance book and their difference, by customer or by salesperson, as of any day: one statement."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from customers.models import Customer, CustomerQuerySet, User, home_first
from ledger.money import ZERO, from_cents
from ledger.queries.open_items import Fragment, open_amounts
from reconciliation.books.queries.unconfirmed import unconfirmed
from reconciliation.books.question import By, Question


@dataclass(frozen=True, slots=True)
class Row:
    """What a group owes by either book; positive is owed to us. `difference` = `sales` - `finance`."""

    # The key of the customer or of the salesperson; None: customers that nobody answers for.
    group: int | None
    key: str
    name: str
    currency: str
    sales: Decimal
    difference: Decimal
    count: int
    oldest: date | None

    @property
    def finance(self) -> Decimal:
        return self.sales - self.difference


def customers_asked(question: Question, user: User | None) -> CustomerQuerySet:
    """The customers that a question is about, of those that `user` sees (no user: of all)."""
    found = Customer.objects.order_by()
    if user is not None and not user.sees_all:
        found = found.visible_to(user)
    if question.words:
        found = found.search(question.words)
    if question.customer is not None:
        found = found.filter(pk=question.customer)
    if question.salesperson is not None:
        found = found.filter(owner=question.salesperson or None)
    if question.key_account is not None:
        found = found.filter(key_account=question.key_account)
    return found.filter(currency=question.currency) if question.currency else found


def within(customers: CustomerQuerySet) -> Fragment:
    """A condition on `customer_id`; empty where every customer is meant."""
    if not customers.query.has_filters():
        return Fragment()
    sql, params = customers.values("pk").query.sql_with_params()
    return Fragment(f"customer_id IN ({sql})", tuple(params))


def rows(question: Question, *, user: User | None = None) -> list[Row]:
    """In the order of currency, home currency first, and of code or name. A group that owes nothing by either book
    and has no entry between them is left out.
    """
    whose = within(customers_asked(question, user))
    sales = open_amounts(question.as_of, known_on=question.known_on, within=whose)
    between = unconfirmed(question.as_of, known_on=question.known_on, within=whose)
    # By customer before anything is joined: PostgreSQL takes the groups for few, and would compare each with each.
    by_customer = _typed(f"""
        SELECT customer_id, SUM(sales) AS sales, SUM(difference) AS difference, SUM(found) AS found,
            MIN(oldest) AS oldest
        FROM (
            SELECT customer_id, open AS sales, 0 AS difference, 0 AS found, NULL AS oldest FROM ({sales.sql}) s
            UNION ALL
            SELECT customer_id, 0, amount, 1, date FROM ({between.sql}) u
        ) both_books GROUP BY customer_id""")
    with connection.cursor() as cursor:
        cursor.execute(_GROUPED[question.by].format(by_customer), (*sales.params, *between.params))
        found = [_row(*raw, by=question.by) for raw in cursor.fetchall()]
    found = [row for row in found if row.count or (question.with_agreeing and row.sales)]
    return sorted(found, key=lambda row: (home_first(row.currency), row.key))


# Around a SELECT of the sums by customer.
_GROUPED = {
    By.CUSTOMER: """
        SELECT c.id, c.code, c.name, '', c.currency, CAST(b.sales AS bigint), CAST(b.difference AS bigint), b.found,
            b.oldest
        FROM ({}) b JOIN customers_customer c ON c.id = b.customer_id""",
    By.SALESPERSON: """
        SELECT r.owner_id, u.username, u.first_name, u.last_name, r.currency, CAST(r.sales AS bigint),
            CAST(r.difference AS bigint), r.found, r.oldest
        FROM (
            SELECT c.owner_id, c.currency, SUM(b.sales) AS sales, SUM(b.difference) AS difference,
                SUM(b.found) AS found, MIN(b.oldest) AS oldest
            FROM ({}) b JOIN customers_customer c ON c.id = b.customer_id GROUP BY c.owner_id, c.currency
        ) r LEFT JOIN customers_user u ON u.id = r.owner_id""",
}


def _typed(statement: str) -> str:
    """PostgreSQL wants to know of what type nothing is."""
    if connection.vendor == "postgresql":
        return statement.replace("NULL AS oldest", "CAST(NULL AS date) AS oldest")
    return statement


def _row(
    group: int | None,
    key: str | None,
    first: str | None,
    last: str | None,
    currency: str,
    sales: int,
    difference: int,
    count: int,
    oldest: Any,
    *,
    by: By,
) -> Row:
    name = first or ""
    if by == By.SALESPERSON and key is not None:
        name = str(User(username=key, first_name=first or "", last_name=last or ""))
    day = date.fromisoformat(oldest) if isinstance(oldest, str) else oldest
    return Row(group, key or "", name, currency, from_cents(sales), from_cents(difference), int(count), day)


@dataclass(frozen=True, slots=True)
class Totals:
    """From the sales book by the entries between to the finance book."""

    sales: Decimal
    difference: Decimal
    count: int

    @property
    def finance(self) -> Decimal:
        return self.sales - self.difference


def totals(found: Sequence[Row]) -> Totals:
    """Of rows in one currency."""
    return Totals(
        sum((row.sales for row in found), ZERO),
        sum((row.difference for row in found), ZERO),
        sum(row.count for row in found),
    )


def bridges(question: Question, user: User | None) -> dict[str, Totals]:
    """By currency in which the books differ, the books of all that a question is about."""
    found = rows(replace(question, with_agreeing=True), user=user)
    return {
        code: totals([row for row in found if row.currency == code])
        for code in dict.fromkeys(row.currency for row in found if row.count)
    }
