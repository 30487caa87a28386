"""The nightly sweep: raises a flag for every cause, brings the open ones up to date, clears what has passed.

A handful of statements, whatever the number of invoices: the causes are gathered once from what is open, and flags
are compared with them as sets. All of it is one transaction. Run again, or by two workers at once, it raises nothing
twice; killed half-way, it leaves nothing behind.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction

from flags.models import Flag, FlagKind
from flags.rules import LEAST_DAYS, latest_start
from flags.thresholds import days_in_force, limits_in_force
from ledger.money import to_cents
from ledger.queries.open_items import Fragment, open_items

# Any number that no other lock of the database takes.
SWEEP_LOCK = 7_230_114


@dataclass(frozen=True, slots=True)
class SweepResult:
    """How many flags of each kind a sweep raised and cleared, and how many are open after it."""

    raised: dict[str, int]
    cleared: dict[str, int]
    open: dict[str, int]


@transaction.atomic
def raise_flags(*, as_of: date) -> SweepResult:
    """Sweeps as of the end of a day. A flag that a sweep of a later day raised is left alone."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SWEEP_LOCK])
        _gather_causes(cursor, as_of)
        cleared = _clear(cursor, as_of)
        _bring_up_to_date(cursor)
        raised = _raise(cursor, as_of)
        cursor.execute("DROP TABLE flag_cause")
        cursor.execute(f"SELECT kind, COUNT(*) FROM {Flag._meta.db_table} WHERE cleared_on IS NULL GROUP BY kind")
        still_open = dict(cursor.fetchall())
    return SweepResult(
        raised={kind: raised[kind] for kind in FlagKind.values},
        cleared={kind: cleared[kind] for kind in FlagKind.values},
        open={kind: still_open.get(kind, 0) for kind in FlagKind.values},
    )


def _gather_causes(cursor: Any, as_of: date) -> None:
    """Fills the table `flag_cause`: one row for each entry and kind that deserves a flag on the day."""
    causes = _causes(as_of)
    cursor.execute("DROP TABLE IF EXISTS flag_cause")
    cursor.execute(f"CREATE TEMPORARY TABLE flag_cause AS {causes.sql}", causes.params)
    cursor.execute("CREATE UNIQUE INDEX flag_cause_once ON flag_cause (entry_id, kind)")
    if connection.vendor == "postgresql":
        cursor.execute("ANALYZE flag_cause")


def _clear(cursor: Any, as_of: date) -> Counter[str]:
    cursor.execute(
        "UPDATE flags_flag SET cleared_on = %s WHERE cleared_on IS NULL AND raised_on <= %s AND NOT EXISTS"
        " (SELECT 1 FROM flag_cause c WHERE c.entry_id = flags_flag.entry_id AND c.kind = flags_flag.kind)"
        " RETURNING kind",
        [_day(as_of), _day(as_of)],
    )
    return Counter(kind for (kind,) in cursor.fetchall())


def _bring_up_to_date(cursor: Any) -> None:
    """Money and severity of open flags; one that grew more severe comes back to the desk it was put away from."""
    cursor.execute(
        "UPDATE flags_flag SET amount_at_stake = c.amount, tax_at_stake = c.tax, since = c.since,"
        " acknowledged_at = CASE WHEN c.severity > flags_flag.severity THEN NULL ELSE acknowledged_at END,"
        " snoozed_until = CASE WHEN c.severity > flags_flag.severity THEN NULL ELSE snoozed_until END,"
        " severity = c.severity"
        " FROM flag_cause c WHERE c.entry_id = flags_flag.entry_id AND c.kind = flags_flag.kind"
        " AND flags_flag.cleared_on IS NULL AND (flags_flag.amount_at_stake <> c.amount"
        " OR flags_flag.tax_at_stake <> c.tax OR flags_flag.since <> c.since OR flags_flag.severity <> c.severity)"
    )


def _raise(cursor: Any, as_of: date) -> Counter[str]:
    cursor.execute(
        "INSERT INTO flags_flag (kind, customer_id, entry_id, severity, since, amount_at_stake, tax_at_stake,"
        " raised_on, raised_for_id)"
        " SELECT c.kind, c.customer_id, c.entry_id, c.severity, c.since, c.amount, c.tax, "
        + ("CAST(%s AS date)" if connection.vendor == "postgresql" else "%s")
        + ", k.owner_id FROM flag_cause c JOIN customers_customer k ON k.id = c.customer_id WHERE true"
        " ON CONFLICT (entry_id, kind) WHERE cleared_on IS NULL DO NOTHING RETURNING kind",
        [_day(as_of)],
    )
    return Counter(kind for (kind,) in cursor.fetchall())


