"""The lists behind the dashboard and the queues, and a search in the ledger, in bare SQL."""

from datetime import date
from typing import Any

from bench.bare import Connection

_SHOWN = """SELECT e.*, c.code, c.name, u.username, u.last_name, u.first_name FROM ({}) e
    JOIN customers_customer c ON c.id = e.customer_id LEFT JOIN customers_user u ON u.id = e.salesperson_id
    ORDER BY e.date DESC, e.id DESC"""
_OVERDUE = "closed_on IS NULL AND currency = 'CNY' AND side = 1 AND kind <> 'shipment' AND due_date < '{}'"
_UNSENT = """closed_on IS NULL AND currency = 'CNY' AND side = 1 AND kind = 'invoice'
    AND COALESCE(instalment_of_id, id) IN (
        SELECT entry_id FROM ledger_invoice WHERE kind IN ('special', 'general')
            AND sent_on IS NULL AND received_on IS NULL AND booked_on IS NULL
    )"""

# Invoices and credit notes that have not arrived: the face value of all their instalments, and what was taken back.
_ON_WAY = """SELECT e.*, i.sent_on, e.document_amount + COALESCE((
        SELECT SUM(document_amount) FROM ledger_entry l WHERE l.instalment_of_id = e.id
    ), 0) AS face, COALESCE((
        SELECT SUM(n.document_amount) FROM ledger_invoice r JOIN ledger_entry n ON n.id = r.entry_id
        WHERE r.reverses_id = e.id AND n.reversed_on IS NULL AND n.reverses_id IS NULL
    ), 0) AS taken_back
    FROM ledger_invoice i JOIN ledger_entry e ON e.id = i.entry_id
    WHERE i.received_on IS NULL AND i.booked_on IS NULL AND i.kind <> 'none'
        AND e.kind IN ('invoice', 'credit_note') AND e.reversed_on IS NULL AND e.reverses_id IS NULL"""


def overdue(connection: Connection, *, size: int, on: date) -> None:
    _page(connection, _OVERDUE.format(on), size)


def unsent(connection: Connection, *, size: int) -> None:
    _page(connection, _UNSENT, size)


def _page(connection: Connection, condition: str, size: int) -> None:
    """The newest entries of a condition, how many there are and what they come to."""
    rows = f"SELECT * FROM ledger_entry WHERE {condition} ORDER BY date DESC, id DESC LIMIT {size}"
    connection.execute(_SHOWN.format(rows)).fetchall()
    connection.execute(f"SELECT COUNT(*), SUM(open_amount)::bigint FROM ledger_entry WHERE {condition}").fetchall()


def numbered(connection: Connection, *, size: int, end: str) -> None:
    """The newest entries whose number ends so, and how many there are."""
    tail = end[::-1]
    condition = """number <> '' AND REVERSE(UPPER(number COLLATE "C")) >= %(tail)s
        AND REVERSE(UPPER(number COLLATE "C")) < %(tail)s || chr(1114111)"""
    # Without the fence the newest entries are read until enough of them end so.
    found = f"SELECT * FROM ledger_entry WHERE {condition} OFFSET 0"
    rows = f"SELECT * FROM ({found}) f ORDER BY date DESC, id DESC LIMIT {size}"
    connection.execute(_SHOWN.format(rows), {"tail": tail}).fetchall()
    connection.execute(f"SELECT COUNT(*) FROM ledger_entry WHERE {condition}", {"tail": tail}).fetchall()


def to_send(connection: Connection, *, size: int) -> None:
    """Invoices that were neither sent, received nor booked, how many there are and what they come to."""
    rows = f"{_ON_WAY} AND i.sent_on IS NULL"
    connection.execute(
        f"""SELECT s.*, c.code, c.name FROM ({rows}) s JOIN customers_customer c ON c.id = s.customer_id
        WHERE face + taken_back <> 0 ORDER BY date, s.id LIMIT {size}"""
    ).fetchall()
    connection.execute(
        f"SELECT currency, COUNT(*), SUM(face) FROM ({rows}) s WHERE face + taken_back <> 0 GROUP BY currency"
    ).fetchall()


