"""What was open on a day, as known on a day: against the plain sum over everything posted."""

import random
from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from customers.models import Role
from ledger.errors import LedgerError
from ledger.models import Allocation, Entry
from ledger.money import from_cents
from ledger.queries import open_items as module
from ledger.queries.open_items import Fragment, end_of, open_amounts, open_items
from tests.build import a_customer, a_user
from tests.ledger.desk import Desk

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")
START = date(2025, 1, 1)


def summed(relation: Fragment) -> dict[int, Decimal]:
    """What is open by entry; entries whose rows add up to nothing are left out."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT entry_id, open FROM ({relation.sql}) o", relation.params)
        found: dict[int, int] = defaultdict(int)
        for entry, cents in cursor.fetchall():
            found[entry] += cents
    return {entry: from_cents(cents) for entry, cents in found.items() if cents}


def expected(as_of: date, known_on: date | None = None) -> dict[int, Decimal]:
    limit = end_of(known_on) if known_on else datetime.max.replace(tzinfo=SHANGHAI)
    open_: dict[int, Decimal] = defaultdict(Decimal)
    for entry in Entry.objects.filter(date__lte=as_of, recorded_at__lt=limit):
        open_[entry.pk] += entry.amount
    for move in Allocation.objects.filter(date__lte=as_of, recorded_at__lt=limit):
        open_[move.from_entry_id] -= move.amount
        open_[move.to_entry_id] += move.amount
    return {entry: amount for entry, amount in open_.items() if amount}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets the moment at which the next acts are recorded."""

    def set_to(day: date, hour: int = 12) -> None:
        moment = datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI)
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    return set_to


def a_year_at_random(seed: int, clock: Any) -> None:
    """Everything that can be posted, recorded on the day or weeks later, some of it undone again."""
    lot = random.Random(seed)
    desks = [Desk(a_customer(owner=a_user())) for _n in range(2)]
    allocations: list[tuple[Desk, Allocation]] = []
    for n in range(60):
        desk = lot.choice(desks)
        day = START + timedelta(days=lot.randrange(300))
        clock(START + timedelta(days=300) + timedelta(days=n))
        on, amount = day.isoformat(), str(lot.randrange(100, 1000))
        entries = list(Entry.objects.filter(customer=desk.customer).order_by("pk"))
        try:
            match lot.randrange(9):
                case 0 | 1:
                    desk.invoice(amount, on)
                case 2:
                    desk.shipment(amount, on)
                case 3:
                    goods = [entry for entry in entries if entry.kind == "shipment" and entry.date <= day]
                    desk.invoice(amount, on, shipments=goods[:2])
                case 4 | 5:
                    desk.payment(amount, on, automatic=lot.random() < 0.6)
                case 6:
                    pair = lot.sample(entries, 2)
                    later = max(day, pair[0].date, pair[1].date).isoformat()
                    allocations.append((desk, desk.allocate(pair[0], pair[1], "40", later)))
                case 7:
                    desk.reverse(lot.choice(entries))
                case 8:
                    owner, allocation = allocations.pop()
                    owner.undo(allocation, (allocation.date + timedelta(days=lot.randrange(40))).isoformat())
        except (LedgerError, IndexError, ValueError):
            continue


@pytest.mark.parametrize("few", [0, 1_000_000], ids=["item by item", "movement by movement"])
@pytest.mark.parametrize("seed", range(4))
def test_every_past_day_is_the_plain_sum_over_what_was_posted(
    seed: int, few: int, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FEW_MOVEMENTS", few)
    monkeypatch.setattr(module, "FEW_FOR_AN_ENTRY", 0)
    a_year_at_random(seed, clock)
    assert Allocation.objects.count() > 5
    for days in range(0, 420, 9):
        day = START + timedelta(days=days)
        for relation in (open_items(day), open_amounts(day)):
            assert summed(relation) == expected(day)


@pytest.mark.parametrize("seed", range(4))
def test_every_past_day_as_known_on_every_day_is_the_plain_sum_of_what_was_recorded(seed: int, clock: Any) -> None:
    a_year_at_random(seed, clock)
    for days in range(60, 420, 40):
        day = START + timedelta(days=days)
        for recorded in range(295, 365, 10):
            known_on = START + timedelta(days=recorded)
            for relation in (open_items(day, known_on=known_on), open_amounts(day, known_on=known_on)):
                assert summed(relation) == expected(day, known_on)


def test_the_latest_day_reads_open_entries_only_and_a_day_before_the_last_entry_does_not() -> None:
    desk = Desk(a_customer(owner=a_user()))
    invoice = desk.invoice(100, "2025-01-01")
    assert "closed_on IS NULL" in open_items(date(2025, 1, 1)).sql
    assert "rolled_back" not in open_items(date(2025, 1, 1)).sql
    next_year = date(date.today().year + 1, 12, 31)  # noqa: DTZ011
    later = desk.invoice(70, next_year.isoformat())
    today = date(2025, 6, 30)
    assert summed(open_items(today)) == {invoice.pk: Decimal(100)}
    assert summed(open_amounts(today)) == {invoice.pk: Decimal(100)}
    assert summed(open_items(next_year)) == {invoice.pk: Decimal(100), later.pk: Decimal(70)}


def test_a_day_of_knowledge_ends_at_midnight_of_the_firm(clock: Any, settings: Any) -> None:
    settings.TIME_ZONE = "Asia/Shanghai"
    desk = Desk(a_customer(owner=a_user(Role.SALESPERSON)))
    clock(date(2025, 1, 5), hour=23)
    known = desk.invoice(100, "2025-01-01")
    clock(date(2025, 1, 6), hour=0)
    desk.payment(100, "2025-01-02", invoices=[(known, None)])
    day = date(2025, 1, 3)
    assert summed(open_items(day, known_on=date(2025, 1, 5))) == {known.pk: Decimal(100)}
    assert summed(open_items(day, known_on=date(2025, 1, 6))) == {}
    assert summed(open_items(day, known_on=date(2025, 1, 4))) == {}


def test_entries_can_be_narrowed_before_anything_is_reckoned() -> None:
    one, other = (Desk(a_customer(owner=a_user())) for _n in range(2))
    invoice = one.invoice(100, "2025-01-01")
    other.invoice(50, "2025-01-01")
    one.payment(30, "2025-02-01", invoices=[(invoice, None)])
    within = Fragment("customer_id = %s", (one.customer.pk,))
    for day, amount in ((date(2025, 1, 15), 100), (date(2025, 2, 1), 70)):
        for relation in (open_items(day, within=within), open_amounts(day, within=within)):
            assert summed(relation) == {invoice.pk: Decimal(amount)}
