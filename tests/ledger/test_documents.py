"""Worked examples: what each document does to a ledger, with every number."""

import uuid
from datetime import date
from decimal import Decimal

import pytest

from customers.models import Role
from ledger import documents
from ledger.documents import Instalment
from ledger.errors import DuplicateNumber, InvalidDocument, KeyReused, NotPermitted, NotReversible
from ledger.models import Allocation, Entry, Kind
from ledger.posting import post
from ledger.verification import breaches
from tests.build import a_customer, a_user
from tests.ledger.desk import Desk, balance, day, money, open_amounts, snapshot

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return Desk(a_customer(owner=a_user(role=Role.SALESPERSON)))


def amounts(*entries: Entry) -> list[Decimal]:
    return [entry.amount for entry in entries]


def test_a_shipment_is_owed_once_when_it_is_invoiced(desk: Desk) -> None:
    goods = desk.shipment(100, "2026-01-01")
    assert balance(desk.customer) == money(100)
    bill = desk.invoice(100, "2026-01-05", shipments=[goods])
    assert amounts(goods, bill) == [money(100), money(0)]
    assert open_amounts(goods, bill) == [money(0), money(100)]
    assert balance(desk.customer) == money(100)
    assert Entry.objects.get(pk=goods.pk).closed_on == day("2026-01-05")


def test_an_invoice_adds_only_what_it_bills_beyond_the_shipments(desk: Desk) -> None:
    goods = desk.shipment(100, "2026-01-01")
    bill = desk.invoice(120, "2026-01-05", shipments=[goods])
    assert amounts(bill) == [money(20)]
    assert bill.document_amount == money(120)
    assert open_amounts(goods, bill) == [money(0), money(120)]
    assert balance(desk.customer) == money(120)


def test_a_shipment_is_invoiced_in_two_parts(desk: Desk) -> None:
    goods = desk.shipment(100, "2026-01-01")
    first = desk.invoice(30, "2026-01-05", shipments=[goods])
    assert open_amounts(goods, first) == [money(70), money(30)]
    second = desk.invoice(70, "2026-01-09", shipments=[goods])
    assert open_amounts(goods, first, second) == [money(0), money(30), money(70)]
    with pytest.raises(InvalidDocument, match="billed in full"):
        desk.invoice(10, "2026-01-10", shipments=[goods])
    assert balance(desk.customer) == money(100)


def test_an_invoice_for_goods_already_paid_takes_over_only_what_is_open(desk: Desk) -> None:
    goods = desk.shipment(100, "2026-01-01")
    desk.payment(40, "2026-01-03")
    bill = desk.invoice(100, "2026-01-05", shipments=[goods])
    assert amounts(bill) == [money(0)]
    assert open_amounts(goods, bill) == [money(0), money(60)]
    assert balance(desk.customer) == money(60)


def test_a_shipment_recorded_after_its_invoice_adds_nothing(desk: Desk) -> None:
    bill = desk.invoice(100, "2026-01-01")
    goods = desk.shipment(80, "2026-01-10", invoice=bill)
    more = desk.shipment(50, "2026-01-12", invoice=bill)
    assert amounts(bill, goods, more) == [money(100), money(0), money(30)]
    assert balance(desk.customer) == money(130)
    with pytest.raises(InvalidDocument, match="nothing is left to ship"):
        desk.shipment(10, "2026-01-13", invoice=bill)


def test_instalments_fall_due_one_by_one_and_what_was_paid_before_counts_towards_the_first(desk: Desk) -> None:
    goods = desk.shipment(100, "2026-01-01")
    desk.payment(40, "2026-01-03")
    parts = [
        documents.Instalment(day("2026-03-01"), money(50)),
        documents.Instalment(day("2026-02-01"), money(50)),
    ]
    first = desk.invoice(100, "2026-01-05", shipments=[goods], instalments=parts)
    entries = list(Entry.objects.numbered("invoice", first.number))
    assert [entry.due_date for entry in entries] == [day("2026-02-01"), day("2026-03-01")]
    assert [entry.open_amount for entry in entries] == [money(10), money(50)]
    assert balance(desk.customer) == money(60)


def test_instalments_must_add_up_to_the_invoice(desk: Desk) -> None:
    before = snapshot(desk.customer)
    with pytest.raises(InvalidDocument, match=r"99\.00") as refusal:
        desk.invoice(100, "2026-01-05", instalments=[documents.Instalment(day("2026-02-01"), money(99))])
    assert refusal.value.field == "instalments"
    assert snapshot(desk.customer) == before


