"""The desk follows each act at once, for the customers that it touched, and never stands in its way."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Event
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from customers.models import Customer, Role
from flags import following
from flags.models import Flag, FlagKind
from flags.services import acknowledge
from flags.sweep import SweepResult, raise_flags
from flags.turn import turn
from ledger import posting
from ledger.errors import OverAllocation
from ledger.invoice_way import record_step
from ledger.models import Entry, Invoice
from tests.build import a_customer, a_user
from tests.ledger.desk import Desk, day, money
from tests.ledger.workbook.files import FIRM, a_workbook, imported

pytestmark = pytest.mark.django_db

THREADS = 16
Heard = list[set[int]]


@pytest.fixture
def desk() -> Desk:
    return Desk(a_customer(owner=a_user(role=Role.SALESPERSON)))


@pytest.fixture
def committing(django_capture_on_commit_callbacks: Any) -> Callable[[], Any]:
    """What happens inside is committed at its end, as far as the followers can see."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Heard:
    """The customers of each act, as a follower hears of them."""
    calls: Heard = []
    monkeypatch.setattr(posting, "FOLLOWERS", [lambda customers: calls.append(set(customers))])
    return calls


def unsent(desk: Desk) -> Entry:
    """An invoice that waits to be sent, and is not due for long."""
    return desk.invoice(100, "2026-01-01", due_date=timezone.localdate() + timedelta(days=30))


def open_kinds(customer: Customer) -> list[str]:
    return sorted(Flag.objects.open().filter(customer=customer).values_list("kind", flat=True))


# --- the desk is up to date -----------------------------------------------------------------------------------


def test_the_flag_of_an_invoice_goes_with_the_recording_of_its_sending(desk: Desk, committing: Any) -> None:
    invoice = unsent(desk).invoice
    raise_flags(as_of=timezone.localdate())
    assert open_kinds(desk.customer) == [FlagKind.NOT_SENT]
    with committing():
        record_step(by=desk.by, invoice=invoice, step="sent", date=timezone.localdate())
    assert open_kinds(desk.customer) == []
    assert Flag.objects.get().cleared_on == timezone.localdate()


def test_the_money_at_stake_follows_a_payment_in_part_and_the_flag_goes_with_the_rest(
    desk: Desk, committing: Any
) -> None:
    today = timezone.localdate()
    desk.opening(100, "2026-01-01")
    raise_flags(as_of=today)
    with committing():
        desk.payment(30, today.isoformat())
    assert Flag.objects.open().get().amount_at_stake == money(70)
    with committing():
        payment = desk.payment(70, today.isoformat())
    assert open_kinds(desk.customer) == []
    with committing():
        desk.reverse(payment)
    assert open_kinds(desk.customer) == [FlagKind.OVERDUE], "a slip of today leaves the flag as it was"
    assert Flag.objects.count() == 1


def test_an_acknowledgement_outlives_a_slip_that_is_undone_the_same_day(desk: Desk, committing: Any) -> None:
    today = timezone.localdate()
    desk.opening(100, "2026-01-01")
    raise_flags(as_of=today)
    acknowledge(flag=Flag.objects.get(), by=desk.by, note="promised by telephone")
    with committing():
        slip = desk.payment(100, today.isoformat())
    with committing():
        desk.reverse(slip)
    flag = Flag.objects.get()
    assert (flag.cleared_on, flag.acknowledged_at is not None) == (None, True)


def test_a_sweep_for_a_past_day_leaves_what_was_settled_since(desk: Desk, committing: Any) -> None:
    today = timezone.localdate()
    desk.opening(100, "2026-01-01")
    raise_flags(as_of=today - timedelta(days=1))
    with committing():
        desk.payment(100, today.isoformat())
    assert nothing_changed(raise_flags(as_of=today - timedelta(days=1)))
    assert open_kinds(desk.customer) == []


def test_an_act_leaves_the_flags_of_other_customers_to_the_night(desk: Desk, committing: Any) -> None:
    other = Desk(a_customer(owner=desk.by))
    theirs, ours = other.opening(100, "2026-01-02"), desk.opening(100, "2026-01-01")
    raise_flags(as_of=timezone.localdate())
    other.payment(100, timezone.localdate().isoformat())
    with committing():
        desk.payment(100, timezone.localdate().isoformat())
    assert Flag.objects.get(entry=theirs).cleared_on is None
    assert Flag.objects.get(entry=ours).cleared_on == timezone.localdate()


def test_what_the_act_left_is_what_the_night_finds(desk: Desk, committing: Any) -> None:
    unsent(desk)
    desk.opening(100, "2026-01-01")
    desk.shipment(100, "2026-01-01")
    raise_flags(as_of=timezone.localdate())
    with committing():
        desk.payment(30, "2026-02-01")
    before = list(Flag.objects.order_by("pk").values())
    assert len(before) == 3
    assert nothing_changed(raise_flags(as_of=timezone.localdate()))
    assert list(Flag.objects.order_by("pk").values()) == before


# --- what is announced ----------------------------------------------------------------------------------------


def test_an_act_that_is_refused_or_undone_is_not_announced(desk: Desk, heard: Heard, committing: Any) -> None:
    bill, payment = unsent(desk), desk.payment(10, "2026-02-01", automatic=False)

    def allocate_and_fail() -> None:
        with transaction.atomic():
            desk.allocate(payment, bill, 5)
            raise ZeroDivisionError

    with committing():
        with pytest.raises(OverAllocation):
            desk.allocate(payment, bill, 20)
        with pytest.raises(ZeroDivisionError):
            allocate_and_fail()
        assert heard == []
        desk.allocate(payment, bill, 5)
    assert heard == [{desk.customer.pk}]


