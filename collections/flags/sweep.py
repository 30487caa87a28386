"""The sweep: raises a flag for every cause, brings the open ones up to date, clears what has passed.

A handful of statements, whatever the number of invoices: causes and flags are compared as sets. All of it is one
transaction, one sweep at a time. Run again, or by two workers at once, it raises nothing twice; killed half-way, it
leaves nothing behind.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from flags.models import SWEPT_KINDS
from flags.queries.causes import among, as_date, causes_on
from flags.turn import turn
from ledger.queries.open_items import Fragment


@dataclass(frozen=True, slots=True)
class SweepResult:
    """How many flags of each kind a sweep raised and cleared, and how many are open after it. Flags that an act has
    raised are none of its business: it neither counts nor clears them.
    """

    raised: dict[str, int]
    cleared: dict[str, int]
    open: dict[str, int]


def raise_flags(*, as_of: date) -> SweepResult:
    """Sweeps as of the end of a day. A flag that a sweep of a later day raised is left alone. Waits for a sweep that
    is at work.
    """
    with _sweeping(as_of) as sweep:
        cleared = sweep.clear()
        sweep.bring_up_to_date()
        raised = sweep.raise_missing()
        still_open = sweep.count_open()
    return SweepResult(
        raised={kind.value: raised[kind] for kind in SWEPT_KINDS},
        cleared={kind.value: cleared[kind] for kind in SWEPT_KINDS},
        open={kind.value: still_open[kind] for kind in SWEPT_KINDS},
    )


def refresh_flags(*, as_of: date, customers: Collection[int] | None, patience: float) -> None:
    """Clears flags whose cause is gone, opens those again that were cleared today and have it back, and brings all of
    them up to date, of some customers or (None) of all. New ones are the night's to raise. Raises OperationalError
    where the turn is not had within `patience` seconds.
    """
    with _sweeping(as_of, customers, patience) as sweep:
        sweep.clear()
        sweep.reopen()
        sweep.bring_up_to_date()


@contextmanager
def _sweeping(
    as_of: date, customers: Collection[int] | None = None, patience: float | None = None
) -> Iterator["_Sweep"]:
    with turn(patience), connection.cursor() as cursor:
        whose = None if customers is None else among(customers)
        with _causes(cursor, causes_on(as_of, within=whose), stored=whose is None) as causes:
            yield _Sweep(cursor, as_of, causes, whose or Fragment("true"))


@contextmanager
def _causes(cursor: Any, causes: Fragment, *, stored: bool) -> Iterator[Fragment]:
    """What stands before a statement that reads `flag_cause`: nothing where the causes are stored in a table of that
    name for the time being, else the causes themselves. Few are gathered again faster than a table is made.
    """
    if not stored:
        yield Fragment(f"WITH flag_cause AS ({causes.sql})", causes.params)
        return
    cursor.execute("DROP TABLE IF EXISTS flag_cause")
    cursor.execute(f"CREATE TEMPORARY TABLE flag_cause AS {causes.sql}", causes.params)
    cursor.execute("CREATE UNIQUE INDEX flag_cause_once ON flag_cause (entry_id, kind)")
    if connection.vendor == "postgresql":
        cursor.execute("ANALYZE flag_cause")
    yield Fragment()
    cursor.execute("DROP TABLE flag_cause")


@dataclass(frozen=True, slots=True)
class _Sweep:
    """The statements of a sweep: each compares the flags of `whose` customers with their causes on the day."""

    cursor: Any
    as_of: date
    causes: Fragment
    whose: Fragment

    def clear(self) -> Counter[str]:
        return self._kinds(
            "UPDATE flags_flag SET cleared_on = %s WHERE cleared_on IS NULL AND source = '' AND raised_on <= %s"
            f" AND {self.whose.sql} AND NOT EXISTS"
            " (SELECT 1 FROM flag_cause c WHERE c.entry_id = flags_flag.entry_id AND c.kind = flags_flag.kind)"
            " RETURNING kind",
            [as_date(self.as_of), as_date(self.as_of), *self.whose.params],
        )

    def reopen(self) -> None:
        """Flags cleared today whose cause is back, by a slip that was undone: with all that was said of them."""
        self._kinds(
            "UPDATE flags_flag SET cleared_on = NULL WHERE cleared_on = %s AND EXISTS"
            " (SELECT 1 FROM flag_cause c WHERE c.entry_id = flags_flag.entry_id AND c.kind = flags_flag.kind)"
            " AND NOT EXISTS (SELECT 1 FROM flags_flag f WHERE f.entry_id = flags_flag.entry_id"
            " AND f.kind = flags_flag.kind AND (f.cleared_on IS NULL OR f.id > flags_flag.id)) RETURNING kind",
            [as_date(self.as_of)],
        )

    def bring_up_to_date(self) -> None:
        """Money and severity of open flags. One that has grown more severe than it was when it was acknowledged or
        snoozed comes back to the desk.
        """
        grown = "c.severity > COALESCE(flags_flag.severity_put_off, flags_flag.severity)"
        self._kinds(
            "UPDATE flags_flag SET amount_at_stake = c.amount, tax_at_stake = c.tax, since = c.since,"
            f" acknowledged_at = CASE WHEN {grown} THEN NULL ELSE acknowledged_at END,"
            f" snoozed_until = CASE WHEN {grown} THEN NULL ELSE snoozed_until END,"
            f" severity_put_off = CASE WHEN {grown} THEN NULL ELSE severity_put_off END,"
            " severity = c.severity"
            " FROM flag_cause c WHERE c.entry_id = flags_flag.entry_id AND c.kind = flags_flag.kind"
            " AND flags_flag.cleared_on IS NULL AND flags_flag.raised_on <= %s"
            " AND (flags_flag.amount_at_stake <> c.amount OR flags_flag.tax_at_stake <> c.tax"
            " OR flags_flag.since <> c.since OR flags_flag.severity <> c.severity) RETURNING flags_flag.kind",
            [as_date(self.as_of)],
        )

    def raise_missing(self) -> Counter[str]:
        day = "CAST(%s AS date)" if connection.vendor == "postgresql" else "%s"
        return self._kinds(
            "INSERT INTO flags_flag (kind, customer_id, entry_id, severity, since, amount_at_stake, tax_at_stake,"
            " raised_on, raised_for_id, source, reason, path)"
            # A sweep for a past day finds causes whose flags were raised by then and cleared since. They are gathered
            # beforehand: looked for in the table itself, which grows meanwhile, each cause could cost a walk over it.
            " WITH raised_by_then AS MATERIALIZED"
            " (SELECT entry_id, kind FROM flags_flag WHERE raised_on <= %s AND cleared_on > %s)"
            f" SELECT c.kind, c.customer_id, c.entry_id, c.severity, c.since, c.amount, c.tax, {day}, k.owner_id,"
            " '', '', ''"
            " FROM flag_cause c JOIN customers_customer k ON k.id = c.customer_id WHERE NOT EXISTS"
            " (SELECT 1 FROM raised_by_then r WHERE r.entry_id = c.entry_id AND r.kind = c.kind)"
            " ON CONFLICT (entry_id, kind) WHERE cleared_on IS NULL AND source = '' DO NOTHING RETURNING kind",
            [as_date(self.as_of)] * 3,
        )

    def count_open(self) -> Counter[str]:
        self.cursor.execute(
            f"SELECT kind, COUNT(*) FROM flags_flag WHERE cleared_on IS NULL AND {self.whose.sql} GROUP BY kind",
            self.whose.params,
        )
        return Counter(dict(self.cursor.fetchall()))

    def _kinds(self, sql: str, params: list[Any]) -> Counter[str]:
        """How many flags of each kind a statement has touched."""
        self.cursor.execute(f"{self.causes.sql} {sql}", [*self.causes.params, *params])
        return Counter(kind for (kind,) in self.cursor.fetchall())
