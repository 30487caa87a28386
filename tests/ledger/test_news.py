"""What others have recorded since: whose, how much, and only what one may see."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from customers.models import Role, User
from ledger.invoice_way import record_step
from ledger.models import Confirmation, Posting
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
    for nonsense in ("", "x", "1.2", "1.2.3.4.5.6", "1.2.3.9999999999999999.5", f"{2**63}.2.3.4.5", "١.x.2"):
        assert ledger_news(user, nonsense).is_any


def an_act(user: User, number: int) -> None:
    Posting.objects.create(pk=number, key=uuid.uuid4(), act="payment", digest="", by=user, recorded_at=timezone.now())


def test_a_long_act_is_news_when_it_is_seen_after_many_later_ones() -> None:
    user = a_user(Role.FINANCE)
    for number in range(101, 200):
        an_act(user, number)
    before = str(ledger_version())
    an_act(user, 100)
    late = ledger_news(user, before)
    assert (late.is_any, late.by) == (True, [])
    assert not ledger_news(user, str(late.version)).is_any


def test_a_confirmation_that_is_seen_late_is_news() -> None:
    finance = a_user(Role.FINANCE)
    desk = Desk(a_customer(owner=a_user()))
    first, second = desk.payment(40, "2026-03-02"), desk.payment(50, "2026-03-02")
    facts = {"by": finance, "date": timezone.localdate(), "is_confirmed": True, "recorded_at": timezone.now()}
    Confirmation.objects.create(pk=8, entry=first, **facts)
    before = str(ledger_version())
    Confirmation.objects.create(pk=7, entry=second, **facts)
    assert ledger_news(finance, before).is_any


def test_an_hour_that_goes_by_is_no_news(monkeypatch: pytest.MonkeyPatch) -> None:
    finance = a_user(Role.FINANCE)
    Desk(a_customer(owner=a_user())).payment(40, "2026-03-02")
    before = ledger_version()
    later = timezone.now() + timedelta(hours=3)
    monkeypatch.setattr(timezone, "now", lambda: later)
    news = ledger_news(finance, str(before))
    assert (news.is_any, news.version.recent) == (False, 0)
    assert news.version != before


def test_a_version_reads_back() -> None:
    assert Version.read(str(Version(12, 7, 3, 3600, 5))) == Version(12, 7, 3, 3600, 5)
