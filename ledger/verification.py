"""The laws of the ledger, each recomputed from what was posted: a list of small independent checks."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection

# Every movement of an entry's open amount by allocation, signed as it changes it.
_MOVES = """
    moves AS (
        SELECT to_entry_id AS entry_id, date, amount FROM ledger_allocation
        UNION ALL
        SELECT from_entry_id, date, -amount FROM ledger_allocation
    ),
    days AS (SELECT entry_id, date, SUM(amount) AS net FROM moves GROUP BY entry_id, date)
"""

# Each law: its name, what is wrong where it is broken, and a statement that selects (entry or customer id, found,
# expected) of every breach. Amounts are in cents.
LAWS: dict[str, tuple[str, str]] = {
    "open_amount": (
        "the stored open amount is not the amount plus its movements",
        f"""WITH {_MOVES}
        SELECT e.id, e.open_amount, e.amount + COALESCE(m.net, 0)
        FROM ledger_entry e
        LEFT JOIN (SELECT entry_id, SUM(net) AS net FROM days GROUP BY entry_id) m ON m.entry_id = e.id
        WHERE e.open_amount <> e.amount + COALESCE(m.net, 0)""",
    ),
    "closed_on": (
        "the entry is not closed on the day of the movement that brought it to zero",
        f"""WITH {_MOVES}
        SELECT e.id, e.closed_on, COALESCE(m.last, e.date)
        FROM ledger_entry e
        LEFT JOIN (SELECT entry_id, MAX(date) AS last FROM days WHERE net <> 0 GROUP BY entry_id) m
            ON m.entry_id = e.id
        WHERE e.open_amount = 0 AND (e.closed_on IS NULL OR e.closed_on <> COALESCE(m.last, e.date))
            OR e.open_amount <> 0 AND e.closed_on IS NOT NULL""",
    ),
    "sign": (
        "on some day a debt was open below zero, a credit above, or either beyond its document",
        f"""WITH {_MOVES},
        steps AS (
            SELECT e.id, e.side, e.document_amount,
                e.amount + SUM(d.net) OVER (PARTITION BY e.id ORDER BY d.date) AS open
            FROM ledger_entry e JOIN days d ON d.entry_id = e.id
        )
        SELECT id, open, document_amount FROM steps
        WHERE side * open < 0 OR side * open > side * document_amount""",
    ),
    "movement": (
        "an allocation or billing leaves its customer or is dated before one of its entries",
        """SELECT f.id, f.customer_id, t.customer_id
        FROM (
            SELECT from_entry_id AS one, to_entry_id AS other, customer_id, date FROM ledger_allocation
            UNION ALL
            SELECT invoice_id, shipment_id, customer_id, date FROM ledger_billing
        ) m
        JOIN ledger_entry f ON f.id = m.one
        JOIN ledger_entry t ON t.id = m.other
        WHERE f.customer_id <> m.customer_id OR t.customer_id <> m.customer_id
            OR m.date < f.date OR m.date < t.date""",
    ),
    "undone": (
        "an allocation is not undone by its exact opposite",
        """SELECT a.from_entry_id, u.amount, -a.amount
        FROM ledger_allocation u JOIN ledger_allocation a ON a.id = u.undoes_id
        WHERE u.amount <> -a.amount OR u.from_entry_id <> a.from_entry_id OR u.to_entry_id <> a.to_entry_id
            OR u.date < a.date""",
    ),
    "reversed": (
        "an entry is not reversed by its exact opposite, on the day that it says",
        """SELECT e.id, r.amount, -e.amount
        FROM ledger_entry e LEFT JOIN ledger_entry r ON r.reverses_id = e.id
        WHERE r.amount <> -e.amount OR r.document_amount <> -e.document_amount
            OR r.customer_id <> e.customer_id OR r.date < e.date
            OR COALESCE(r.date <> e.reversed_on, (r.id IS NULL) <> (e.reversed_on IS NULL))""",
    ),
    "confirmed": (
        "the entry is not confirmed on the day that its latest confirmation says, or cannot be confirmed at all",
        """SELECT e.id, e.confirmed_on, l.confirmed_on
        FROM ledger_entry e
        LEFT JOIN (
            SELECT c.entry_id, CASE WHEN c.is_confirmed THEN c.date END AS confirmed_on
            FROM ledger_confirmation c
            JOIN (SELECT MAX(id) AS id FROM ledger_confirmation GROUP BY entry_id) latest ON latest.id = c.id
        ) l ON l.entry_id = e.id
        WHERE COALESCE(e.confirmed_on <> l.confirmed_on, (e.confirmed_on IS NULL) <> (l.confirmed_on IS NULL))
            OR e.confirmed_on IS NOT NULL
                AND (e.kind NOT IN ('shipment', 'return', 'payment', 'refund')
                    OR e.reverses_id IS NOT NULL OR e.reversed_on IS NOT NULL)""",
    ),
    "confirmed_in_order": (
        "finance said something of the entry as of a day before what it had said last",
        """SELECT c.entry_id, c.date, b.date
        FROM ledger_confirmation c JOIN ledger_confirmation b ON b.entry_id = c.entry_id AND b.id < c.id
        WHERE c.date < b.date""",
    ),
    "closed": (
        "it is dated into a month that was closed when it was recorded, and finance gave no reason",
        """SELECT r.id, r.date, r.closed FROM (
            SELECT m.id, m.posting_id, m.date, (
                SELECT p.closed_until FROM ledger_periodclose p WHERE p.recorded_at < m.recorded_at
                ORDER BY p.id DESC LIMIT 1
            ) AS closed
            FROM (
                SELECT id, posting_id, date, recorded_at FROM ledger_entry
                WHERE date <= (SELECT MAX(closed_until) FROM ledger_periodclose)
                UNION ALL
                SELECT from_entry_id, posting_id, date, recorded_at FROM ledger_allocation
                WHERE date <= (SELECT MAX(closed_until) FROM ledger_periodclose)
            ) m
        ) r
        WHERE r.date <= r.closed
            AND NOT EXISTS (SELECT 1 FROM ledger_lateposting l WHERE l.posting_id = r.posting_id)""",
    ),
    "billed": (
        "more of the goods is billed than they are worth",
        """SELECT e.id, SUM(b.amount), e.document_amount
        FROM ledger_billing b JOIN ledger_entry e ON e.id = b.shipment_id
        GROUP BY e.id, e.side, e.document_amount
        HAVING e.side * SUM(b.amount) NOT BETWEEN 0 AND e.side * e.document_amount""",
    ),
    "handed_on": (
        "of goods that are billed more is open than nobody bills",
        """SELECT e.id, e.open_amount, e.document_amount - b.amount
        FROM ledger_entry e
        JOIN (SELECT shipment_id, SUM(amount) AS amount FROM ledger_billing GROUP BY shipment_id) b
            ON b.shipment_id = e.id
        WHERE e.closed_on IS NULL AND e.side * e.open_amount > e.side * (e.document_amount - b.amount)""",
    ),
    "balance": (
        "the customer's open amounts do not add up to the amounts posted",
        """SELECT customer_id, SUM(open_amount), SUM(amount) FROM ledger_entry
        GROUP BY customer_id HAVING SUM(open_amount) <> SUM(amount)""",
    ),
    "owed_once": (
        "what the customer owes is not the face value of the documents less what they bill of each other",
        """SELECT e.customer_id, e.amount, e.document_amount - COALESCE(b.amount, 0)
        FROM (SELECT customer_id, SUM(amount) AS amount, SUM(document_amount) AS document_amount
              FROM ledger_entry GROUP BY customer_id) e
        LEFT JOIN (SELECT customer_id, SUM(amount) AS amount FROM ledger_billing GROUP BY customer_id) b
            ON b.customer_id = e.customer_id
        WHERE e.amount <> e.document_amount - COALESCE(b.amount, 0)""",
    ),
    "currency": (
        "the entry's currency is not its customer's",
        """SELECT e.id, e.currency, c.currency
        FROM ledger_entry e JOIN customers_customer c ON c.id = e.customer_id WHERE e.currency <> c.currency""",
    ),
    "lines": (
        "the lines of the shipment do not add up to its document amount",
        """SELECT e.id, SUM(l.amount), e.side * e.document_amount
        FROM ledger_shipmentline l JOIN ledger_entry e ON e.id = l.shipment_id
        GROUP BY e.id, e.side, e.document_amount HAVING SUM(l.amount) <> e.side * e.document_amount""",
    ),
}


@dataclass(frozen=True, slots=True)
class Breach:
    """A law broken at the entry `key`, or for "balance" and "owed_once" at that customer; amounts are in cents."""

    law: str
    meaning: str
    key: int
    found: str
    expected: str


def breaches() -> Iterator[Breach]:
    """Every breach of every law; an empty iterator says that the books are sound."""
    for law, (meaning, statement) in LAWS.items():
        with connection.cursor() as cursor:
            cursor.execute(statement)
            for key, found, expected in cursor:
                yield Breach(law, meaning, key, str(found), str(expected))