def dashboard(connection: Connection, *, on: date) -> list[tuple[Any, ...]]:
    """The figures of all that is open and unconfirmed, what waits in each queue, and the figures of salespeople."""
    on_way = "e.side = 1 AND e.kind = 'invoice' AND i.kind IN ('special', 'general') AND i.received_on IS NULL"
    figures = connection.execute(
        f"""SELECT e.currency, COUNT(*), SUM(open_amount)::bigint,
            SUM(open_amount) FILTER (WHERE side = 1 AND e.kind <> 'shipment')::bigint,
            SUM(open_amount) FILTER (WHERE side = 1 AND e.kind <> 'shipment' AND due_date < '{on}')::bigint,
            SUM(open_amount) FILTER (WHERE side = 1 AND e.kind = 'shipment')::bigint,
            SUM(open_amount) FILTER (WHERE {on_way} AND i.booked_on IS NULL AND i.sent_on IS NULL)::bigint,
            SUM(open_amount) FILTER (WHERE {on_way} AND i.booked_on IS NULL AND i.sent_on IS NOT NULL)::bigint,
            SUM(open_amount) FILTER (WHERE side = -1)::bigint
        FROM ledger_entry e LEFT JOIN ledger_invoice i ON i.entry_id = COALESCE(e.instalment_of_id, e.id)
        WHERE e.closed_on IS NULL GROUP BY e.currency"""
    ).fetchall()
    connection.execute(
        """SELECT currency, COUNT(*), SUM(document_amount)::bigint FROM ledger_entry
        WHERE kind IN ('shipment', 'return', 'payment', 'refund') AND confirmed_on IS NULL AND reversed_on IS NULL
            AND reverses_id IS NULL GROUP BY currency"""
    ).fetchall()
    _queues(connection)
    connection.execute(
        f"""SELECT c.owner_id, SUM(open_amount)::bigint,
            SUM(open_amount) FILTER (WHERE side = 1 AND kind <> 'shipment')::bigint,
            SUM(open_amount) FILTER (WHERE side = 1 AND kind <> 'shipment' AND due_date < '{on}')::bigint,
            SUM(open_amount) FILTER (WHERE side = 1 AND kind = 'shipment')::bigint
        FROM ledger_entry e JOIN customers_customer c ON c.id = e.customer_id
        WHERE e.closed_on IS NULL GROUP BY c.owner_id"""
    ).fetchall()
    return figures


def _queues(connection: Connection) -> None:
    """How many rows wait in each queue, and what they come to."""
    connection.execute(
        """SELECT currency, COUNT(*), SUM(open_amount)::bigint FROM ledger_entry e
        WHERE closed_on IS NULL AND side = -1 AND EXISTS (
            SELECT 1 FROM ledger_entry d WHERE d.customer_id = e.customer_id AND d.closed_on IS NULL AND d.side = 1
        ) GROUP BY currency"""
    ).fetchall()
    connection.execute(
        """SELECT currency, kind IN ('shipment', 'return'), COUNT(*), SUM(document_amount)::bigint FROM ledger_entry
        WHERE kind IN ('shipment', 'return', 'payment', 'refund') AND confirmed_on IS NULL AND reversed_on IS NULL
            AND reverses_id IS NULL GROUP BY 1, 2"""
    ).fetchall()
    connection.execute(
        """SELECT currency, COUNT(*), SUM(total)::bigint FROM (
            SELECT customer_id, currency, DATE_TRUNC('month', date), SUM(to_bill) AS total FROM (
                SELECT customer_id, currency, date, document_amount - COALESCE((
                    SELECT SUM(amount) FROM ledger_billing b WHERE b.shipment_id = e.id
                ), 0) AS to_bill FROM ledger_entry e
                WHERE closed_on IS NULL AND kind = 'shipment' AND reversed_on IS NULL AND reverses_id IS NULL
            ) g WHERE to_bill <> 0 GROUP BY 1, 2, 3
        ) m GROUP BY currency"""
    ).fetchall()
    connection.execute(
        f"""SELECT currency, sent_on IS NULL, COUNT(*), SUM(face)::bigint FROM ({_ON_WAY}) s
        WHERE face + taken_back <> 0 AND kind = 'invoice' GROUP BY 1, 2"""
    ).fetchall()