def test_an_import_announces_all_its_customers_once_and_a_dry_run_none(
    tmp_path: Path, heard: Heard, committing: Any
) -> None:
    file = a_workbook(tmp_path / "firm.xlsx", FIRM)
    with committing():
        imported(file, dry_run=True)
    assert heard == []
    with committing():
        imported(file)
    assert heard == [set(Customer.objects.values_list("pk", flat=True))]


def test_an_import_of_many_customers_refreshes_all_flags(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, committing: Any, desk: Desk
) -> None:
    monkeypatch.setattr(following, "MOST_CUSTOMERS", 1)
    desk.opening(100, "2026-01-01")
    raise_flags(as_of=timezone.localdate())
    desk.payment(100, timezone.localdate().isoformat())
    with committing():
        imported(a_workbook(tmp_path / "firm.xlsx", FIRM))
    assert not Flag.objects.open().filter(customer=desk.customer).exists()
    assert not Flag.objects.filter(customer__code="C1").exists(), "new ones are the night's to raise"


# --- and never stands in the way ------------------------------------------------------------------------------


def test_an_act_stands_when_a_follower_fails(
    desk: Desk, committing: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(customers: object) -> None:
        raise RuntimeError("the flags are ill")

    monkeypatch.setattr(posting, "FOLLOWERS", [fail, *posting.FOLLOWERS])
    desk.opening(100, "2026-01-01")
    raise_flags(as_of=timezone.localdate())
    with committing():
        desk.payment(100, timezone.localdate().isoformat())
    assert "the flags are ill" in caplog.text
    assert open_kinds(desk.customer) == [], "the next follower is called all the same"


@contextmanager
def another_sweep_at_work() -> Iterator[None]:
    begun, may_end = Event(), Event()

    def sweep() -> None:
        with turn():
            begun.set()
            may_end.wait(60)
        connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        ended = pool.submit(sweep)
        assert begun.wait(10)
        try:
            yield
        finally:
            may_end.set()
            ended.result()


@pytest.mark.django_db(transaction=True)
def test_who_finds_a_sweep_at_work_waits_briefly_and_leaves_the_rest_to_the_next(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    invoice = unsent(desk)
    raise_flags(as_of=timezone.localdate())
    Invoice.objects.filter(pk=invoice.pk).update(sent_on=timezone.localdate())
    monkeypatch.setattr(following, "PATIENCE", 0.2)
    with another_sweep_at_work():
        began = time.monotonic()
        following.follow([desk.customer.pk])
        assert 0.1 < time.monotonic() - began < 5
    assert open_kinds(desk.customer) == [FlagKind.NOT_SENT]
    assert "left to the next sweep" in caplog.text
    following.follow([desk.customer.pk])
    assert open_kinds(desk.customer) == []


@pytest.mark.django_db(transaction=True)
def test_the_patience_of_other_writers_stays_as_it_was(desk: Desk) -> None:
    ask = "SHOW lock_timeout" if connection.vendor == "postgresql" else "PRAGMA busy_timeout"

    def patience() -> object:
        with connection.cursor() as cursor:
            cursor.execute(ask)
            return cursor.fetchone()

    before = patience()
    following.follow([desk.customer.pk])
    assert patience() == before


# --- many at once ---------------------------------------------------------------------------------------------


def all_at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What the acts return or raise, started together, each on a connection of its own."""
    barrier = Barrier(len(acts))

    def one(act: Callable[[], Any]) -> Any:
        barrier.wait()
        try:
            return act()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def nothing_changed(result: SweepResult) -> bool:
    return not any([*result.raised.values(), *result.cleared.values()])


def flags_twice() -> list[tuple[int, str]]:
    opened = list(Flag.objects.open().values_list("entry", "kind"))
    return [one for one in set(opened) if opened.count(one) > 1]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_sixteen_acts_on_one_customer_flag_each_cause_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(following, "PATIENCE", 60)
    bills = [desk.opening(100, "2026-01-01") for _ in range(4)]
    raise_flags(as_of=timezone.localdate())
    results = all_at_once(*[lambda: desk.payment(20, "2026-02-01", invoices=[(bills[0], None)])] * THREADS)
    assert [r for r in results if isinstance(r, Exception)] == []
    assert "left to the next sweep" not in caplog.text
    # 320 of 400 are paid, the first debts whole.
    flag = Flag.objects.open().get()
    assert (flag.entry_id, flag.amount_at_stake) == (bills[3].pk, money(80))
    assert Flag.objects.count() == 4
    assert nothing_changed(raise_flags(as_of=timezone.localdate()))


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_whole_sweeps_beside_postings_raise_nothing_twice_and_run_into_no_deadlock(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(following, "PATIENCE", 60)
    desks = [Desk(a_customer(owner=a_user())) for _ in range(4)]
    today = timezone.localdate()

    def trade(desk: Desk) -> None:
        for _n in range(5):
            bill = desk.invoice(100, "2026-01-01").invoice
            record_step(by=desk.by, invoice=bill, step="sent", date=day("2026-01-02"))
            payment = desk.payment(150, "2026-03-01")
            desk.reverse(payment)

    def sweep() -> None:
        for _n in range(8):
            raise_flags(as_of=today)

    results = all_at_once(*[lambda desk=desk: trade(desk) for desk in desks * 2], sweep, sweep)
    assert [r for r in results if r is not None] == []
    assert flags_twice() == []
    assert "could not follow" not in caplog.text
    assert "left to the next sweep" not in caplog.text
    raise_flags(as_of=today)
    assert nothing_changed(raise_flags(as_of=today))
    assert Flag.objects.open().filter(kind=FlagKind.OVERDUE).count() == 40
