"""Month ends as a page reads them: stored ones summed up, today from what is open."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from aging.buckets import Basis, buckets
from aging.history.figures import COLUMNS, by_currency, scope_of
from aging.history.keeping import catch_up, missing
from aging.history.month_end import MonthEnd, month_ends_before
from aging.models import MOST_BUCKETS
from aging.queries.scope import Scope
from customers.models import User
from ledger.money import from_cents
from ledger.queries.pieces import day_of

_NOTHING = (0,) * len(COLUMNS)


def month_ends(
    user: User,
    *,
    months: int = 12,
    salesperson: int | None = None,
    region: str | None = None,
    key_account: bool | None = None,
) -> dict[str, list[MonthEnd]]:
    """By currency the last `months` month ends, the oldest first, of what `user` sees; the last one is today.

    Month ends are stored by customer and summed up here; today is reckoned from what is open. What is missing, or was
    touched by a few late acts, is made first; what is stale all the same says so.
    """
    today = timezone.localdate()
    days = month_ends_before(today, months - 1)
    catch_up(days)
    scope = scope_of(today, user=user, salesperson=salesperson, region=region, key_account=key_account)
    found = {(day, currency): cents for day, currency, *cents in _stored(scope, days)}
    found |= {(today, currency): cents for currency, *cents in _today(scope)}
    stale = _stale_since(scope, days)
    return {
        currency: [
            _month_end(day, found.get((day, currency), _NOTHING), today=today, stale=stale) for day in (*days, today)
        ]
        for currency in sorted({currency for (_day, currency), cents in found.items() if any(cents)})
    }


def stale_since(user: User, *, months: int = 12) -> date | None:
    """From which day on month ends that `user` sees lack something that was recorded late; None: they are right."""
    today = timezone.localdate()
    return _stale_since(scope_of(today, user=user), month_ends_before(today, months - 1))


def _stale_since(scope: Scope, days: Sequence[date]) -> date | None:
    """The earliest day of what is not in the stored month ends yet, if it touches one of them."""
    if not days:
        return None
    within = scope.within()
    also = f" AND {within.sql}" if within else ""
    as_date = connection.ops.adapt_datefield_value
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT MIN(since) FROM aging_stalecustomer WHERE since <= %s{also}", [as_date(days[-1]), *within.params]
        )
        [[since]] = cursor.fetchall()
    lacking = missing(days)
    return min([*lacking, *([day_of(since)] if since else [])], default=None)


def _stored(scope: Scope, days: Sequence[date]) -> list[Any]:
    if not days:
        return []
    within = scope.within()
    also = f" AND {within.sql}" if within else ""
    sums = ", ".join(f"CAST(SUM({name}) AS bigint)" for name in COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT day, currency, {sums} FROM aging_storedmonthend"
            f" WHERE day IN ({', '.join(['%s'] * len(days))}){also} GROUP BY day, currency",
            [*map(connection.ops.adapt_datefield_value, days), *within.params],
        )
        return [(day_of(day), *rest) for day, *rest in cursor.fetchall()]


def _today(scope: Scope) -> list[Any]:
    figures = by_currency(scope)
    with connection.cursor() as cursor:
        cursor.execute(figures.sql, figures.params)
        return list(cursor.fetchall())


def _month_end(day: date, cents: Sequence[int], *, today: date, stale: date | None) -> MonthEnd:
    unbilled, *rest = map(from_cents, cents)
    unapplied, sales, sales_90, received = rest[MOST_BUCKETS:]
    return MonthEnd(
        day=day,
        unbilled=unbilled,
        buckets=tuple(rest[: len(buckets(Basis.DUE, settings.AGING_LIMITS))]),
        unapplied=unapplied,
        sales=sales,
        received=received,
        is_current=day == today,
        sales_90=sales_90,
        is_stale=stale is not None and stale <= day < today,
    )
