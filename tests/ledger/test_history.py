"""One document's page tells all that happened to it, in the order of recording."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ledger.attachments import attach
from ledger.invoice_way import record_step
from ledger.models import Allocation
from tests.build import a_customer, a_user
from tests.ledger.desk import Desk

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n%%EOF"


def test_the_history_of_an_invoice_has_steps_allocations_files_and_the_reversal(client: Client) -> None:
    desk = Desk(a_customer(owner=a_user()))
    entry = desk.invoice(100, "2026-01-05", number="F-1", memo="first half")
    today = timezone.localdate()
    record_step(by=desk.by, invoice=entry.invoice, step="sent", date=today, carrier="SF", tracking_number="77")
    desk.payment(40, "2026-02-01", number="P-1")
    file = SimpleUploadedFile("scan.pdf", PDF)
    attach(by=desk.by, customer=desk.customer, file=file, kind="invoice", entry=entry)
    desk.undo(Allocation.objects.get(undoes__isnull=True))
    client.force_login(desk.by)
    shown = client.get(reverse("ledger:entry", args=[entry.pk]), headers={"Accept-Language": "en"})
    told = [(one.what, one.detail) for one in shown.context["history"]]
    assert told == [
        ("Recorded in the ledger", "first half"),
        ("Sent", "SF 77"),
        ("Allocated", "Payment P-1"),
        ("Invoice scan", "scan.pdf"),
        ("No longer allocated", "Payment P-1"),
    ]
    desk.reverse(entry, reason="wrong")
    shown = client.get(reverse("ledger:entry", args=[entry.pk]), headers={"Accept-Language": "en"})
    last = shown.context["history"][-1]
    assert (last.what, last.detail) == ("Reversed", "wrong")