def test_the_lines_of_a_shipment_are_rounded_half_up_and_added(desk: Desk) -> None:
    lines = [
        documents.LineInput("bearing", Decimal("3"), "pc", Decimal("0.335")),  # 1.005 -> 1.01
        documents.LineInput("shaft", Decimal("2.5"), "m", Decimal("1.25")),  # 3.125 -> 3.13
    ]
    goods = post(
        documents.shipment, by=desk.by, key=uuid.uuid4(), customer=desk.customer, number="S-1",
        date=day("2026-01-01"), lines=lines,
    )  # fmt: skip
    assert goods.amount == Decimal("4.14")
    stored = list(goods.shipment.lines.values_list("quantity", "unit_price", "amount"))
    assert stored == [
        (Decimal("3.0000"), Decimal("0.335000"), Decimal("1.01")),
        (Decimal("2.5000"), Decimal("1.250000"), Decimal("3.13")),
    ]


def test_a_payment_settles_what_it_names_and_then_the_oldest_due_debt(desk: Desk) -> None:
    late = desk.invoice(100, "2026-01-10", due_date=day("2026-02-01"))
    early = desk.invoice(100, "2026-01-20", due_date=day("2026-01-25"))
    named = desk.invoice(100, "2026-01-30", due_date=day("2026-03-01"))
    goods = desk.shipment(100, "2026-01-01", due_date=day("2026-01-02"))
    payment = desk.payment(230, "2026-02-05", invoices=[(named, money(80))])
    assert open_amounts(named, early, late, goods, payment) == [
        money(20), money(0), money(50), money(100), money(0),
    ]  # fmt: skip


def test_a_payment_made_by_hand_stays_unapplied(desk: Desk) -> None:
    bill = desk.invoice(100, "2026-01-10")
    payment = desk.payment(60, "2026-02-05", automatic=False)
    assert open_amounts(bill, payment) == [money(100), money(-60)]
    desk.allocate_automatically()
    assert open_amounts(bill, payment) == [money(40), money(0)]


def test_a_return_settles_its_shipment_and_the_credit_note_bills_the_return(desk: Desk) -> None:
    goods = desk.shipment(100, "2026-01-01")
    bill = desk.invoice(100, "2026-01-05", shipments=[goods])
    back = desk.goods_return(30, "2026-01-20", shipment=goods)
    assert open_amounts(bill, back) == [money(100), money(-30)]
    note = desk.credit_note(30, "2026-01-25", reverses=bill, returns=[back])
    assert note.amount == money(0)
    assert note.document_amount == money(-30)
    assert open_amounts(bill, back, note) == [money(70), money(0), money(0)]
    assert balance(desk.customer) == money(70)


def test_a_return_of_goods_not_invoiced_yet_settles_the_shipment(desk: Desk) -> None:
    goods = desk.shipment(100, "2026-01-01")
    back = desk.goods_return(30, "2026-01-20", shipment=goods)
    assert open_amounts(goods, back) == [money(70), money(0)]


def test_credit_notes_never_reverse_more_than_the_invoice(desk: Desk) -> None:
    bill = desk.invoice(100, "2026-01-05")
    desk.credit_note(70, "2026-01-20", reverses=bill)
    before = snapshot(desk.customer)
    with pytest.raises(InvalidDocument, match=r"30\.00") as refusal:
        desk.credit_note(40, "2026-01-21", reverses=bill)
    assert refusal.value.field == "amount"
    assert snapshot(desk.customer) == before


def test_a_discount_settles_its_debt(desk: Desk) -> None:
    bill = desk.invoice(100, "2026-01-05")
    discount = desk.discount(2, "2026-01-20", debt=bill)
    assert open_amounts(bill, discount) == [money(98), money(0)]


def test_a_refund_takes_up_the_oldest_credits(desk: Desk) -> None:
    advance = desk.opening(-50, "2026-01-01")
    payment = desk.payment(40, "2026-01-10")
    refund = desk.refund(60, "2026-01-20")
    assert open_amounts(advance, payment, refund) == [money(0), money(-30), money(0)]
    assert balance(desk.customer) == money(-30)


