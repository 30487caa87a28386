import pytest

from customers.models import Role
from ledger.documents import Instalment
from ledger.errors import DuplicateNumber, NotReversible
from ledger.models import Entry
from ledger.verification import breaches
from tests.build import a_customer, a_user
from tests.ledger.desk import Desk, balance, day, money, open_amounts, snapshot

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return Desk(a_customer(owner=a_user(role=Role.SALESPERSON)))


def test_a_reversed_payment_leaves_its_invoice_open_again(desk: Desk) -> None:
    bill = desk.invoice(100, "2026-01-01")
    payment = desk.payment(60, "2026-01-10")
    reversal = desk.reverse(payment, "2026-02-01", reason="cheque returned")
    assert (reversal.amount, reversal.side, reversal.reverses, reversal.memo) == (
        money(60), 1, payment, "cheque returned",
    )  # fmt: skip
    assert open_amounts(bill, payment, reversal) == [money(100), money(0), money(0)]
    assert Entry.objects.get(pk=payment.pk).closed_on == day("2026-01-10"), "reopened and closed within a day"
    assert balance(desk.customer) == money(100)
    assert list(breaches()) == []


def test_a_reversed_invoice_gives_the_debt_back_to_its_shipment(desk: Desk) -> None:
    goods = desk.shipment(100, "2026-01-01")
    bill = desk.invoice(120, "2026-01-05", shipments=[goods])
    desk.reverse(bill, "2026-02-01")
    assert open_amounts(goods, bill) == [money(100), money(0)]
    assert balance(desk.customer) == money(100)
    again = desk.invoice(100, "2026-02-02", shipments=[goods])
    assert open_amounts(goods, again) == [money(0), money(100)]
    assert list(breaches()) == []


def test_all_instalments_are_reversed_together(desk: Desk) -> None:
    parts = [Instalment(day("2026-02-01"), money(50)), Instalment(day("2026-03-01"), money(70))]
    first = desk.invoice(120, "2026-01-05", instalments=parts)
    desk.payment(60, "2026-01-20")
    second = Entry.objects.get(instalment_of=first)
    desk.reverse(second, "2026-02-01")
    assert open_amounts(first, second) == [money(0), money(0)]
    assert balance(desk.customer) == money(-60)
    assert list(breaches()) == []


def test_what_something_stands_on_is_not_reversed(desk: Desk) -> None:
    goods = desk.shipment(100, "2026-01-01")
    bill = desk.invoice(100, "2026-01-05", shipments=[goods])
    ahead = desk.invoice(100, "2026-01-05")
    desk.shipment(100, "2026-01-06", invoice=ahead)
    credited = desk.invoice(100, "2026-01-05")
    note = desk.credit_note(30, "2026-01-06", reverses=credited)
    before = snapshot(desk.customer)
    for entry in (goods, ahead, credited):
        with pytest.raises(NotReversible, match="reverse it first"):
            desk.reverse(entry, "2026-02-01")
    assert snapshot(desk.customer) == before
    desk.reverse(note, "2026-02-01")
    desk.reverse(credited, "2026-02-01")
    desk.reverse(bill, "2026-02-01")
    desk.reverse(goods, "2026-02-01")
    assert list(breaches()) == []


def test_goods_shipped_on_one_invoice_and_billed_by_another_come_apart_again(desk: Desk) -> None:
    ahead = desk.invoice(60, "2026-01-01")
    goods = desk.shipment(100, "2026-01-05", invoice=ahead)
    rest = desk.invoice(40, "2026-01-10", shipments=[goods])
    assert balance(desk.customer) == money(100)
    desk.reverse(rest, "2026-02-01")
    desk.reverse(goods, "2026-02-01")
    desk.reverse(ahead, "2026-02-01")
    assert balance(desk.customer) == money(0)
    assert list(breaches()) == []


def test_an_entry_is_reversed_once(desk: Desk) -> None:
    bill = desk.invoice(100, "2026-01-01")
    reversal = desk.reverse(bill, "2026-02-01")
    before = snapshot(desk.customer)
    with pytest.raises(NotReversible, match="already"):
        desk.reverse(bill, "2026-02-02")
    with pytest.raises(NotReversible, match="reversal itself"):
        desk.reverse(reversal, "2026-02-02")
    assert snapshot(desk.customer) == before


