"""The best bare SQL that was found for each answer: what a report costs where nothing but the database works.

Buckets are told apart once in each row (`OFFSET 0` keeps PostgreSQL from writing the distinction out again in each
sum), sums are bigints (a sum of bigints is numeric by itself, which is slow to read), and an empty bucket is null.
"""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import psycopg

Connection = psycopg.Connection[tuple[Any, ...]]
Way = Callable[..., list[tuple[Any, ...]]]

LIMITS = (0, 30, 60, 90, 180, 365)
# Who a row is about, and where its key and name stand.
GROUPS = {
    "customer": ("customer_id", "SELECT id, code, name FROM customers_customer"),
    "salesperson": ("salesperson_id", "SELECT id, username, last_name || first_name FROM customers_user"),
}
_COLUMNS = "customer_id, salesperson_id, currency, due_date, side, kind"
_OF_ENTRY = "e.customer_id, e.salesperson_id, e.currency, e.due_date, e.side, e.kind"


def aging_ways(on: date, today: date) -> list[Way]:
    """Each takes (connection, by=, on=) and gives the rows of (key, code, name, group, currency, one sum for each
    bucket, unbilled, unapplied, balance), in cents. Which is the fastest depends on how much has happened since.
    """
    return [partial(_aging, source=source) for source in aging_sources(on, today)]


def aging_sources(on: date, today: date) -> list[Callable[[date], str]]:
    """Each gives a SELECT of what was open at the end of a day: customer_id, salesperson_id, ..., open, in cents."""
    return [_open_today] if on == today else [_by_movements, _by_entries]


def _aging(connection: Connection, *, by: str, on: date, source: Callable[[date], str]) -> list[tuple[Any, ...]]:
    return connection.execute(_grouped(source(on), by=by, on=on)).fetchall()


def _open_today(_day: date) -> str:
    return f"SELECT {_COLUMNS}, open_amount AS open FROM ledger_entry WHERE closed_on IS NULL"


def _existed(day: date) -> str:
    """Entries that were there and not closed by then: the later movements of those that were cancel out."""
    return f"""(
        SELECT id, {_COLUMNS}, open_amount FROM ledger_entry WHERE closed_on IS NULL AND date <= '{day}'
        UNION ALL
        SELECT id, {_COLUMNS}, 0 FROM ledger_entry
        WHERE closed_on > '{day}' AND closed_on > date AND date <= '{day}'
    ) e"""


def _by_movements(day: date) -> str:
    """Today's open amounts, and every later movement taken back in a row of its own: they add up in any group."""
    return f"""
        SELECT {_COLUMNS}, open_amount AS open FROM ledger_entry WHERE closed_on IS NULL AND date <= '{day}'
        UNION ALL
        SELECT {_OF_ENTRY}, -a.amount FROM {_existed(day)}
        JOIN ledger_allocation a ON a.to_entry_id = e.id AND a.date > '{day}'
        UNION ALL
        SELECT {_OF_ENTRY}, a.amount FROM {_existed(day)}
        JOIN ledger_allocation a ON a.from_entry_id = e.id AND a.date > '{day}'"""


def _by_entries(day: date) -> str:
    """Each entry that was open, with its later movements taken back."""

    def moved(entry: str) -> str:
        return (
            "(SELECT CAST(COALESCE(SUM(a.amount), 0) AS bigint) FROM ledger_allocation a"
            f" WHERE a.{entry} = e.id AND a.date > '{day}')"
        )

    return f"""
        SELECT {_COLUMNS}, open_amount - {moved("to_entry_id")} + {moved("from_entry_id")} AS open
        FROM {_existed(day)} OFFSET 0"""


