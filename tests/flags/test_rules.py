"""The tables of the rules, and the SQL that is made of them: they say the same of every day and amount."""

from datetime import timedelta
from decimal import Decimal

import pytest

from customers.models import Role
from flags.models import SWEPT_KINDS, Flag, FlagKind
from flags.rules import DEFAULT_LIMITS, RULES, Limit
from flags.services import change_severity_limit
from flags.sweep import raise_flags
from tests.build import a_customer, a_user
from tests.ledger.desk import Desk, day, money

TODAY = day("2026-10-01")
DAYS = (1, 2, 6, 7, 8, 29, 30, 31, 59, 89, 90, 91, 200)
AMOUNTS = tuple(map(money, ("0.01", "9999.99", "10000", "10000.01", "99999.99", "100000", "499999.99", "500000")))
LIMITS = {2: Limit(7, money(10_000)), 3: Limit(60, money(400_000))}


def severity(days: int, amount: Decimal, limits: dict[int, Limit]) -> int:
    """As a person reads the table."""
    return max([level for level, limit in limits.items() if days >= limit.days or amount >= limit.amount], default=1)


def test_every_kind_has_a_rule() -> None:
    assert tuple(RULES) == SWEPT_KINDS


@pytest.mark.django_db
@pytest.mark.parametrize("limits", [DEFAULT_LIMITS, LIMITS], ids=["default", "changed"])
def test_severity_is_the_same_in_the_database_as_in_the_table(limits: dict[int, Limit]) -> None:
    finance = a_user(role=Role.FINANCE)
    if limits is not DEFAULT_LIMITS:
        for level, limit in limits.items():
            change_severity_limit(severity=level, days=limit.days, amount=limit.amount, by=finance)
    desk = Desk(a_customer(owner=a_user()), by=finance)
    for days in DAYS:
        due = TODAY - timedelta(days=days)
        for amount in AMOUNTS:
            desk.opening(str(amount), "2026-01-01", due_date=due)
    raise_flags(as_of=TODAY)
    found = Flag.objects.filter(kind=FlagKind.OVERDUE)
    assert found.count() == len(DAYS) * len(AMOUNTS)
    wrong = [
        (flag.days(TODAY), flag.amount_at_stake, flag.severity)
        for flag in found
        if flag.severity != severity(flag.days(TODAY), flag.amount_at_stake, limits)
    ]
    assert not wrong


@pytest.mark.django_db
@pytest.mark.parametrize("kind", SWEPT_KINDS)
def test_a_kind_is_raised_from_its_days_on_and_not_a_day_before(kind: str) -> None:
    desk = Desk(a_customer(owner=a_user()))
    began = day("2026-03-01")
    way = {"not_received": ("sent_on",), "not_booked": ("sent_on", "received_on")}
    if kind == FlagKind.NOT_INVOICED:
        desk.shipment(100, "2026-03-01")
    else:
        desk.invoice(100, "2026-03-01", due_date=began, **dict.fromkeys(way.get(kind, ()), began))
    for days in (RULES[kind].days - 1, RULES[kind].days):
        raise_flags(as_of=began + timedelta(days=days))
        assert Flag.objects.filter(kind=kind).exists() == (days == RULES[kind].days)
