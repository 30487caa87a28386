"""The demo firm's books: sound and believable."""

from datetime import date, timedelta

import pytest
from django.db.models import F, Sum
from django.utils import timezone

from config.demo.workdays import is_workday
from customers.models import Customer
from customers.pinyin import spelling
from ledger.models import Allocation, Entry, Invoice, InvoiceStep, Kind, Posting
from ledger.verification import breaches
from tests.demo.conftest import NOW, Demo

pytestmark = pytest.mark.django_db

TODAY = NOW.date()


def test_every_law_of_the_ledger_holds(demo: Demo) -> None:
    assert list(breaches()) == []


def test_the_past_is_two_and_a_half_years_long_and_ends_today(demo: Demo) -> None:
    days = list(Entry.objects.order_by("date").values_list("date", flat=True))
    assert days[0] == date(2024, 5, 6)  # the first workday after the May holiday
    assert TODAY - timedelta(days=4) <= days[-1] <= TODAY
    assert all(is_workday(day) for day in days)


def test_about_as_many_invoices_as_were_asked_for(demo: Demo) -> None:
    assert 0.85 * 250 < demo.outcome.invoices < 1.25 * 250
    assert Entry.objects.count() == demo.outcome.entries


def test_acts_were_recorded_when_they_happened_or_soon_after_and_each_by_itself(demo: Demo) -> None:
    assert Entry.objects.filter(posting__late__isnull=False).count() == 1, "came into a closed month, with a reason"
    for entry in Entry.objects.filter(posting__late=None).select_related("posting"):
        recorded_on = timezone.localdate(entry.recorded_at)
        assert entry.date <= recorded_on <= entry.date + timedelta(days=20)
        assert entry.recorded_at == entry.posting.recorded_at <= NOW
    documents = Entry.objects.filter(instalment_of__isnull=True, reverses__isnull=True)
    assert documents.values("posting").distinct().count() == documents.count()
    assert Posting.objects.filter(entries=None, allocations=None).count() == 0


def test_nothing_was_settled_before_it_was_recorded(demo: Demo) -> None:
    early = Allocation.objects.filter(recorded_at__lt=F("to_entry__recorded_at"))
    assert not (early | Allocation.objects.filter(recorded_at__lt=F("from_entry__recorded_at"))).exists()


def test_most_is_not_due_and_a_part_is_overdue(demo: Demo) -> None:
    debts = Entry.objects.open().debts().exclude(kind=Kind.SHIPMENT).filter(currency="CNY")
    total = debts.aggregate(total=Sum("open_amount"))["total"]
    overdue = debts.overdue(TODAY).aggregate(total=Sum("open_amount"))["total"]
    assert 10 < overdue * 100 / total < 45
    assert debts.overdue(TODAY - timedelta(days=365)).exists()


def test_an_invoice_stands_where_its_steps_left_it(demo: Demo) -> None:
    latest: dict[int, dict[str, date]] = {}
    for step in InvoiceStep.objects.order_by("pk"):
        facts = latest.setdefault(step.invoice_id, {})
        if step.step in ("failed", "bounced"):
            facts.pop("sent", None)
        else:
            facts[step.step] = step.date
    for invoice in Invoice.objects.filter(entry__kind=Kind.INVOICE):
        facts = latest.get(invoice.pk, {})
        stands = (invoice.sent_on, invoice.received_on, invoice.booked_on)
        assert stands == (facts.get("sent"), facts.get("received"), facts.get("booked"))


def test_every_customer_is_found_by_its_pinyin(demo: Demo) -> None:
    assert all((c.initials, c.pinyin) == spelling(c.name) for c in Customer.objects.all())
    assert Customer.objects.search("youxiangongsi").exists()


def test_finance_has_confirmed_most_of_the_past_and_the_latest_days_wait(demo: Demo) -> None:
    all_of_it, waiting = Entry.objects.confirmable().count(), Entry.objects.unconfirmed()
    assert 5 < waiting.count() < all_of_it / 10
    assert not waiting.filter(date__lt=TODAY - timedelta(days=90)).exists()
    assert waiting.filter(date__gte=TODAY - timedelta(days=4)).exists()
