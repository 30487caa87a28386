"""What others have recorded since: whose, how much, and only what one may see."""

import uuid

import pytest
from django.utils import timezone

from customers.models import Role
from ledger.invoice_way import record_step
from ledger.models import Posting
from ledger.queries.news import Version, ledger_news, ledger_version
from tests.build import a_customer, a_team, a_user
from tests.ledger.desk import Desk

pytestmark = pytest.mark.django_db


def test_an_act_is_news_to_who_sees_its_customer_and_to_nobody_else() -> None:
    seller = a_user(team=a_team(), last_name="徐", first_name="海燕")
    colleague = a_user(team=a_team())
    customer, other = a_customer(owner=seller), a_customer(owner=colleague)
    before = str(ledger_version())
    Desk(customer).invoice(100, "2026-03-01")
    Desk(customer).payment(40, "2026-03-02")
    assert ledger_news(seller, before).by == [("徐海燕", 2)]
    assert ledger_news(a_user(Role.FINANCE), before).by == [("徐海燕", 2)]
    unseen = ledger_news(colleague, before)
    assert (unseen.by, unseen.is_any, str(unseen.version)) == ([], False, str(ledger_version()))
    Desk(other).payment(7, "2026-03-02")
    assert ledger_news(colleague, before).by == [(str(colleague), 1)]


def test_an_allocation_and_a_step_of_an_invoice_are_news_too() -> None:
    seller = a_user()
    desk = Desk(a_customer(owner=seller))
    invoice = desk.invoice(100, "2026-03-01")
    before = str(ledger_version())
    record_step(by=seller, invoice=invoice.invoice, step="sent", date=timezone.localdate())
    assert ledger_news(seller, before).by == [(str(seller), 1)]
    assert not ledger_news(a_user(), before).is_any


def test_nothing_recorded_is_no_news_and_an_unread_version_is() -> None:
    user = a_user()
    assert not ledger_news(user, str(ledger_version())).is_any
    for nonsense in ("", "x", "1.2", "1.2.3.4.5", "١.x.2"):
        assert ledger_news(user, nonsense).is_any


def test_an_act_that_is_seen_after_a_later_one_is_news() -> None:
    user = a_user()
    first = Posting.objects.create(key=uuid.uuid4(), act="payment", digest="", by=user, recorded_at=timezone.now())
    late = first.pk + 1
    Posting.objects.create(
        pk=late + 1, key=uuid.uuid4(), act="payment", digest="", by=user, recorded_at=timezone.now()
    )
    before = str(ledger_version())
    Posting.objects.create(pk=late, key=uuid.uuid4(), act="payment", digest="", by=user, recorded_at=timezone.now())
    assert ledger_news(user, before).is_any


def test_a_version_reads_back() -> None:
    assert Version.read(str(Version(12, 7, 3, 5))) == Version(12, 7, 3, 5)
