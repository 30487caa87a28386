"""The nightly sweep in one bare statement: clears, brings up to date and raises."""

from datetime import date, timedelta

from bench.bare import Connection
from flags.rules import DEFAULT_DAYS, DEFAULT_LIMITS
from ledger.money import to_cents


def sweep(connection: Connection, *, as_of: date) -> None:
    """What the product's sweep does with the thresholds that it begins with."""
    since = {kind: f"'{as_of - timedelta(days=days)}'" for kind, days in DEFAULT_DAYS.items()}
    severity = " ".join(
        f"WHEN since <= '{as_of - timedelta(days=limit.days)}' OR amount >= {to_cents(limit.amount)} THEN {level}"
        for level, limit in sorted(DEFAULT_LIMITS.items(), reverse=True)
    )
    connection.execute(
        f"""
        WITH item AS MATERIALIZED (
            SELECT id, customer_id, kind, side, date, due_date, open_amount FROM ledger_entry
            WHERE closed_on IS NULL
        ),
        bill AS MATERIALIZED (
            SELECT e.id, e.customer_id, e.date, e.open_amount, i.tax, i.sent_on, i.received_on
            FROM item e JOIN ledger_invoice i ON i.entry_id = e.id
            WHERE e.kind = 'invoice' AND e.side = 1 AND i.booked_on IS NULL AND i.kind <> 'none'
        ),
        found AS (
            SELECT 'overdue' AS kind, customer_id, id, due_date AS since, open_amount AS amount, 0 AS tax
            FROM item WHERE side = 1 AND kind <> 'shipment' AND due_date <= {since["overdue"]}
            UNION ALL
            SELECT 'not_invoiced', customer_id, id, date, open_amount, 0
            FROM item WHERE side = 1 AND kind = 'shipment' AND date <= {since["not_invoiced"]}
            UNION ALL
            SELECT 'not_sent', customer_id, id, date, open_amount, tax
            FROM bill WHERE sent_on IS NULL AND received_on IS NULL AND date <= {since["not_sent"]}
            UNION ALL
            SELECT 'not_received', customer_id, id, sent_on, open_amount, tax
            FROM bill WHERE received_on IS NULL AND sent_on <= {since["not_received"]}
            UNION ALL
            SELECT 'not_booked', customer_id, id, received_on, open_amount, 0
            FROM bill WHERE received_on <= {since["not_booked"]}
        ),
        cause AS MATERIALIZED (SELECT *, CASE {severity} ELSE 1 END AS severity FROM found),
        cleared AS (
            UPDATE flags_flag f SET cleared_on = '{as_of}'
            WHERE cleared_on IS NULL
                AND NOT EXISTS (SELECT 1 FROM cause c WHERE c.id = f.entry_id AND c.kind = f.kind)
        ),
        changed AS (
            UPDATE flags_flag f
            SET amount_at_stake = c.amount, tax_at_stake = c.tax, since = c.since, severity = c.severity
            FROM cause c
            WHERE c.id = f.entry_id AND c.kind = f.kind AND f.cleared_on IS NULL
                AND (f.amount_at_stake, f.tax_at_stake, f.since, f.severity)
                    IS DISTINCT FROM (c.amount, c.tax, c.since, c.severity)
        )
        INSERT INTO flags_flag (
            kind, customer_id, entry_id, severity, since, amount_at_stake, tax_at_stake, raised_on, raised_for_id,
            source, reason, path
        )
        SELECT c.kind, c.customer_id, c.id, c.severity, c.since, c.amount, c.tax, '{as_of}', k.owner_id,
            '', '', ''
        FROM cause c JOIN customers_customer k ON k.id = c.customer_id
        WHERE NOT EXISTS (
            SELECT 1 FROM flags_flag f WHERE f.entry_id = c.id AND f.kind = c.kind AND f.cleared_on IS NULL
        )"""
    )
