"""One mail a day to each salesperson: who gets it, what it says, and that nobody gets it twice."""

import smtplib
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connections

from customers.models import Role
from flags import digest
from flags.digest import Sending
from flags.models import Digest, Flag
from flags.services import acknowledge
from flags.sweep import raise_flags
from flags.tasks import send_digests
from tests.build import a_customer, a_user
from tests.ledger.desk import Desk, day, money

pytestmark = pytest.mark.django_db

TODAY = day("2026-03-01")
NOBODY = Sending(sent=0, refused=0)


class Refusing(EmailBackend):
    """Refuses the first mails, as many as `left`."""

    left = 0

    def send_messages(self, messages: Any) -> int:
        if Refusing.left:
            Refusing.left -= 1
            raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")
        return super().send_messages(messages)


@pytest.fixture
def desk() -> Desk:
    made = Desk(a_customer(owner=a_user(role=Role.SALESPERSON, language="zh-hans"), name="甲公司"))
    made.invoice("1234.50", "2026-01-01", number="F-1", tax=money("142.02"))
    raise_flags(as_of=TODAY)
    return made


def test_each_salesperson_gets_one_mail_a_day(desk: Desk) -> None:
    a_user(role=Role.SALESPERSON)
    assert digest.send_all(day=TODAY) == Sending(sent=1, refused=0)
    assert digest.send_all(day=TODAY) == NOBODY
    [sent] = mail.outbox
    assert sent.to == [desk.by.email]
    assert digest.send_all(day=day("2026-03-02")).sent == 1


def test_the_mail_says_in_the_persons_language_what_is_at_stake_and_leads_to_the_desk(desk: Desk) -> None:
    desk.by.language = "en"
    desk.by.save()
    digest.send_all(day=TODAY)
    [sent] = mail.outbox
    assert sent.subject == "2 flags on your desk"
    text = str(sent.body)
    assert "Overdue × 1: CNY 1,234.50\n" in text
    assert "Invoiced, not sent × 1: CNY 1,234.50 (tax at stake 142.02)" in text
    assert "甲公司, invoice F-1" in text
    assert "/desk/" in text
    [(html, kind)] = sent.alternatives  # type: ignore[attr-defined]
    assert kind == "text/html"
    assert f"/flags/{Flag.objects.order_by('pk')[0].pk}/" in html
    assert '<html lang="en">' in html


def test_the_mail_lists_the_most_money_first_and_counts_the_rest(desk: Desk) -> None:
    for n in range(25):
        desk.invoice(100 + n, "2026-01-01")
    raise_flags(as_of=TODAY)
    desk.by.language = "en"
    desk.by.save()
    digest.send_all(day=TODAY)
    text = str(mail.outbox[0].body)
    assert text.index("1,234.50  ") < text.index("124.00  ") < text.index("123.00  ")
    assert "… and 32 more." in text


def test_a_mail_is_about_ones_own_customers_not_about_a_teams(desk: Desk) -> None:
    manager = a_user(role=Role.MANAGER)
    assert digest.send_all(day=TODAY).sent == 1
    own = Desk(a_customer(owner=manager, name="乙公司"))
    own.invoice(100, "2026-01-01")
    raise_flags(as_of=TODAY)
    assert digest.send_all(day=TODAY).sent == 1
    assert mail.outbox[1].to == [manager.email]
    assert "甲公司" not in str(mail.outbox[1].body)


def test_nobody_is_mailed_without_flags_without_an_address_or_after_leaving(desk: Desk) -> None:
    for flag in Flag.objects.all():
        acknowledge(flag=flag, by=desk.by, note="in hand")
    assert digest.send_all(day=TODAY) == NOBODY, "nothing of it is due"
    Flag.objects.update(acknowledged_at=None)
    desk.by.email = ""
    desk.by.save()
    assert digest.send_all(day=TODAY) == NOBODY
    desk.by.email = "x@example.com"
    desk.by.is_active = False
    desk.by.save()
    assert digest.send_all(day=TODAY) == NOBODY
    assert mail.outbox == []


def test_a_mail_that_was_refused_gives_its_claim_back(desk: Desk, settings: Any) -> None:
    settings.EMAIL_BACKEND = "no.such.backend"
    assert digest.send_all(day=TODAY) == Sending(sent=0, refused=1)
    assert not Digest.objects.exists()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert digest.send_all(day=TODAY) == Sending(sent=1, refused=0)


def test_the_task_tries_a_refused_mail_again_the_same_day(desk: Desk, settings: Any) -> None:
    other = Desk(a_customer(owner=a_user(role=Role.SALESPERSON)))
    other.invoice(100, "2026-01-01")
    raise_flags(as_of=TODAY)
    settings.EMAIL_BACKEND = "tests.flags.test_digest.Refusing"
    Refusing.left = 2
    send_digests.apply(args=(TODAY.isoformat(),))
    assert sorted(sent.to[0] for sent in mail.outbox) == sorted([desk.by.email, other.by.email])
    assert Digest.objects.filter(day=TODAY, sent_at__isnull=False).count() == 2


def test_a_refused_mail_waits_longer_each_time_and_less_than_a_task_may_wait(
    desk: Desk, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMAIL_BACKEND = "no.such.backend"
    waits: list[int] = []
    task: Any = send_digests

    def retry(*, args: tuple[str], countdown: int) -> Exception:
        waits.append(countdown)
        return ValueError("again")

    monkeypatch.setattr(task, "retry", retry)
    for retries in range(6):
        task.push_request(retries=retries)
        with pytest.raises(ValueError, match="again"):
            task.run(TODAY.isoformat())
        task.pop_request()
    assert waits == [600, 1200, 2400, 3000, 3000, 3000]
    assert max(waits) < settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]


def test_a_worker_killed_after_its_claim_never_mails_twice(desk: Desk) -> None:
    Digest.objects.create(user=desk.by, day=TODAY)
    assert digest.send_all(day=TODAY) == NOBODY
    assert mail.outbox == []


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_mail_everyone_once(desk: Desk) -> None:
    for _n in range(5):
        Desk(a_customer(owner=a_user(role=Role.SALESPERSON))).invoice(100, "2026-01-01")
    raise_flags(as_of=TODAY)
    together = Barrier(4)

    def send(_n: int) -> int:
        try:
            together.wait(10)
            return digest.send_all(day=TODAY).sent
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(send, range(4))) == 6
    assert len({sent.to[0] for sent in mail.outbox}) == len(mail.outbox) == 6
