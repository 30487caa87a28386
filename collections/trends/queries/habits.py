"""When customers pay, counted from the due date: one statement over the payments of a year.

This says when money comes, so whoever pays early has a delay below zero. How late a customer pays, where early counts
as in time, is `account/lateness.py`.
"""

from datetime import date, timedelta

from django.db import connection

from ledger.models import Kind, Side
from ledger.queries.open_items import Fragment
from trends.rules import DAYS_OF_HABIT


def habits_up_to(until: date) -> Fragment:
    """A SELECT of one row for each customer that settled something: customer_id, currency, payments, paid (cents),
    cent_days. Settled by a payment within the year up to `until`, and neither undone nor fallen by then.
    """
    as_date = connection.ops.adapt_datefield_value
    since, day = as_date(until - timedelta(days=DAYS_OF_HABIT)), as_date(until)
    return Fragment(
        f"""SELECT a.customer_id, e.currency, COUNT(DISTINCT a.from_entry_id) AS payments,
            CAST(SUM(-a.amount) AS bigint) AS paid,
            CAST(SUM(-a.amount * {days_between("a.date", "e.due_date")}) AS bigint) AS cent_days
        FROM ledger_allocation a
        JOIN ledger_entry p ON p.id = a.from_entry_id
        JOIN ledger_entry e ON e.id = a.to_entry_id
        LEFT JOIN ledger_allocation u
            ON u.undoes_id = a.id AND u.undoes_id IS NOT NULL AND u.date > %s AND u.date <= %s
        WHERE a.date > %s AND a.date <= %s AND a.amount < 0 AND a.undoes_id IS NULL AND u.id IS NULL
            AND p.kind = '{Kind.PAYMENT}' AND p.side = {Side.CREDIT}
            AND e.kind IN ('{Kind.INVOICE}', '{Kind.OPENING}', '{Kind.SHIPMENT}') AND e.side = {Side.DEBT}
        GROUP BY a.customer_id, e.currency""",
        # What undoes an allocation is not dated before it: a look at the year finds both.
        (since, day, since, day),
    )


def days_between(later: str, earlier: str) -> str:
    if connection.vendor == "postgresql":
        return f"({later} - {earlier})"
    return f"CAST(julianday({later}) - julianday({earlier}) AS integer)"


def mean_days() -> str:
    """`cent_days` by `paid` to the nearest day, a half away from zero: both divide integers towards zero."""
    return (
        "CAST(CASE WHEN cent_days >= 0 THEN (2 * cent_days + paid) / (2 * paid)"
        " ELSE -((paid - 2 * cent_days) / (2 * paid)) END AS integer)"
    )
