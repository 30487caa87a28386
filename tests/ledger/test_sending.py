"""Many invoices take a step at once: all that can, and the others are told."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from customers.models import Role
from ledger.documents import Instalment
from ledger.errors import InvalidDocument, NotPermitted
from ledger.invoice_way import record_step
from ledger.models import Entry, Invoice, InvoiceStep
from ledger.sending import Dispatch, Outcome, record_step_of_many
from tests.build import a_customer, a_user
from tests.ledger.desk import Desk, day, money

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return Desk(a_customer(owner=a_user(role=Role.SALESPERSON)))


def send(desk: Desk, entries: Sequence[Entry], **facts: Any) -> Outcome:
    dispatches = [Dispatch(entry.invoice, f"SF{n}") for n, entry in enumerate(entries, start=1)]
    facts = {"by": desk.by, "step": "sent", "date": day("2026-02-01"), "carrier": "顺丰", **facts}
    return record_step_of_many(dispatches=dispatches, **facts)


def sent_on(entry: Entry) -> Any:
    return Invoice.objects.get(pk=entry.pk).sent_on


def test_each_invoice_is_sent_with_its_own_tracking_number(desk: Desk) -> None:
    bills = [desk.invoice(100, "2026-01-05"), desk.invoice(50, "2026-01-06")]
    outcome = send(desk, bills)
    assert [invoice.pk for invoice in outcome.done] == [bill.pk for bill in bills]
    steps = InvoiceStep.objects.order_by("pk").values_list("invoice", "carrier", "tracking_number", "date", "by")
    assert list(steps) == [
        (bills[0].pk, "顺丰", "SF1", day("2026-02-01"), desk.by.pk),
        (bills[1].pk, "顺丰", "SF2", day("2026-02-01"), desk.by.pk),
    ]
    assert [sent_on(bill) for bill in bills] == [day("2026-02-01")] * 2


def test_what_a_colleague_has_sent_stays_the_colleagues(desk: Desk) -> None:
    bill, other = desk.invoice(100, "2026-01-05"), desk.invoice(50, "2026-01-06")
    colleague = a_user(Role.FINANCE)
    record_step(by=colleague, invoice=bill.invoice, step="sent", date=day("2026-01-20"), tracking_number="EMS9")
    outcome = send(desk, [bill, other])
    assert [row.by for row in outcome.already] == [colleague]
    assert [invoice.pk for invoice in outcome.done] == [other.pk]
    assert sent_on(bill) == day("2026-01-20")
    assert InvoiceStep.objects.filter(invoice=bill.pk).count() == 1


def test_sent_twice_it_is_sent_once(desk: Desk) -> None:
    bill = desk.invoice(100, "2026-01-05")
    assert len(send(desk, [bill]).done) == 1
    again = send(desk, [bill])
    assert (again.done, len(again.already)) == ([], 1)
    assert InvoiceStep.objects.count() == 1


def test_what_cannot_be_sent_is_told_and_the_rest_is_sent(desk: Desk) -> None:
    reversed_one, cancelled, late = (
        desk.invoice(1, "2026-01-02"),
        desk.invoice(2, "2026-01-03"),
        desk.invoice(3, "2026-02-02"),
    )
    parts = [Instalment(day("2026-03-01"), money(5)), Instalment(day("2026-04-01"), money(5))]
    credited, partly = desk.invoice(10, "2026-01-04", instalments=parts), desk.invoice(10, "2026-01-04")
    desk.reverse(reversed_one)
    desk.red_letter(cancelled, "2026-01-08")
    desk.red_letter(credited, "2026-01-08")
    desk.credit_note(4, "2026-01-08", reverses=partly)
    outcome = send(desk, [reversed_one, cancelled, late, credited, partly])
    assert [invoice.pk for invoice in outcome.done] == [partly.pk]
    assert [invoice.pk for invoice, _why in outcome.refused] == [reversed_one.pk, cancelled.pk, late.pk, credited.pk]
    assert all("cancelled" in why for invoice, why in outcome.refused if invoice.pk != late.pk)


def test_a_mail_that_bounced_is_sent_again(desk: Desk) -> None:
    bill = desk.invoice(100, "2026-01-05")
    send(desk, [bill], date=day("2026-01-10"))
    record_step(by=desk.by, invoice=bill.invoice, step="bounced", date=day("2026-01-12"))
    assert len(send(desk, [bill], date=day("2026-01-13")).done) == 1


def test_what_was_received_cannot_be_sent_afterwards(desk: Desk) -> None:
    bill = desk.invoice(100, "2026-01-05")
    assert len(send(desk, [bill], step="received").done) == 1
    outcome = send(desk, [bill])
    assert (outcome.done, len(outcome.refused)) == ([], 1)
    assert sent_on(bill) is None


def test_nobody_sends_ahead_of_time_or_without_leave_or_for_another(desk: Desk) -> None:
    bill = desk.invoice(100, "2026-01-05")
    with pytest.raises(InvalidDocument):
        send(desk, [bill], date=timezone.localdate() + timedelta(days=1))
    with pytest.raises(NotPermitted):
        send(desk, [bill], by=a_user(Role.AUDITOR))
    assert send(desk, [bill], by=a_user()).done == []
    assert not InvoiceStep.objects.exists()
    assert sent_on(bill) is None
