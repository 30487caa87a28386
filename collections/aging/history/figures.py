"""The figures of a day as pieces of SQL: the open items in their columns, and what the month brought."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.conf import settings
from django.db import connection

from aging.models import MOST_BUCKETS
from aging.queries.scope import Scope
from aging.question import Meaning, Question
from customers.models import User
from ledger.models import Kind
from ledger.queries.open_items import Fragment, fence

SALES = (Kind.SHIPMENT, Kind.INVOICE, Kind.RETURN, Kind.CREDIT_NOTE)
MONEY = (Kind.PAYMENT, Kind.REFUND)
# The sales that the DSO is reckoned from.
DAYS_OF_SALES = 90
COLUMNS = (
    "unbilled",
    *(f"bucket_{n}" for n in range(1, MOST_BUCKETS + 1)),
    "unapplied",
    "sales",
    "sales_90",
    "received",
)


def scope_of(
    day: date,
    *,
    user: User | None = None,
    salesperson: int | None = None,
    region: str | None = None,
    key_account: bool | None = None,
    whose: Fragment | None = None,
) -> Scope:
    """The customers in question are those that the user sees and that the filters leave, by who has them now."""
    question = Question(
        as_of=day, meaning=Meaning.OWNER, salesperson=salesperson, region=region, key_account=key_account
    )
    return Scope(question, user, whose)


def by_customer(scope: Scope) -> Fragment:
    """A SELECT of one row for each customer of whom there is anything: customer_id, currency and COLUMNS in cents."""
    rows = _rows(scope)
    anything = " OR ".join(f"{name} <> 0" for name in COLUMNS)
    return Fragment(
        f"SELECT * FROM (SELECT customer_id, currency, {_sums(len(scope.buckets))}"
        f" FROM ({rows.sql}{fence()}) r GROUP BY customer_id, currency) s WHERE {anything}",
        rows.params,
    )


def by_currency(scope: Scope) -> Fragment:
    """The same of all customers together: currency and COLUMNS."""
    rows = _rows(scope)
    return Fragment(
        f"SELECT currency, {_sums(len(scope.buckets))} FROM ({rows.sql}{fence()}) r GROUP BY currency", rows.params
    )


def _rows(scope: Scope) -> Fragment:
    items = scope.bucketed("i.customer_id, i.currency, i.open", per_entry=False)
    day = scope.question.as_of
    as_date = connection.ops.adapt_datefield_value
    first, since = as_date(day.replace(day=1)), as_date(day - timedelta(days=DAYS_OF_SALES - 1))
    within = scope.within()
    also = f" AND {within.sql}" if within else ""
    sales, money = _kinds(SALES), _kinds(MONEY)
    return Fragment(
        f"SELECT customer_id, currency, bucket, open, 0 AS sales, 0 AS sales_90, 0 AS received FROM ({items.sql}) b"
        " UNION ALL SELECT customer_id, currency, -1, 0,"
        f" CASE WHEN kind IN ({sales}) AND date >= %s THEN amount ELSE 0 END,"
        f" CASE WHEN kind IN ({sales}) THEN amount ELSE 0 END,"
        f" CASE WHEN kind IN ({money}) AND date >= %s THEN -amount ELSE 0 END"
        f" FROM ledger_entry WHERE date >= %s AND date <= %s AND kind IN ({sales}, {money}){also}",
        (*items.params, first, first, since, as_date(day), *within.params),
    )


def _sums(buckets: int) -> str:
    """The columns of a month end; those of buckets that the firm has not are nothing."""
    numbers = {"unbilled": Scope.UNBILLED, "unapplied": buckets + 1} | {
        f"bucket_{n}": n for n in range(1, buckets + 1)
    }
    sums = []
    for name in COLUMNS:
        if name in ("sales", "sales_90", "received"):
            total = f"SUM({name})"
        elif name in numbers:
            total = f"COALESCE(SUM(open) FILTER (WHERE bucket = {numbers[name]}), 0)"
        else:
            total = "0"
        # Sums of bigints are numeric in PostgreSQL, and slow to read.
        sums.append(f"CAST({total} AS bigint) AS {name}")
    return ", ".join(sums)


def _kinds(kinds: Sequence[Kind]) -> str:
    return ", ".join(f"'{kind.value}'" for kind in kinds)


def limits_in_force() -> str:
    return ",".join(map(str, settings.AGING_LIMITS))