def test_a_reversal_is_not_dated_before_what_it_takes_back(desk: Desk) -> None:
    bill = desk.invoice(100, "2026-01-05")
    with pytest.raises(NotReversible) as refusal:
        desk.reverse(bill, "2026-01-04")
    assert refusal.value.field == "date"
    payment = desk.payment(100, "2026-01-06", automatic=False)
    desk.allocate(payment, bill, 100, "2026-03-01")
    with pytest.raises(NotReversible, match="1 Mar 2026"):
        desk.reverse(payment, "2026-02-01")


def test_an_invoice_is_not_cancelled_before_the_goods_that_it_bills_were_shipped(desk: Desk) -> None:
    desk.payment(100, "2026-01-01")
    goods = desk.shipment(100, "2026-02-01")
    desk.allocate_automatically()
    bill = desk.invoice(100, "2026-01-01", shipments=[goods])
    before = snapshot(desk.customer)
    with pytest.raises(NotReversible, match="1 Feb 2026"):
        desk.red_letter(bill, "2026-01-15")
    assert snapshot(desk.customer) == before
    desk.red_letter(bill, "2026-02-01")
    assert list(breaches()) == []


def test_the_past_does_not_change_when_something_is_reversed_later(desk: Desk) -> None:
    bill = desk.invoice(100, "2026-01-01")
    payment = desk.payment(60, "2026-01-10")
    desk.reverse(payment, "2026-02-01")
    moved = sum(
        (a.amount for a in bill.allocations_in.filter(date__lte=day("2026-01-31"))), money(0)
    )  # fmt: skip
    assert money(100) + moved == money(40)


def test_a_credit_note_for_returned_goods_is_reversed_and_the_return_waits_for_another(desk: Desk) -> None:
    goods = desk.shipment(100, "2026-01-01")
    bill = desk.invoice(100, "2026-01-05", shipments=[goods])
    back = desk.goods_return(40, "2026-01-10")
    note = desk.credit_note(40, "2026-01-12", returns=[back], reverses=bill)
    assert open_amounts(bill, back, note) == [money(60), money(0), money(0)]
    desk.reverse(note, "2026-02-01")
    assert open_amounts(bill, back, note) == [money(100), money(-40), money(0)]
    desk.credit_note(40, "2026-02-02", returns=[back], reverses=bill)
    assert list(breaches()) == []


def test_a_red_letter_is_not_reversed_once_the_debt_went_back(desk: Desk) -> None:
    goods = desk.shipment(100, "2026-01-01")
    bill = desk.invoice(100, "2026-01-05", shipments=[goods])
    red = desk.red_letter(bill, "2026-02-01")
    with pytest.raises(NotReversible, match="bill them anew"):
        desk.reverse(red, "2026-02-02")


def test_the_number_of_a_reversed_document_is_free_for_the_right_one(desk: Desk) -> None:
    wrong = desk.invoice(100, "2026-01-05", number="12345678")
    before = snapshot(desk.customer)
    with pytest.raises(DuplicateNumber):
        desk.invoice(1000, "2026-01-05", number="12345678")
    assert snapshot(desk.customer) == before
    desk.reverse(wrong, "2026-01-06")
    right = desk.invoice(1000, "2026-01-05", number="12345678")
    with pytest.raises(DuplicateNumber):
        desk.credit_note(10, "2026-01-07", number="12345678")
    assert list(Entry.objects.numbered("invoice", "12345678")) == [right]
    assert balance(desk.customer) == money(1000)
    assert list(breaches()) == []


def test_a_red_letter_stays_while_its_invoice_is_issued_again(desk: Desk) -> None:
    cancelled = desk.invoice(100, "2026-01-01")
    note = desk.red_letter(cancelled, "2026-01-05")
    again = desk.invoice(100, "2026-01-06", replaces=cancelled)
    before = snapshot(desk.customer)
    with pytest.raises(NotReversible, match=again.number):
        desk.reverse(note, "2026-01-07")
    assert snapshot(desk.customer) == before
    desk.reverse(again, "2026-01-07")
    desk.invoice(90, "2026-01-08", replaces=cancelled)
    assert balance(desk.customer) == money(90)
    assert list(breaches()) == []
