"""What deserves a flag on a day: the tables of `rules`, asked of what is open."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import connection

from flags.rules import LEAST_SEVERITY, RULES, Level, Rule, latest_start, levels
from flags.thresholds import days_in_force, limits_in_force
from ledger.money import to_cents
from ledger.queries.open_items import Fragment, open_items

# Where the items of a rule come from: debts and shipments entry by entry, an invoice as one document.
_ITEMS = {
    "debt": "open_item WHERE side = 1 AND kind <> 'shipment'",
    "shipment": "open_item WHERE side = 1 AND kind = 'shipment'",
    "invoice": "open_invoice WHERE true",
}


def causes_on(day: date, *, within: Fragment | None = None) -> Fragment:
    """A SELECT of one row for each entry and kind that deserves a flag at the end of the day:
    kind, customer_id, entry_id, since, amount, tax (cents), severity. `within` narrows the entries.
    """
    items = open_items(day, within=within)
    severity = severity_on(levels(day, limits_in_force()))
    found = _found(day)
    sql = f"""
        WITH open_item AS ({items.sql}),
        open_invoice AS (
            SELECT f.id AS entry_id, f.customer_id, f.date, d.open, i.sent_on, i.received_on, i.booked_on,
                i.tax + {_CREDITED_TAX} AS tax
            FROM (
                SELECT COALESCE(e.instalment_of_id, e.id) AS first_id, SUM(o.open) AS open
                FROM open_item o JOIN ledger_entry e ON e.id = o.entry_id
                WHERE o.kind = 'invoice' AND o.side = 1
                GROUP BY COALESCE(e.instalment_of_id, e.id)
            ) d
            JOIN ledger_entry f ON f.id = d.first_id
            JOIN ledger_invoice i ON i.entry_id = f.id
            WHERE i.kind <> 'none'
        )
        SELECT kind, customer_id, entry_id, since, CAST(amount AS bigint) AS amount, CAST(tax AS bigint) AS tax,
            {severity.sql} AS severity
        FROM ({found.sql}) found"""
    return Fragment(sql, (*items.params, as_date(day), as_date(day), *severity.params, *found.params))


def among(customers: Collection[int]) -> Fragment:
    """A condition that narrows rows with a `customer_id` to these customers."""
    return Fragment(f"customer_id IN ({', '.join(['%s'] * len(customers))})", tuple(customers))


def severity_on(ladder: list[Level]) -> Fragment:
    """How severe a delay is, as an expression over `since` and `amount`."""
    cases = "".join(f" WHEN since <= %s OR amount >= %s THEN {int(level.severity)}" for level in ladder)
    params = [param for level in ladder for param in (as_date(level.latest_start), to_cents(level.amount))]
    return Fragment(f"CASE{cases} ELSE {LEAST_SEVERITY} END", tuple(params))


def as_date(day: date) -> Any:
    return connection.ops.adapt_datefield_value(day)


def _found(day: date) -> Fragment:
    thresholds = days_in_force()
    branches = [
        _delayed(kind, rule, day, thresholds[kind].days) for kind, rule in RULES.items() if thresholds[kind].active
    ]
    if not branches:
        nothing = _delayed("overdue", RULES["overdue"], day, 0)
        branches = [Fragment(f"{nothing.sql} AND 1 = 0", nothing.params)]
    return Fragment(
        " UNION ALL ".join(branch.sql for branch in branches),
        tuple(param for branch in branches for param in branch.params),
    )


def _delayed(kind: str, rule: Rule, day: date, days: int) -> Fragment:
    """The items of a kind whose delay is old enough. A step that was made after the day had not been made by then."""
    tax = "CASE WHEN tax > 0 THEN tax ELSE 0 END" if rule.with_tax else "0"
    unended = "".join(f" AND ({step} IS NULL OR {step} > %s)" for step in rule.until)
    return Fragment(
        f"SELECT '{kind}' AS kind, customer_id, entry_id, {rule.since} AS since, open AS amount, {tax} AS tax"
        f" FROM {_ITEMS[rule.about]} AND {rule.since} <= %s{unended}",
        (as_date(latest_start(day, max(days, rule.least_days))), *[as_date(day)] * len(rule.until)),
    )


# The tax, negative, of the credit notes that reverse an invoice in part and stand on the day: its customer will not
# deduct it any more. A look into an index for each open invoice.
_CREDITED_TAX = """COALESCE((
                    SELECT SUM(n.tax) FROM ledger_invoice n JOIN ledger_entry c ON c.id = n.entry_id
                    WHERE n.reverses_id = i.entry_id AND c.date <= %s
                        AND NOT EXISTS (SELECT 1 FROM ledger_entry r WHERE r.reverses_id = c.id AND r.date <= %s)
                ), 0)"""
