"""Compares stored month ends with what the ledger says now."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from aging.history.figures import COLUMNS, by_customer, limits_in_force, scope_of
from aging.models import FilledDay, StaleCustomer


@dataclass(frozen=True, slots=True)
class Difference:
    """A customer's figure of a day that is not what the ledger says; in cents."""

    day: date
    customer: int
    column: str
    stored: int
    expected: int


def differences() -> Iterator[Difference]:
    """Every stored figure that is wrong; those that a mark says are stale are none."""
    stale = dict(StaleCustomer.objects.values_list("customer_id", "since"))
    for filled in FilledDay.objects.filter(limits=limits_in_force()).order_by("day"):
        stored, expected = _stored(filled.day), _expected(filled.day)
        for customer in sorted(stored.keys() | expected.keys()):
            if customer in stale and stale[customer] <= filled.day:
                continue
            nothing = (0,) * len(COLUMNS)
            pairs = zip(COLUMNS, stored.get(customer, nothing), expected.get(customer, nothing), strict=True)
            for column, found, right in pairs:
                if found != right:
                    yield Difference(filled.day, customer, column, found, right)


def _stored(day: date) -> dict[int, tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT customer_id, {', '.join(COLUMNS)} FROM aging_storedmonthend WHERE day = %s",
            [connection.ops.adapt_datefield_value(day)],
        )
        return {customer: tuple(cents) for customer, *cents in cursor.fetchall()}


def _expected(day: date) -> dict[int, tuple[Any, ...]]:
    figures = by_customer(scope_of(day))
    with connection.cursor() as cursor:
        cursor.execute(figures.sql, figures.params)
        return {customer: tuple(cents) for customer, _currency, *cents in cursor.fetchall()}