def test_an_opening_balance_may_be_a_debt_or_an_advance(desk: Desk) -> None:
    debt = desk.opening(500, "2026-01-01", due_date=day("2025-12-01"))
    advance = desk.opening(-80, "2026-01-01")
    assert [debt.side, advance.side] == [1, -1]
    assert balance(desk.customer) == money(420)


def test_an_invoice_is_issued_again_only_after_its_red_letter(desk: Desk) -> None:
    goods = desk.shipment(100, "2026-01-01")
    wrong = desk.invoice(120, "2026-01-05", shipments=[goods])
    payment = desk.payment(50, "2026-01-20")
    before = snapshot(desk.customer)
    with pytest.raises(InvalidDocument, match="red-letter invoice") as refusal:
        desk.invoice(120, "2026-02-01", shipments=[], replaces=wrong)
    assert refusal.value.field == "replaces"
    assert snapshot(desk.customer) == before

    red = desk.red_letter(wrong, "2026-02-01")
    assert (red.kind, red.amount, red.document_amount) == (Kind.CREDIT_NOTE, money(-20), money(-120))
    # The goods are still owed, as unbilled; the payment waits.
    assert open_amounts(goods, wrong, red, payment) == [money(100), money(0), money(0), money(-50)]
    assert balance(desk.customer) == money(50)

    right = desk.invoice(120, "2026-02-01", shipments=[goods], replaces=wrong)
    assert open_amounts(goods, right) == [money(0), money(120)]
    assert balance(desk.customer) == money(70)
    with pytest.raises(InvalidDocument, match="issued again already"):
        desk.invoice(120, "2026-02-02", replaces=wrong)


def test_an_invoice_that_is_reversed_in_part_is_not_cancelled_as_a_whole(desk: Desk) -> None:
    bill = desk.invoice(100, "2026-01-05")
    desk.credit_note(30, "2026-01-20", reverses=bill)
    with pytest.raises(NotReversible, match="in part"):
        desk.red_letter(bill, "2026-02-01")


def test_the_due_date_follows_the_terms_or_the_document(desk: Desk) -> None:
    assert desk.invoice(100, "2026-01-31").due_date == date(2026, 3, 2)
    assert desk.invoice(100, "2026-01-31", due_date=day("2026-02-10")).due_date == date(2026, 2, 10)


def test_a_bill_matures_and_nothing_else_does(desk: Desk) -> None:
    bill = desk.payment(100, "2026-01-31", method="bill", matures_on=day("2026-07-31"))
    assert bill.payment.matures_on == date(2026, 7, 31)
    with pytest.raises(InvalidDocument) as refusal:
        desk.payment(100, "2026-01-31", method="cash", matures_on=day("2026-07-31"))
    assert refusal.value.field == "matures_on"


@pytest.mark.parametrize("on", ["1989-12-31", f"{date.today().year + 2}-01-01"])  # noqa: DTZ011
def test_a_date_out_of_reach_is_refused(desk: Desk, on: str) -> None:
    for posting in (desk.shipment, desk.invoice, desk.payment, desk.opening, desk.discount, desk.refund):
        before = snapshot(desk.customer)
        with pytest.raises(InvalidDocument, match="check the year") as refusal:
            posting(100, on)
        assert refusal.value.field == "date"
        assert snapshot(desk.customer) == before


@pytest.mark.parametrize(
    ("amount", "message"),
    [("0", "above zero"), ("-5", "above zero"), ("1.005", "two decimal places"), ("1000000000000000", "larger")],
)
def test_an_amount_that_makes_no_sense_is_refused(desk: Desk, amount: str, message: str) -> None:
    for act in (documents.shipment, documents.invoice, documents.payment, documents.credit_note, documents.refund):
        with pytest.raises(InvalidDocument, match=message) as refusal:
            post(
                act, desk.by, uuid.uuid4(), desk.customer, number="X", date=day("2026-01-01"), amount=Decimal(amount)
            )
        assert refusal.value.field == "amount"
    assert snapshot(desk.customer) == [[], []]


def test_tax_is_contained_in_the_amount(desk: Desk) -> None:
    assert desk.invoice(113, "2026-01-01", tax=money(13)).invoice.tax == money(13)
    for tax in ("-1", "113"):
        with pytest.raises(InvalidDocument) as refusal:
            desk.invoice(113, "2026-01-01", tax=money(tax))
        assert refusal.value.field == "tax"


