"""What was open as of a day, as it was known on a day: the one place that rolls the open amounts back.

An entry's `open_amount` is what is open after every movement that was ever recorded. So long as nothing is dated
after the day asked for, it is the answer, and the partial index of open entries holds all of it. For a past day the
movements since then are taken back, entry by entry, from the entries that were still open on it. What either costs
follows the number of open items, not the length of the history.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

# Up to so many movements since the day, or so many for each open entry, it is cheaper to start from them than from
# the entries, each of which is a look into an index.
FEW_MOVEMENTS, FEW_FOR_AN_ENTRY = 50_000, 4
# Of the open entries no more are counted: beyond, all movements are few.
MANY_ENTRIES = 100_000

COLUMNS = "customer_id, salesperson_id, kind, side, date, due_date, currency"


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of SQL and the parameters in it."""

    sql: str = ""
    params: tuple[Any, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.sql)


def open_items(as_of: date, *, known_on: date | None = None, within: Fragment | None = None) -> Fragment:
    """A SELECT of one row for each entry with something open at the end of `as_of`:
    entry_id, customer_id, salesperson_id, kind, side, date, due_date, currency, open (cents, signed).

    With `known_on` it counts only what was recorded by the end of that day in the firm's time zone, or before that
    moment. `within` is a condition on the columns of `ledger_entry` that narrows the entries beforehand.
    """
    return _Moment(as_of, known_on, within or Fragment()).items()


def open_amounts(as_of: date, *, known_on: date | None = None, within: Fragment | None = None) -> Fragment:
    """As `open_items`, but an entry may have several rows, also none that is zero: they add up to what is open of
    it. The cheaper one for sums over groups of entries.
    """
    return _Moment(as_of, known_on, within or Fragment()).amounts()


def fence() -> str:
    """Ends a subquery whose columns are reckoned once, however often the query around it uses them."""
    return " OFFSET 0" if connection.vendor == "postgresql" else " LIMIT -1 OFFSET 0"


def end_of(day: date) -> datetime:
    """The first moment after the day in the firm's time zone; a moment stands for itself."""
    if isinstance(day, datetime):
        return day
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), timezone.get_default_timezone())


class _Moment:
    """A day and what was known of it, as conditions in SQL."""

    def __init__(self, as_of: date, known_on: date | None, within: Fragment) -> None:
        self.day = connection.ops.adapt_datefield_value(as_of)
        self.known = None if known_on is None else connection.ops.adapt_datetimefield_value(end_of(known_on))
        self.within = Fragment(f" AND ({within.sql})", within.params) if within else within

    def items(self) -> Fragment:
        return self._as_it_stands() if self._nothing_came_after() else self._rolled_back()

    def amounts(self) -> Fragment:
        if self._nothing_came_after():
            return self._as_it_stands()
        return self._with_later_movements() if self.known is None and self._few_came_after() else self._rolled_back()

    def _nothing_came_after(self) -> bool:
        """Whether nothing is dated after the day or recorded after it was known."""
        checks = [
            "EXISTS (SELECT 1 FROM ledger_entry WHERE date > %s)",
            "EXISTS (SELECT 1 FROM ledger_allocation WHERE date > %s)",
        ]
        params = [self.day, self.day]
        if self.known is not None:
            checks.append("EXISTS (SELECT 1 FROM ledger_posting WHERE recorded_at >= %s)")
            params.append(self.known)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {' OR '.join(checks)}", params)
            [[found]] = cursor.fetchall()
        return not found

    def _few_came_after(self) -> bool:
        open_entries = self._count("ledger_entry WHERE closed_on IS NULL", [], at_most=MANY_ENTRIES)
        few = max(FEW_MOVEMENTS, FEW_FOR_AN_ENTRY * open_entries)
        return self._count("ledger_allocation WHERE date > %s", [self.day], at_most=few) < few

    @staticmethod
    def _count(rows: str, params: list[Any], *, at_most: int) -> int:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT COUNT(*) FROM (SELECT 1 FROM {rows} LIMIT {at_most}) counted", params)
            [[found]] = cursor.fetchall()
        return int(found)

    def _as_it_stands(self) -> Fragment:
        return Fragment(
            f"SELECT id AS entry_id, {COLUMNS}, open_amount AS open FROM ledger_entry"
            f" WHERE closed_on IS NULL{self.within.sql}",
            self.within.params,
        )

    def _existed(self) -> Fragment:
        """The entries that were there and may have been open. Today's open amount of a closed one is zero.

        `closed_on > date` says nothing new: it is the condition of the partial index.
        """
        head = f"SELECT id AS entry_id, {COLUMNS}"
        there, params = f"date <= %s{self.within.sql}", (self.day, *self.within.params)
        if self.known is not None:
            there, params = f"recorded_at < %s AND {there}", (self.known, *params)
        branches = [
            Fragment(f"{head}, open_amount FROM ledger_entry WHERE closed_on IS NULL AND {there}", params),
            Fragment(
                f"{head}, 0 FROM ledger_entry WHERE closed_on > %s AND closed_on > date AND {there}",
                (self.day, *params),
            ),
        ]
        if self.known is not None:
            # Closed by then as we know now, but by a movement that nobody knew of.
            later = (
                "FROM ledger_allocation WHERE posting_id IN (SELECT id FROM ledger_posting WHERE recorded_at >= %s)"
            )
            branches.append(
                Fragment(
                    f"{head}, 0 FROM ledger_entry WHERE closed_on <= %s AND {there}"
                    f" AND id IN (SELECT to_entry_id {later} UNION SELECT from_entry_id {later})",
                    (self.day, *params, self.known, self.known),
                )
            )
        return Fragment(
            " UNION ALL ".join(branch.sql for branch in branches),
            tuple(param for branch in branches for param in branch.params),
        )

    def _rolled_back(self) -> Fragment:
        """Each entry's open amount less what moved into it since, plus what moved out of it: a look into an index
        for each entry, whatever the planner thinks of how many there are.
        """
        existed = self._existed()
        since, params = "a.date > %s", [self.day]
        if self.known is not None:
            since, params = f"({since} OR a.recorded_at >= %s)", [*params, self.known]

        def moved(entry: str) -> str:
            return (
                "(SELECT CAST(COALESCE(SUM(a.amount), 0) AS bigint) FROM ledger_allocation a"
                f" WHERE a.{entry} = e.entry_id AND {since})"
            )

        return Fragment(
            f"SELECT * FROM (SELECT entry_id, {COLUMNS},"
            f" open_amount - {moved('to_entry_id')} + {moved('from_entry_id')} AS open"
            f" FROM ({existed.sql}) e{fence()}) rolled_back WHERE open <> 0",
            (*params, *params, *existed.params),
        )

    def _with_later_movements(self) -> Fragment:
        """Today's open amounts, and every later movement taken back in a row of its own."""
        existed = self._existed()
        columns = ", ".join(f"e.{column}" for column in COLUMNS.split(", "))

        def taken_back(entry: str, sign: str) -> str:
            return (
                f"SELECT e.entry_id, {columns}, {sign}a.amount FROM ({existed.sql}) e"
                f" JOIN ledger_allocation a ON a.{entry} = e.entry_id AND a.date > %s"
            )

        return Fragment(
            f"SELECT id AS entry_id, {COLUMNS}, open_amount AS open FROM ledger_entry"
            f" WHERE closed_on IS NULL AND date <= %s{self.within.sql}"
            f" UNION ALL {taken_back('to_entry_id', '-')} UNION ALL {taken_back('from_entry_id', '')}",
            (self.day, *self.within.params, *existed.params, self.day, *existed.params, self.day),
        )
