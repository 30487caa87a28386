"""What the work queues ask, in bare SQL: the open items that are weighed, the first rows of what is unconfirmed."""

from typing import Any

from bench.bare import Connection


def weighed(connection: Connection) -> list[tuple[Any, ...]]:
    """Every open credit, and every open debt of its customer: what suggestions are made of."""
    return connection.execute(
        """SELECT id, customer_id, side, kind, number, date, due_date, open_amount, memo FROM ledger_entry
        WHERE closed_on IS NULL AND customer_id IN (
            SELECT customer_id FROM ledger_entry WHERE closed_on IS NULL AND side = -1
        )"""
    ).fetchall()


def unconfirmed(connection: Connection, *, size: int) -> list[tuple[Any, ...]]:
    """How many wait, what they come to, and the first of them."""
    condition = (
        "kind IN ('shipment', 'return', 'payment', 'refund') AND confirmed_on IS NULL AND reversed_on IS NULL"
        " AND reverses_id IS NULL"
    )
    total = connection.execute(
        f"SELECT COUNT(*), SUM(document_amount) FROM ledger_entry WHERE {condition}"
    ).fetchall()
    rows = connection.execute(
        f"SELECT * FROM ledger_entry WHERE {condition} ORDER BY date, id LIMIT {size}"
    ).fetchall()
    return [*total, *rows]
