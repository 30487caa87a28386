"""What is expected of each open debt, and when: the rule of `rules.py` as SQL, over what is open as of a day."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection

from aging.history.figures import scope_of
from customers.models import User
from ledger.models import Kind, Side
from ledger.queries.open_items import Fragment, open_items
from trends.forms import Asked
from trends.rules import ENOUGH_PAYMENTS, GIVEN_UP, SOONEST, WEEKS, weeks_from

# Where a debt stands: in one of the weeks 0 … WEEKS - 1, or aside.
LATER, NOT_EXPECTED, UNBILLED = WEEKS, WEEKS + 1, WEEKS + 2


@dataclass(frozen=True, slots=True)
class Moment:
    """`today` is the first day on which something may still come, `as_of` the day whose end the books show."""

    as_of: date
    today: date


def expected(
    moment: Moment, habits: Fragment, usual: dict[str, int], *, user: User | None = None, asked: Asked | None = None
) -> Fragment:
    """A SELECT of one row for each open debt of which something is left: entry_id, customer_id, currency, kind, date,
    due_date, delay, is_own (1: the customer's own), open, left (cents), expected_on, slot, agreed (the week of the
    due date; -1: overdue).

    `habits` selects customer_id, payments and days; `usual` is the delay of all customers by currency. Open
    credits are taken off the debts as the ledger would settle them: the oldest due first, unbilled last.
    """
    filters = asked.as_filters() if asked else {}
    items = open_items(moment.as_of, within=scope_of(moment.as_of, user=user, **filters).within())
    day = connection.ops.adapt_datefield_value
    today = day(moment.today)
    of_all = "".join(" WHEN %s THEN %s" for _one in usual)
    of_all = f"CASE i.currency{of_all} ELSE 0 END" if usual else "0"
    lasts = [day(week.last) for week in weeks_from(moment.today)]
    weeks = " ".join(f"WHEN {{}} <= %s THEN {n}" for n in range(WEEKS))
    kind = f"kind = '{Kind.SHIPMENT}'"
    is_own = f"h.payments >= {ENOUGH_PAYMENTS}"
    sql = f"""
        WITH item AS ({items.sql}),
        credit AS (
            SELECT customer_id, SUM(-open) AS amount FROM item WHERE side = {Side.CREDIT} GROUP BY customer_id
        ),
        debt AS (
            SELECT i.*, CASE WHEN {is_own} THEN h.days ELSE {of_all} END AS delay,
                CASE WHEN {is_own} THEN 1 ELSE 0 END AS is_own, COALESCE(c.amount, 0) AS credit,
                SUM(i.open) OVER (
                    PARTITION BY i.customer_id
                    ORDER BY CASE WHEN i.{kind} THEN 1 ELSE 0 END, i.due_date, i.date, i.entry_id
                    ROWS UNBOUNDED PRECEDING
                ) AS up_to
            FROM item i
            LEFT JOIN credit c ON c.customer_id = i.customer_id
            LEFT JOIN ({habits.sql}) h ON h.customer_id = i.customer_id
            WHERE i.side = {Side.DEBT}
        ),
        owed AS (
            SELECT d.*, CASE WHEN up_to - credit < open THEN up_to - credit ELSE open END AS remains,
                {_plus("due_date", "delay")} AS by_habit,
                CASE WHEN delay > {SOONEST} THEN delay ELSE {SOONEST} END AS wait,
                CASE WHEN delay > 0 THEN delay ELSE 0 END + {GIVEN_UP} AS patience
            FROM debt d
        ),
        dated AS (
            SELECT o.*, CASE WHEN by_habit >= {_date()} THEN by_habit ELSE {_plus(_date(), "wait")} END AS day,
                CASE WHEN {_plus("due_date", "patience")} < {_date()} THEN 1 ELSE 0 END AS is_given_up
            FROM owed o WHERE remains > 0
        )
        SELECT entry_id, customer_id, currency, kind, date, due_date, delay, is_own, open,
            CAST(remains AS bigint) AS remains, CASE WHEN is_given_up = 1 THEN NULL ELSE day END AS expected_on,
            CASE WHEN {kind} THEN {UNBILLED} WHEN is_given_up = 1 THEN {NOT_EXPECTED}
                {weeks.format(*["day"] * WEEKS)} ELSE {LATER} END AS slot,
            CASE WHEN due_date < {_date()} THEN -1 {weeks.format(*["due_date"] * WEEKS)} ELSE {LATER} END AS agreed
        FROM dated"""
    return Fragment(
        sql,
        (
            *items.params,
            *(param for pair in usual.items() for param in pair),
            *habits.params,
            *(today, today, today),
            *lasts,
            today,
            *lasts,
        ),
    )


def _date() -> str:
    return "CAST(%s AS date)" if connection.vendor == "postgresql" else "%s"


def _plus(day: str, days: str) -> str:
    """A day so many days later; SQLite has its days as text."""
    return f"({day} + {days})" if connection.vendor == "postgresql" else f"date({day}, {days} || ' days')"


def day_before(day: date) -> date:
    return day - timedelta(days=1)
