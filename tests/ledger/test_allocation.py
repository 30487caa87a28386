import pytest

from customers.models import Role
from ledger.errors import InvalidAllocation, OverAllocation
from ledger.models import Entry
from ledger.verification import breaches
from tests.build import a_customer, a_user
from tests.ledger.desk import Desk, day, money, open_amounts, snapshot

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return Desk(a_customer(owner=a_user(role=Role.SALESPERSON)))


def test_an_allocation_is_dated_the_later_of_its_entries(desk: Desk) -> None:
    bill = desk.invoice(100, "2026-03-01")
    payment = desk.payment(100, "2026-02-01", automatic=False)
    allocation = desk.allocate(payment, bill, 60)
    assert allocation.date == day("2026-03-01")
    assert allocation.amount == money(-60)
    assert open_amounts(bill, payment) == [money(40), money(-40)]


def test_a_later_day_may_be_chosen_an_earlier_one_not(desk: Desk) -> None:
    bill = desk.invoice(100, "2026-03-01")
    payment = desk.payment(100, "2026-02-01", automatic=False)
    assert desk.allocate(payment, bill, 60, "2026-04-01").date == day("2026-04-01")
    before = snapshot(desk.customer)
    with pytest.raises(InvalidAllocation, match="before its entries"):
        desk.allocate(payment, bill, 10, "2026-02-15")
    assert snapshot(desk.customer) == before


def test_more_than_is_open_is_refused_on_either_side(desk: Desk) -> None:
    bill = desk.invoice(100, "2026-01-01")
    small = desk.payment(50, "2026-02-01", automatic=False)
    large = desk.payment(500, "2026-02-01", automatic=False)
    before = snapshot(desk.customer)
    with pytest.raises(OverAllocation, match=r"50\.00"):
        desk.allocate(small, bill, 60)
    with pytest.raises(OverAllocation, match=r"100\.00"):
        desk.allocate(large, bill, 101)
    assert snapshot(desk.customer) == before


def test_more_than_is_open_on_a_later_day_is_refused(desk: Desk) -> None:
    bill = desk.invoice(100, "2026-01-01")
    first = desk.payment(100, "2026-01-10", automatic=False)
    second = desk.payment(100, "2026-01-10", automatic=False)
    desk.allocate(first, bill, 80, "2026-03-01")
    with pytest.raises(OverAllocation, match=r"20\.00"):
        desk.allocate(second, bill, 30, "2026-02-01")
    desk.allocate(second, bill, 20, "2026-02-01")
    assert open_amounts(bill) == [money(0)]
    assert Entry.objects.get(pk=bill.pk).closed_on == day("2026-03-01")


def test_room_freed_by_an_undo_is_not_there_on_the_days_before(desk: Desk) -> None:
    bill = desk.invoice(100, "2026-01-01")
    first = desk.payment(100, "2026-01-10", automatic=False)
    second = desk.payment(100, "2026-01-10", automatic=False)
    allocation = desk.allocate(first, bill, 100, "2026-02-01")
    desk.undo(allocation, "2026-04-01")
    assert open_amounts(bill) == [money(100)]
    with pytest.raises(OverAllocation):
        desk.allocate(second, bill, 100, "2026-03-01")
    desk.allocate(second, bill, 100, "2026-04-01")
    assert Entry.objects.get(pk=bill.pk).closed_on == day("2026-02-01"), "it was never open again on any day's end"
    assert list(breaches()) == []


def test_an_allocation_is_undone_once_by_its_opposite(desk: Desk) -> None:
    bill = desk.invoice(100, "2026-01-01")
    payment = desk.payment(100, "2026-01-10")
    allocation = payment.allocations_out.get()
    undone = desk.undo(allocation, "2026-02-01")
    assert (undone.amount, undone.undoes) == (money(100), allocation)
    assert open_amounts(bill, payment) == [money(100), money(-100)]
    assert Entry.objects.get(pk=bill.pk).closed_on is None
    before = snapshot(desk.customer)
    with pytest.raises(InvalidAllocation, match="already"):
        desk.undo(allocation)
    with pytest.raises(InvalidAllocation, match="already"):
        desk.undo(undone)
    assert snapshot(desk.customer) == before


def test_an_allocation_is_not_undone_before_it_was_made(desk: Desk) -> None:
    bill = desk.invoice(100, "2026-01-01")
    payment = desk.payment(100, "2026-01-10", automatic=False)
    allocation = desk.allocate(payment, bill, 100, "2026-02-01")
    with pytest.raises(InvalidAllocation, match="earlier day"):
        desk.undo(allocation, "2026-01-20")


def test_what_an_invoice_took_over_is_not_undone_by_hand(desk: Desk) -> None:
    goods = desk.shipment(100, "2026-01-01")
    bill = desk.invoice(100, "2026-01-05", shipments=[goods])
    with pytest.raises(InvalidAllocation, match="took over"):
        desk.undo(bill.allocations_in.get())


def test_a_credit_settles_a_debt_and_nothing_else(desk: Desk) -> None:
    one, other = desk.invoice(100, "2026-01-01"), desk.invoice(100, "2026-01-01")
    payment = desk.payment(50, "2026-01-01", automatic=False)
    for credit, debt in ((one, other), (one, payment), (payment, payment)):
        with pytest.raises(InvalidAllocation):
            desk.allocate(credit, debt, 10)


def test_entries_of_two_customers_are_not_allocated(desk: Desk) -> None:
    other = Desk(a_customer(owner=desk.by))
    bill = other.invoice(100, "2026-01-01")
    payment = desk.payment(50, "2026-01-01", automatic=False)
    before = snapshot(desk.customer), snapshot(other.customer)
    for clerk in (desk, other):
        with pytest.raises(InvalidAllocation, match="another customer"):
            clerk.allocate(payment, bill, 10)
    assert (snapshot(desk.customer), snapshot(other.customer)) == before


def test_the_firm_may_choose_another_order(desk: Desk, settings: object) -> None:
    settings.ALLOCATION_ORDER = "oldest_document_first"  # type: ignore[attr-defined]
    older = desk.invoice(100, "2026-01-01", due_date=day("2026-06-01"))
    newer = desk.invoice(100, "2026-01-05", due_date=day("2026-02-01"))
    desk.payment(100, "2026-03-01")
    assert open_amounts(older, newer) == [money(0), money(100)]
