"""The difference between the books as of a day: goods and money that finance had not confirmed by then.

The sales book is every entry. The finance book leaves out goods and money that finance has not confirmed; what nobody
confirms (openings, invoices, credit notes, discounts) stands in both. So the finance book is the sales book less
these entries, and their list is the difference, to the cent.

It starts from what is unconfirmed now (the partial index `entry_unconfirmed`) and adds what was confirmed, withdrawn
or reversed after the day: its cost follows those, not the age of the firm.
"""

from datetime import date
from typing import Any

from django.db import connection

from ledger.models.entries import CONFIRMABLE_KINDS
from ledger.queries.open_items import Fragment, end_of

_KINDS = ", ".join(f"'{kind.value}'" for kind in CONFIRMABLE_KINDS)
COLUMNS = "x.id, x.customer_id, x.kind, x.date, x.amount, x.reversed_on"


def unconfirmed(as_of: date, *, known_on: date | None = None, within: Fragment | None = None) -> Fragment:
    """A SELECT of one row for each entry of the difference at the end of `as_of`: entry_id, customer_id, kind, date,
    amount (cents, what it adds to the balance).

    An entry belongs to it whose latest confirmation dated up to the day is none or a withdrawal, and that was not
    reversed by then. With `known_on` only what was recorded by the end of that day counts. `within` is a condition on
    the columns of `ledger_entry`.
    """
    day: Any = connection.ops.adapt_datefield_value(as_of)
    by_then, known = Fragment("{0}.date <= %s", (day,)), Fragment()
    if known_on is not None:
        known = Fragment("{0}.recorded_at < %s", (connection.ops.adapt_datetimefield_value(end_of(known_on)),))
        by_then = Fragment(f"{by_then.sql} AND {known.sql}", (*by_then.params, *known.params))
    candidates = _candidates(day, by_then, known, within)
    confirmed = (
        "SELECT CASE WHEN c.is_confirmed THEN 1 ELSE 0 END FROM ledger_confirmation c"
        f" WHERE c.entry_id = e.id AND {by_then.sql.format('c')} ORDER BY c.id DESC LIMIT 1"
    )
    reversal = f"SELECT 1 FROM ledger_entry r WHERE r.reverses_id = e.id AND {by_then.sql.format('r')}"
    return Fragment(
        f"SELECT e.id AS entry_id, e.customer_id, e.kind, e.date, e.amount FROM ({candidates.sql}) e"
        f" WHERE COALESCE(({confirmed}), 0) = 0 AND (e.reversed_on IS NULL OR NOT EXISTS ({reversal}))",
        (*candidates.params, *by_then.params, *by_then.params),
    )


def _candidates(day: Any, by_then: Fragment, known: Fragment, within: Fragment | None) -> Fragment:
    """What is unconfirmed now, and what something has happened to since."""
    there = Fragment(by_then.sql.format("x"), by_then.params)
    if within:
        there = Fragment(f"{there.sql} AND ({within.sql})", (*there.params, *within.params))
    head = f"SELECT {COLUMNS} FROM ledger_entry x WHERE {there.sql}"
    since, known_since = Fragment("s.date > %s", (day,)), Fragment()
    if known:
        known_since = Fragment("recorded_at >= %s", known.params)
        since = Fragment("(s.date > %s OR s.recorded_at >= %s)", (day, *known.params))
    branches = [
        # The condition of the partial index, word for word.
        Fragment(
            f"{head} AND kind IN ({_KINDS}) AND confirmed_on IS NULL AND reversed_on IS NULL"
            " AND NOT (reverses_id IS NOT NULL)",
            there.params,
        ),
        # A join, from which the planner begins at the confirmations: UNION takes an entry once.
        Fragment(
            f"SELECT {COLUMNS} FROM ledger_confirmation s JOIN ledger_entry x ON x.id = s.entry_id"
            f" WHERE {since.sql} AND {there.sql}",
            (*since.params, *there.params),
        ),
        Fragment(f"{head} AND reversed_on > %s AND kind IN ({_KINDS})", (*there.params, day)),
    ]
    if known_since:
        branches.append(
            Fragment(
                f"{head} AND reversed_on IS NOT NULL AND kind IN ({_KINDS}) AND id IN"
                f" (SELECT reverses_id FROM ledger_entry WHERE reverses_id IS NOT NULL AND {known_since.sql})",
                (*there.params, *known_since.params),
            )
        )
    return Fragment(
        " UNION ".join(branch.sql for branch in branches), tuple(p for branch in branches for p in branch.params)
    )