def _grouped(source: str, *, by: str, on: date) -> str:
    key, names = GROUPS[by]
    ages = " ".join(f"WHEN due_date >= '{on - timedelta(days=limit)}' THEN {n}" for n, limit in enumerate(LIMITS))
    bucket = f"CASE WHEN side = -1 THEN 8 WHEN kind = 'shipment' THEN 7 {ages} ELSE 6 END"
    sums = ", ".join(f"CAST(SUM(open) FILTER (WHERE bucket = {n}) AS bigint)" for n in range(9))
    return f"""
        SELECT n.*, r.* FROM (
            SELECT {key}, currency, {sums}, CAST(SUM(open) AS bigint)
            FROM (SELECT {key}, currency, open, {bucket} AS bucket FROM ({source}) s OFFSET 0) b
            GROUP BY {key}, currency
        ) r JOIN ({names}) n ON n.id = r.{key}"""


def ledger_page(connection: Connection, *, customer: int, size: int) -> None:
    """The newest lines of a ledger, its totals and its open items."""
    connection.execute(
        """SELECT e.*, i.sent_on, i.received_on, i.booked_on FROM ledger_entry e
        LEFT JOIN ledger_invoice i ON i.entry_id = e.id
        WHERE customer_id = %s ORDER BY date DESC, id DESC LIMIT %s""",
        [customer, size],
    ).fetchall()
    connection.execute(
        """SELECT e.*, i.sent_on, i.received_on, i.booked_on, SUM(open_amount) OVER () FROM ledger_entry e
        LEFT JOIN ledger_invoice i ON i.entry_id = e.id
        WHERE customer_id = %s AND closed_on IS NULL ORDER BY due_date, date, id""",
        [customer],
    ).fetchall()


def entries_list(connection: Connection, *, size: int, offset: int = 0, most: int = 10_000) -> None:
    """A page of the ledger list, the newest first, with the names that it shows, and its count up to a bound."""
    connection.execute(
        """SELECT e.*, c.code, c.name, u.username, u.last_name, u.first_name FROM (
            SELECT * FROM ledger_entry ORDER BY date DESC, id DESC LIMIT %s OFFSET %s
        ) e JOIN customers_customer c ON c.id = e.customer_id LEFT JOIN customers_user u ON u.id = e.salesperson_id
        ORDER BY e.date DESC, e.id DESC""",
        [size, offset],
    ).fetchall()
    connection.execute("SELECT COUNT(*) FROM (SELECT 1 FROM ledger_entry LIMIT %s) counted", [most + 1]).fetchall()


def customers_list(connection: Connection, *, size: int, on: date) -> None:
    """A page of the customers by code with what they owe, their number, and the totals of all by currency."""
    sums = f"""SUM(open_amount)::bigint,
        SUM(open_amount) FILTER (WHERE side = 1 AND kind <> 'shipment' AND due_date < '{on}')::bigint,
        SUM(open_amount) FILTER (WHERE side = 1 AND kind = 'shipment')::bigint,
        SUM(open_amount) FILTER (WHERE side = -1)::bigint"""
    connection.execute(
        f"""SELECT c.*, s.* FROM (SELECT * FROM customers_customer ORDER BY code LIMIT %s) c LEFT JOIN LATERAL (
            SELECT {sums} FROM ledger_entry e WHERE e.customer_id = c.id AND e.closed_on IS NULL
        ) s ON true ORDER BY c.code""",
        [size],
    ).fetchall()
    connection.execute("SELECT COUNT(*) FROM customers_customer").fetchall()
    connection.execute(
        f"SELECT currency, {sums} FROM ledger_entry WHERE closed_on IS NULL GROUP BY currency"
    ).fetchall()


def flags_list(connection: Connection, *, size: int) -> None:
    """A page of the open flags, the most money first, with what each is about, and how many there are."""
    connection.execute(
        """SELECT f.*, c.code, c.name, e.number, e.kind,
            (SELECT note FROM flags_flagnote n WHERE n.flag_id = f.id ORDER BY id DESC LIMIT 1)
        FROM (
            SELECT * FROM flags_flag WHERE cleared_on IS NULL ORDER BY amount_at_stake DESC, id LIMIT %s
        ) f JOIN customers_customer c ON c.id = f.customer_id JOIN ledger_entry e ON e.id = f.entry_id
        ORDER BY f.amount_at_stake DESC, f.id""",
        [size],
    ).fetchall()
    connection.execute("SELECT COUNT(*) FROM flags_flag WHERE cleared_on IS NULL").fetchall()