def test_a_number_is_posted_once_in_its_series(desk: Desk) -> None:
    desk.shipment(100, "2026-01-01", number="A-1")
    desk.invoice(100, "2026-01-01", number="A-1")
    before = snapshot(desk.customer)
    for again in (desk.shipment, desk.goods_return, desk.invoice, desk.credit_note):
        with pytest.raises(DuplicateNumber) as refusal:
            again(50, "2026-01-02", number="A-1")
        assert refusal.value.field == "number"
    assert snapshot(desk.customer) == before


def test_the_same_key_with_the_same_data_posts_once(desk: Desk) -> None:
    key = uuid.uuid4()
    first = desk.payment(100, "2026-01-01", number="P-9", key=key)
    again = desk.payment(100, "2026-01-01", number="P-9", key=key)
    assert first.pk == again.pk
    assert Entry.objects.count() == 1


def test_the_same_key_with_other_data_is_refused(desk: Desk) -> None:
    key = uuid.uuid4()
    desk.payment(100, "2026-01-01", number="P-9", key=key)
    before = snapshot(desk.customer)
    with pytest.raises(KeyReused):
        desk.payment(101, "2026-01-01", number="P-9", key=key)
    with pytest.raises(KeyReused):
        Desk(a_customer(owner=desk.by)).payment(100, "2026-01-01", number="P-9", key=key)
    assert snapshot(desk.customer) == before


@pytest.mark.parametrize("role", [Role.SALESPERSON, Role.AUDITOR])
def test_nobody_posts_into_a_customer_that_is_not_theirs_to_write(desk: Desk, role: Role) -> None:
    stranger = Desk(desk.customer, by=a_user(role=role))
    with pytest.raises(NotPermitted):
        stranger.payment(100, "2026-01-01")
    assert snapshot(desk.customer) == [[], []]


def test_a_document_of_another_customer_cannot_be_named(desk: Desk) -> None:
    other = Desk(a_customer(owner=desk.by))
    theirs = other.shipment(100, "2026-01-01")
    with pytest.raises(InvalidDocument, match="another customer"):
        desk.invoice(100, "2026-01-02", shipments=[theirs])
    with pytest.raises(InvalidDocument, match="another customer"):
        desk.payment(100, "2026-01-02", invoices=[(theirs, None)])


def test_the_entry_keeps_the_salesperson_of_its_day(desk: Desk) -> None:
    bill = desk.invoice(100, "2026-01-01")
    seller = desk.customer.owner
    successor = a_user(role=Role.SALESPERSON)
    desk.customer.owner = successor
    desk.customer.save()
    later = Desk(desk.customer).invoice(100, "2026-02-01")
    assert Entry.objects.get(pk=bill.pk).salesperson == seller
    assert later.salesperson == successor


def test_all_laws_hold_after_a_busy_year(desk: Desk) -> None:
    goods = [desk.shipment(100 * n, f"2026-{n:02}-01") for n in range(1, 9)]
    bills = [desk.invoice(100 * n, f"2026-{n:02}-20", shipments=[g]) for n, g in enumerate(goods, start=1)]
    desk.payment(1000, "2026-09-01")
    desk.credit_note(50, "2026-09-02", reverses=bills[-1])
    desk.reverse(bills[0], "2026-10-01")
    desk.red_letter(bills[3], "2026-10-02")
    desk.allocate_automatically()
    assert list(breaches()) == []
    assert balance(desk.customer) == money(3600 - 1000 - 50)


def test_goods_shipped_on_an_invoice_that_was_taken_back_are_owed(desk: Desk) -> None:
    cancelled = desk.invoice(100, "2026-01-01")
    desk.red_letter(cancelled, "2026-01-05")
    before = snapshot(desk.customer)
    with pytest.raises(InvalidDocument, match="nothing is left to ship"):
        desk.shipment(100, "2026-01-10", invoice=cancelled)
    assert snapshot(desk.customer) == before
    reduced = desk.invoice(100, "2026-01-01")
    desk.credit_note(30, "2026-01-05", reverses=reduced)
    goods = desk.shipment(100, "2026-01-10", invoice=reduced)
    assert (goods.amount, balance(desk.customer)) == (money(30), money(100))
    assert list(breaches()) == []


def test_a_credit_note_for_returned_goods_leaves_the_rest_of_the_invoice_to_be_shipped(desk: Desk) -> None:
    bill = desk.invoice(100, "2026-01-01")
    goods = desk.shipment(50, "2026-01-02", invoice=bill)
    back = desk.goods_return(20, "2026-01-05", shipment=goods)
    desk.credit_note(20, "2026-01-06", reverses=bill, returns=[back])
    rest = desk.shipment(60, "2026-01-10", invoice=bill)
    assert (rest.amount, balance(desk.customer)) == (money(10), money(90))
    assert list(breaches()) == []