def _causes(as_of: date) -> Fragment:
    """kind, customer_id, entry_id, since, amount, tax (cents), severity of every cause on the day."""
    items = open_items(as_of)
    thresholds = days_in_force()
    branches: list[Fragment] = []
    for kind, select in _KINDS.items():
        threshold = thresholds[kind]
        if threshold.active:
            latest = _day(latest_start(as_of, max(threshold.days, LEAST_DAYS[kind])))
            branches.append(Fragment(select, (latest, *([_day(as_of)] * (select.count("%s") - 1)))))
    if not branches:
        branches.append(Fragment(f"{_KINDS['overdue']} AND 1 = 0", (_day(as_of),)))
    severity, limits = _severity(as_of)
    sql = f"""
        WITH open_item AS ({items.sql}),
        open_invoice AS (
            SELECT f.id AS entry_id, f.customer_id, f.date, d.amount, i.tax, i.sent_on, i.received_on, i.booked_on
            FROM (
                SELECT COALESCE(e.instalment_of_id, e.id) AS first_id, SUM(o.open) AS amount
                FROM open_item o JOIN ledger_entry e ON e.id = o.entry_id
                WHERE o.kind = 'invoice' AND o.side = 1
                GROUP BY COALESCE(e.instalment_of_id, e.id)
            ) d
            JOIN ledger_entry f ON f.id = d.first_id
            JOIN ledger_invoice i ON i.entry_id = f.id
            WHERE i.kind <> 'none'
        )
        SELECT kind, customer_id, entry_id, since, CAST(amount AS bigint) AS amount, tax, {severity} AS severity
        FROM ({" UNION ALL ".join(branch.sql for branch in branches)}) found"""
    params = (*items.params, *limits, *(param for branch in branches for param in branch.params))
    return Fragment(sql, params)


# Each kind's causes. The first parameter is the latest day from which the delay may count, all others the day of the
# sweep: a step of an invoice's way that was made later had not been made by then.
_KINDS: dict[str, str] = {
    FlagKind.OVERDUE: """
        SELECT 'overdue' AS kind, customer_id, entry_id, due_date AS since, open AS amount, 0 AS tax
        FROM open_item WHERE side = 1 AND kind <> 'shipment' AND due_date <= %s""",
    FlagKind.NOT_INVOICED: """
        SELECT 'not_invoiced', customer_id, entry_id, date, open, 0
        FROM open_item WHERE side = 1 AND kind = 'shipment' AND date <= %s""",
    FlagKind.NOT_SENT: """
        SELECT 'not_sent', customer_id, entry_id, date, amount, tax
        FROM open_invoice WHERE date <= %s AND (sent_on IS NULL OR sent_on > %s)
            AND (received_on IS NULL OR received_on > %s) AND (booked_on IS NULL OR booked_on > %s)""",
    FlagKind.NOT_RECEIVED: """
        SELECT 'not_received', customer_id, entry_id, sent_on, amount, tax
        FROM open_invoice WHERE sent_on <= %s
            AND (received_on IS NULL OR received_on > %s) AND (booked_on IS NULL OR booked_on > %s)""",
    FlagKind.NOT_BOOKED: """
        SELECT 'not_booked', customer_id, entry_id, received_on, amount, 0
        FROM open_invoice WHERE received_on <= %s AND (booked_on IS NULL OR booked_on > %s)""",
}


def _severity(as_of: date) -> tuple[str, list[Any]]:
    """`rules.severity` as an expression over `since` and `amount`, and its parameters."""
    cases, params = "", []
    for level, limit in sorted(limits_in_force().items(), reverse=True):
        cases += f" WHEN since <= %s OR amount >= %s THEN {int(level)}"
        params += [_day(latest_start(as_of, limit.days)), to_cents(limit.amount)]
    return f"CASE{cases} ELSE 1 END", params


def _day(day: date) -> Any:
    return connection.ops.adapt_datefield_value(day)
