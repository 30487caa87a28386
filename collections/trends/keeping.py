"""Keeps what the expected cash stands on: habits every night, and what each Monday expects of its weeks."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from django.db import OperationalError, connection, transaction
from django.utils import timezone

from ledger.queries.open_items import Fragment
from trends.models import Expectation, Habit, Monday
from trends.queries.cash import usual_of
from trends.queries.expected import Moment, day_before, expected
from trends.queries.habits import habits_up_to, mean_days
from trends.rules import WEEKS, monday

logger = logging.getLogger(__name__)

# Habits that are older are made again by who looks.
STALE_AFTER = timedelta(days=7)
# For so many seconds who looks makes past expectations; the night makes the others.
PATIENCE = 2.0
# Mondays that are kept: one quarter more than is shown.
KEPT_MONDAYS = 2 * WEEKS
# Any number that no other lock of the database takes.
_LOCK = 7_230_116


def keep(*, today: date) -> int:
    """What the night does; returns how many Mondays it has made."""
    keep_habits(today=today)
    lacking = missing(today=today)
    for day in lacking:
        keep_monday(day)
    oldest = monday(today) - timedelta(weeks=KEPT_MONDAYS)
    Expectation.objects.filter(made_on__lt=oldest).delete()
    Monday.objects.filter(day__lt=oldest).delete()
    return len(lacking)


def catch_up(*, today: date) -> None:
    """What who looks may do at once. Where the database is busy the night does it."""
    try:
        latest = Habit.objects.order_by("-until").values_list("until", flat=True).first()
        if latest is None or latest < today - STALE_AFTER:
            keep_habits(today=today)
        began = time.monotonic()
        for day in missing(today=today):
            if time.monotonic() - began > PATIENCE:
                break
            keep_monday(day)
    except OperationalError as busy:
        logger.warning("What cash was expected is left to the night: %s", busy)


def missing(*, today: date) -> list[date]:
    """The Mondays of the weeks under way and before whose expectations are not stored, the latest first."""
    this = monday(today)
    asked = [this - timedelta(weeks=n) for n in range(WEEKS + 1)]
    stored = set(Monday.objects.filter(day__in=asked).values_list("day", flat=True))
    return [day for day in asked if day not in stored]


def keep_habits(*, today: date) -> None:
    found = habits_up_to(today)
    with transaction.atomic(), connection.cursor() as cursor:
        _take_turn()
        Habit.objects.all().delete()
        cursor.execute(
            "INSERT INTO trends_habit (customer_id, currency, payments, paid, cent_days, days, until)"
            f" SELECT customer_id, currency, payments, paid, cent_days, {mean_days()}, {_date()}"
            f" FROM ({found.sql}) f",
            [connection.ops.adapt_datefield_value(today), *found.params],
        )


def keep_monday(day: date) -> None:
    """What the books of the evening before let expect, with the habits of that evening: it stays as it was made."""
    before = day_before(day)
    sums = ", ".join(
        f"CAST(COALESCE(SUM(remains) FILTER (WHERE slot < {weeks}), 0) AS bigint)" for weeks in (1, 4, WEEKS)
    )
    with transaction.atomic(), connection.cursor() as cursor:
        _take_turn()
        Expectation.objects.filter(made_on=day).delete()
        with _year_up_to(before) as year:
            habits = Fragment(f"SELECT customer_id, payments, {mean_days()} AS days FROM ({year.sql}) f", year.params)
            debts = expected(Moment(as_of=before, today=day), habits, usual_of(year))
            cursor.execute(
                "INSERT INTO trends_expectation (made_on, customer_id, currency, weeks_1, weeks_4, weeks_12)"
                f" SELECT {_date()}, customer_id, currency, {sums} FROM ({debts.sql}) d"
                f" WHERE slot < {WEEKS} GROUP BY customer_id, currency",
                [connection.ops.adapt_datefield_value(day), *debts.params],
            )
        Monday.objects.update_or_create(day=day, defaults={"kept_at": timezone.now()})


@contextmanager
def _year_up_to(day: date) -> Iterator[Fragment]:
    """The habits of a year in a table for the time being, which is read twice."""
    found = habits_up_to(day)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS habits_of_year")
        cursor.execute(f"CREATE TEMPORARY TABLE habits_of_year AS {found.sql}", found.params)
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE habits_of_year")
        yield Fragment("SELECT * FROM habits_of_year")
        cursor.execute("DROP TABLE habits_of_year")


def _take_turn() -> None:
    """One maker at a time; on SQLite the transaction is a turn already."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _date() -> str:
    return "CAST(%s AS date)" if connection.vendor == "postgresql" else "%s"
