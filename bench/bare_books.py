"""The two books in bare SQL: what customers owe, and what of it finance has not confirmed."""

from datetime import date
from typing import Any

from bench.bare import Connection, aging_sources

_WAITING = (
    "kind IN ('shipment', 'return', 'payment', 'refund') AND confirmed_on IS NULL AND reversed_on IS NULL"
    " AND reverses_id IS NULL"
)


def sums(connection: Connection, *, on: date, today: date, source: int = 0) -> list[tuple[Any, ...]]:
    """For each customer the sales book and what lies between the books, in cents. In the firm of the benchmark
    nothing is withdrawn: what was not confirmed by a day is what waits now or was confirmed since.
    """
    sales = aging_sources(on, today)[source](on)
    between = f"SELECT customer_id, amount FROM ledger_entry WHERE {_WAITING} AND date <= '{on}'"
    if on != today:
        between += f""" UNION ALL SELECT e.customer_id, e.amount FROM ledger_confirmation c
            JOIN ledger_entry e ON e.id = c.entry_id WHERE c.date > '{on}' AND e.date <= '{on}'"""
    return connection.execute(
        f"""SELECT n.code, n.name, n.currency, r.* FROM (
            SELECT customer_id, CAST(SUM(sales) AS bigint), CAST(SUM(difference) AS bigint), SUM(found) FROM (
                SELECT customer_id, SUM(open) AS sales, 0 AS difference, 0 AS found
                FROM ({sales}) s GROUP BY customer_id
                UNION ALL
                SELECT customer_id, 0, SUM(amount), COUNT(*) FROM ({between}) b GROUP BY customer_id
            ) both_books GROUP BY customer_id HAVING SUM(found) > 0
        ) r JOIN customers_customer n ON n.id = r.customer_id"""
    ).fetchall()
