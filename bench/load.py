"""Loads a synthetic firm in bulk: no triggers, the secondary indexes built at the end."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from bench import server

SCRIPT = Path(__file__).with_name("load.sql").read_text()
TABLES = (
    "ledger_entry",
    "ledger_allocation",
    "ledger_billing",
    "ledger_invoice",
    "ledger_payment",
    "ledger_confirmation",
)
MOST_CUSTOMERS = 20_000
INVOICES_OF_A_CUSTOMER = 50
# What is open only because its Friday has not come yet, when everybody pays: the mean delay over ten years.
OPEN_ANYWAY = 0.0157


@dataclass(frozen=True, slots=True)
class Firm:
    """`history` is the share of the closed invoices that is kept, the latest first; open items are all kept."""

    invoices: int
    open_share: float = 0.02
    history: float = 1.0

    @property
    def customers(self) -> int:
        return max(50, min(MOST_CUSTOMERS, self.invoices // INVOICES_OF_A_CUSTOMER))


@dataclass(frozen=True, slots=True)
class Loaded:
    invoices: int
    open_invoices: int
    closed_invoices: int
    open_items: int
    entries: int
    allocations: int
    megabytes: int


def load(name: str, firm: Firm, *, today: date) -> Loaded:
    """Fills the empty database `name` and counts what it holds."""
    facts = {
        "invoices": firm.invoices,
        "customers": firm.customers,
        "today": today,
        "never": max(0.0, firm.open_share - OPEN_ANYWAY) / (1 - OPEN_ANYWAY),
        "history": firm.history,
    }
    with server.connect(name) as database:
        database.execute("SET session_replication_role = replica")
        database.execute("SET work_mem = '256MB'")
        database.execute("SET maintenance_work_mem = '512MB'")
        with database.transaction():
            indexes = _drop_indexes(database)
            psycopg.ClientCursor(database).execute(SCRIPT, facts)
            for definition in indexes:
                database.execute(definition)
        database.execute("VACUUM ANALYZE")
        return _count(database)


def _drop_indexes(database: "psycopg.Connection[tuple[Any, ...]]") -> list[bytes]:
    """Drops the indexes that no constraint stands on and returns the statements that make them."""
    found = database.execute(
        """SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
        FROM pg_index i LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid
        WHERE i.indrelid::regclass::text = ANY(%s) AND c.oid IS NULL""",
        [list(TABLES)],
    ).fetchall()
    for index, _definition in found:
        database.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(index)))
    return [definition.encode() for _index, definition in found]


def _count(database: "psycopg.Connection[tuple[Any, ...]]") -> Loaded:
    row = database.execute(
        """SELECT COUNT(*) FILTER (WHERE kind = 'invoice'),
            COUNT(*) FILTER (WHERE kind = 'invoice' AND closed_on IS NULL),
            COUNT(*) FILTER (WHERE kind = 'invoice' AND closed_on IS NOT NULL),
            COUNT(*) FILTER (WHERE closed_on IS NULL), COUNT(*), (SELECT COUNT(*) FROM ledger_allocation),
            pg_database_size(current_database()) / 1048576
        FROM ledger_entry"""
    ).fetchone()
    assert row is not None
    return Loaded(*row)
