"""What happened to single customers of the demo firm, as the books show it."""

from datetime import date, timedelta

import pytest
from django.db.models import F, Max, Sum

from ledger.models import Allocation, Billing, Entry, Invoice, InvoiceStep, Kind, Payment, Side
from ledger.money import ZERO
from tests.demo.conftest import NOW, Demo

pytestmark = pytest.mark.django_db

TODAY = NOW.date()


def steps(demo: Demo, story: str) -> set[str]:
    return set(InvoiceStep.objects.filter(invoice__entry__in=demo.entries(story)).values_list("step", flat=True))


def waiting(demo: Demo, story: str, **facts: bool) -> int:
    """How many open invoices of the customer have, and have not, the named facts."""
    wanted = {f"invoice__{name}__isnull": not given for name, given in facts.items()}
    return demo.entries(story).open().filter(kind=Kind.INVOICE, **wanted).count()


def test_one_vanished_in_the_middle_of_last_year(demo: Demo) -> None:
    last = demo.entries("vanished").filter(kind=Kind.PAYMENT).aggregate(last=Max("date"))["last"]
    assert date(2025, 4, 1) < last <= date(2025, 6, 20)
    assert demo.entries("vanished").overdue(TODAY - timedelta(days=365)).exists()
    assert demo.entries("vanished").unbilled().exists()


def test_one_withholds_a_part_of_every_invoice(demo: Demo) -> None:
    rests = demo.entries("disputing").overdue(TODAY)
    assert rests.filter(open_amount__lt=F("document_amount") / 10).count() >= 2
    assert demo.entries("disputing").filter(kind=Kind.DISCOUNT).exists()


def test_one_pays_round_sums_on_account(demo: Demo) -> None:
    amounts = demo.entries("on account").filter(kind=Kind.PAYMENT).values_list("amount", flat=True)
    assert len(amounts) > 3
    assert all(amount % 10_000 == 0 for amount in amounts)


def test_one_pays_with_acceptance_bills(demo: Demo) -> None:
    bills = Payment.objects.filter(entry__in=demo.entries("bills"), method=Payment.Method.BILL)
    assert bills.exists()
    assert all(bill.matures_on and bill.matures_on > bill.entry.date for bill in bills)


def test_a_cheque_bounced_and_the_invoice_is_open_again(demo: Demo) -> None:
    cheque = demo.entries("bounced cheque").get(payment__method=Payment.Method.CHEQUE)
    assert cheque.reversed_by.amount == -cheque.amount
    assert demo.entries("bounced cheque").overdue(TODAY).filter(open_amount=-cheque.amount).exists()


def test_an_invoice_was_issued_again_after_its_red_letter(demo: Demo) -> None:
    again = Invoice.objects.get(entry__in=demo.entries("issued again"), replaces__isnull=False)
    assert again.replaces
    assert again.replaces.entry.open_amount == 0
    red_letter = again.replaces.credit_notes.get()
    assert red_letter.entry.document_amount == -again.entry.document_amount
    assert again.entry.open_amount == again.entry.document_amount


def test_invoices_were_never_sent_or_came_back(demo: Demo) -> None:
    assert waiting(demo, "never sent", sent_on=False, received_on=False, booked_on=False) >= 3
    assert "failed" in steps(demo, "never sent")
    assert waiting(demo, "bounced mail", sent_on=False) >= 1
    assert "bounced" in steps(demo, "bounced mail")


def test_invoices_were_not_received_or_not_booked(demo: Demo) -> None:
    assert waiting(demo, "not received", sent_on=True, received_on=False) >= 2
    assert waiting(demo, "not booked", received_on=True, booked_on=False) >= 2


def test_goods_went_out_weeks_ago_without_an_invoice(demo: Demo) -> None:
    old = demo.entries("not invoiced").unbilled().filter(date__lt=TODAY - timedelta(days=28))
    assert old.count() >= 3


def test_an_invoice_ran_ahead_of_its_goods_which_added_nothing(demo: Demo) -> None:
    goods = demo.entries("invoiced ahead").filter(kind=Kind.SHIPMENT, amount=ZERO)
    assert Billing.objects.filter(shipment__in=goods).exists()


def test_a_double_payment_went_back(demo: Demo) -> None:
    refund = demo.entries("paid twice").get(kind=Kind.REFUND)
    assert refund.open_amount == 0
    assert demo.entries("paid twice").filter(kind=Kind.PAYMENT, amount=-refund.amount).count() == 2


def test_a_payment_was_moved_to_the_right_invoice(demo: Demo) -> None:
    undone = Allocation.objects.get(customer=demo.customers["wrong invoice"], undoes__isnull=False)
    assert undone.undoes
    assert Allocation.objects.filter(from_entry=undone.from_entry, amount=undone.undoes.amount).count() == 2


def test_a_machine_is_paid_in_instalments_of_which_one_is_overdue(demo: Demo) -> None:
    first, second, last = (
        demo.entries("instalments")
        .exclude(instalment_of=None, later_instalments=None)
        .order_by("instalment")
        .distinct()
    )
    assert first.open_amount == 0
    assert ZERO < second.open_amount < second.document_amount
    assert second.due_date
    assert second.due_date < TODAY
    assert last.open_amount == last.document_amount


def test_credits_wait_to_be_used(demo: Demo) -> None:
    for story in ("pays ahead", "credited late"):
        assert demo.entries(story).open().credits().aggregate(total=Sum("open_amount"))["total"] < 0


def test_a_debt_is_older_than_the_ledger(demo: Demo) -> None:
    debt = demo.entries("old debt").get(kind=Kind.OPENING, memo__contains="旧账")
    assert debt.due_date
    assert (TODAY - debt.due_date).days > 900
    assert ZERO < debt.open_amount < debt.amount


def test_the_ledger_began_with_debts_and_an_advance(demo: Demo) -> None:
    sides = Entry.objects.filter(kind=Kind.OPENING).values_list("side", flat=True)
    assert set(sides) == {Side.DEBT, Side.CREDIT}


def test_a_key_account_fell_silent_with_everything_paid(demo: Demo) -> None:
    assert demo.entries("dormant").aggregate(last=Max("date"))["last"] < TODAY - timedelta(days=60)
    assert not demo.entries("dormant").open().exists()
