from datetime import timedelta

import pytest
from django.utils import timezone

from customers.models import Role
from ledger.errors import InvalidDocument, NotPermitted
from ledger.invoice_way import record_step
from ledger.models import Invoice, InvoiceStep
from tests.build import a_customer, a_user
from tests.ledger.desk import Desk, day

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return Desk(a_customer(owner=a_user(role=Role.SALESPERSON)))


def way(invoice: Invoice) -> list[str | None]:
    stored = Invoice.objects.get(pk=invoice.pk)
    return [str(d) if d else None for d in (stored.sent_on, stored.received_on, stored.booked_on)]


def test_an_invoice_is_sent_received_and_booked(desk: Desk) -> None:
    invoice = desk.invoice(100, "2026-01-05").invoice
    record_step(by=desk.by, invoice=invoice, step="sent", date=day("2026-01-06"), carrier="SF", tracking_number="SF1")
    record_step(by=desk.by, invoice=invoice, step="received", date=day("2026-01-09"))
    record_step(by=desk.by, invoice=invoice, step="booked", date=day("2026-01-20"))
    assert way(invoice) == ["2026-01-06", "2026-01-09", "2026-01-20"]
    assert invoice.booked_on == day("2026-01-20"), "the caller's copy is up to date"


@pytest.mark.parametrize("step", ["failed", "bounced"])
def test_a_mail_that_failed_or_bounced_is_not_sent(desk: Desk, step: str) -> None:
    invoice = desk.invoice(100, "2026-01-05").invoice
    record_step(by=desk.by, invoice=invoice, step="sent", date=day("2026-01-06"))
    record_step(by=desk.by, invoice=invoice, step=step, date=day("2026-01-07"), note="mailbox full")
    assert way(invoice) == [None, None, None]
    record_step(by=desk.by, invoice=invoice, step="sent", date=day("2026-01-08"))
    assert way(invoice) == ["2026-01-08", None, None]
    assert list(InvoiceStep.objects.values_list("step", flat=True)) == ["sent", step, "sent"]


def test_a_step_recorded_by_mistake_is_taken_back_and_kept_in_the_history(desk: Desk) -> None:
    invoice = desk.invoice(100, "2026-01-05").invoice
    record_step(by=desk.by, invoice=invoice, step="sent", date=day("2026-01-06"))
    record_step(by=desk.by, invoice=invoice, step="received", date=day("2026-01-07"))
    record_step(by=desk.by, invoice=invoice, step="taken_back", date=day("2026-01-08"))
    assert way(invoice) == ["2026-01-06", None, None]
    assert InvoiceStep.objects.count() == 3


@pytest.mark.parametrize(
    ("done", "step", "on"),
    [
        ([], "sent", "2026-01-04"),
        ([("sent", "2026-01-06")], "sent", "2026-01-07"),
        ([("sent", "2026-01-06")], "received", "2026-01-05"),
        ([("received", "2026-01-08")], "sent", "2026-01-07"),
        ([("received", "2026-01-08")], "bounced", "2026-01-09"),
        ([], "taken_back", "2026-01-09"),
    ],
)
def test_a_step_that_does_not_follow_is_refused(desk: Desk, done: list[tuple[str, str]], step: str, on: str) -> None:
    invoice = desk.invoice(100, "2026-01-05").invoice
    for earlier, earlier_on in done:
        record_step(by=desk.by, invoice=invoice, step=earlier, date=day(earlier_on))
    before = way(invoice)
    with pytest.raises(InvalidDocument):
        record_step(by=desk.by, invoice=invoice, step=step, date=day(on))
    assert way(invoice) == before
    assert InvoiceStep.objects.count() == len(done)


def test_a_step_is_not_recorded_ahead_of_time(desk: Desk) -> None:
    invoice = desk.invoice(100, "2026-01-05").invoice
    with pytest.raises(InvalidDocument, match="ahead"):
        record_step(by=desk.by, invoice=invoice, step="sent", date=timezone.localdate() + timedelta(days=1))


def test_only_who_may_write_for_the_customer_records_a_step(desk: Desk) -> None:
    invoice = desk.invoice(100, "2026-01-05").invoice
    for role in (Role.SALESPERSON, Role.AUDITOR):
        with pytest.raises(NotPermitted):
            record_step(by=a_user(role=role), invoice=invoice, step="sent", date=day("2026-01-06"))
    assert way(invoice) == [None, None, None]


def test_a_bounce_recorded_by_mistake_is_taken_back(desk: Desk) -> None:
    invoice = desk.invoice(100, "2026-01-05").invoice
    record_step(by=desk.by, invoice=invoice, step="sent", date=day("2026-01-06"))
    record_step(by=desk.by, invoice=invoice, step="bounced", date=day("2026-01-07"))
    record_step(by=desk.by, invoice=invoice, step="taken_back", date=day("2026-01-08"))
    assert way(invoice) == ["2026-01-06", None, None]
    record_step(by=desk.by, invoice=invoice, step="taken_back", date=day("2026-01-08"))
    assert way(invoice) == [None, None, None]
    with pytest.raises(InvalidDocument, match="no step"):
        record_step(by=desk.by, invoice=invoice, step="taken_back", date=day("2026-01-08"))


def test_the_steps_that_an_invoice_is_recorded_with_are_kept_as_well(desk: Desk) -> None:
    facts = {"sent_on": day("2026-01-06"), "received_on": day("2026-01-08")}
    invoice = desk.invoice(100, "2026-01-05", **facts).invoice
    steps = InvoiceStep.objects.order_by("pk").values_list("step", "date", "by")
    assert list(steps) == [("sent", day("2026-01-06"), desk.by.pk), ("received", day("2026-01-08"), desk.by.pk)]
    record_step(by=desk.by, invoice=invoice, step="taken_back", date=day("2026-01-09"))
    assert way(invoice) == ["2026-01-06", None, None]


def test_no_step_is_recorded_ahead_of_its_day(desk: Desk) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(InvalidDocument, match="ahead"):
        desk.invoice(100, "2026-01-05", sent_on=tomorrow)


@pytest.mark.parametrize("cancel", ["reverse", "red_letter"])
def test_an_invoice_that_was_cancelled_goes_nowhere(desk: Desk, cancel: str) -> None:
    bill = desk.invoice(100, "2026-01-05")
    getattr(desk, cancel)(bill, "2026-01-06")
    with pytest.raises(InvalidDocument, match="cancelled"):
        record_step(by=desk.by, invoice=bill.invoice, step="sent", date=day("2026-01-07"))


def test_a_mail_does_not_bounce_before_it_was_sent(desk: Desk) -> None:
    invoice = desk.invoice(100, "2026-01-05").invoice
    record_step(by=desk.by, invoice=invoice, step="sent", date=day("2026-01-08"))
    with pytest.raises(InvalidDocument, match="before the step"):
        record_step(by=desk.by, invoice=invoice, step="bounced", date=day("2026-01-07"))