@pytest.mark.parametrize("paid", [40, 100])
def test_goods_that_are_billed_are_owed_by_their_invoice_when_a_payment_falls(desk: Desk, paid: int) -> None:
    goods = desk.shipment(100, "2026-01-01")
    payment = desk.payment(paid, "2026-01-03")
    bill = desk.invoice(100, "2026-01-05", shipments=[goods])
    assert open_amounts(goods, bill) == [money(0), money(100 - paid)]
    desk.reverse(payment, "2026-02-01")
    assert open_amounts(goods, bill) == [money(0), money(100)]
    assert list(breaches()) == []


def test_an_undone_payment_of_billed_goods_goes_to_the_earliest_instalment(desk: Desk) -> None:
    goods = desk.shipment(100, "2026-01-01")
    payment = desk.payment(40, "2026-01-03")
    parts = [Instalment(day("2026-02-01"), money(50)), Instalment(day("2026-03-01"), money(70))]
    first = desk.invoice(120, "2026-01-05", shipments=[goods], instalments=parts)
    second = Entry.objects.get(instalment_of=first)
    assert open_amounts(first, second) == [money(10), money(70)]
    desk.undo(Allocation.objects.get(from_entry=payment), "2026-01-20")
    assert open_amounts(goods, first, second, payment) == [money(0), money(50), money(70), money(-40)]
    assert list(breaches()) == []


def test_goods_whose_payment_fell_before_they_were_billed_go_over_when_they_are_open(desk: Desk) -> None:
    """Paid on the 10th, undone on the 20th; the invoice of the 5th is recorded after both."""
    goods = desk.shipment(100, "2026-01-01")
    desk.payment(40, "2026-01-10")
    desk.undo(Allocation.objects.get(), "2026-01-20")
    bill = desk.invoice(100, "2026-01-05", shipments=[goods])
    moved = Allocation.objects.filter(to_entry=bill).order_by("date").values_list("date", "amount")
    assert list(moved) == [(day("2026-01-05"), money(60)), (day("2026-01-20"), money(40))]
    assert open_amounts(goods, bill) == [money(0), money(100)]
    assert list(breaches()) == []


def test_goods_that_two_invoices_bill_go_back_to_each_for_what_it_bills(desk: Desk) -> None:
    first, second = desk.shipment(100, "2026-01-01"), desk.shipment(100, "2026-01-02")
    paid_first = desk.payment(100, "2026-01-03", invoices=[(first, None)])
    paid_second = desk.payment(100, "2026-01-04", invoices=[(second, None)])
    one = desk.invoice(150, "2026-01-05", shipments=[first, second])
    other = desk.invoice(50, "2026-01-06", shipments=[second])
    desk.reverse(paid_second, "2026-02-01")
    assert open_amounts(first, second, one, other) == [money(0), money(0), money(50), money(50)]
    assert list(breaches()) == []
    desk.reverse(paid_first, "2026-02-02")
    assert open_amounts(first, second, one, other) == [money(0), money(0), money(150), money(50)]
    assert list(breaches()) == []


def test_a_payment_settles_what_is_open_again_on_a_later_day_on_that_day(desk: Desk) -> None:
    bill = desk.invoice(100, "2026-01-01")
    bounced = desk.payment(100, "2026-01-05")
    desk.reverse(bounced, "2026-02-10")
    again = desk.payment(100, "2026-01-06")
    assert open_amounts(bill, again) == [money(0), money(0)]
    assert Allocation.objects.get(from_entry=again).date == day("2026-02-10")
    desk.undo(Allocation.objects.get(from_entry=again), "2026-03-01")
    [anew] = desk.allocate_automatically()
    assert (anew.amount, anew.date) == (money(-100), day("2026-03-01"))
    named = desk.invoice(60, "2026-01-02")
    early = desk.payment(60, "2026-01-03", invoices=[(named, money(60))])
    desk.reverse(early, "2026-02-01")
    right = desk.payment(60, "2026-01-03", invoices=[(named, money(60))], automatic=False)
    assert open_amounts(named, right) == [money(0), money(0)]
    assert list(breaches()) == []
