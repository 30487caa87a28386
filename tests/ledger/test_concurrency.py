"""Many people posting at once: threads on PostgreSQL, each with a connection of its own."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from customers.models import Role
from ledger.errors import OverAllocation
from ledger.models import Allocation, Entry
from ledger.verification import breaches
from tests.build import a_customer, a_user
from tests.ledger.desk import Desk, balance, money, open_amounts

THREADS = 16

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def desk() -> Desk:
    return Desk(a_customer(owner=a_user(role=Role.SALESPERSON)))


def all_at_once(act: Callable[[int], Any]) -> list[Any]:
    """What `act(0)` to `act(15)` return or raise, started together."""
    barrier = Barrier(THREADS)

    def one(n: int) -> Any:
        barrier.wait()
        try:
            return act(n)
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(one, range(THREADS)))


def test_sixteen_payments_of_one_customer_lose_nothing_and_refuse_nothing(desk: Desk) -> None:
    bills = [desk.invoice(100, "2026-01-01") for _ in range(10)]
    results = all_at_once(lambda n: desk.payment("62.50", "2026-02-01", number=f"P{n}"))
    assert [r for r in results if isinstance(r, Exception)] == []
    assert sum(open_amounts(*bills)) == money(0)
    assert balance(desk.customer) == money(0)
    assert list(breaches()) == []


def test_sixteen_people_allocating_to_one_invoice_never_allocate_too_much(desk: Desk) -> None:
    payments = [desk.payment(10, "2026-01-01", automatic=False) for _ in range(THREADS)]
    bill = desk.invoice(100, "2026-01-01")
    results = all_at_once(lambda n: desk.allocate(payments[n], bill, 10))
    assert sum(isinstance(r, Allocation) for r in results) == 10
    assert sum(isinstance(r, OverAllocation) for r in results) == 6, "the data demands six refusals, and no more"
    assert open_amounts(bill) == [money(0)]
    assert list(breaches()) == []


def test_one_key_sent_sixteen_times_posts_once(desk: Desk) -> None:
    key = uuid.uuid4()
    results = all_at_once(lambda n: desk.payment(10, "2026-01-01", number="P", key=key))
    assert {r.pk for r in results} == {Entry.objects.get().pk}


def test_payments_named_invoices_and_undone_allocations_run_into_no_deadlock(desk: Desk) -> None:
    bills = [desk.invoice(100, "2026-01-01") for _ in range(THREADS)]

    def pay_and_undo(n: int) -> None:
        payment = desk.payment(150, "2026-02-01", invoices=[(bills[n], None), (bills[n - 1], None)], automatic=False)
        for allocation in payment.allocations_out.all():
            desk.undo(allocation)

    results = all_at_once(pay_and_undo)
    assert [r for r in results if r is not None] == []
    assert sum(open_amounts(*bills)) == money(100 * THREADS)
    assert list(breaches()) == []


def test_the_same_number_from_two_customers_is_posted_once(desk: Desk) -> None:
    desks = [Desk(a_customer(owner=desk.by)) for _ in range(THREADS)]
    results = all_at_once(lambda n: desks[n].invoice(100, "2026-01-01", number="SAME"))
    assert Entry.objects.count() == 1
    assert {type(r).__name__ for r in results} == {"Entry", "DuplicateNumber"}
