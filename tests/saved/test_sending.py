"""Views mailed as workbooks: each recipient's own rows, once, and failures that are told."""

from datetime import timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.utils import timezone

from config.saved import sending
from config.saved.errors import ViewRefused
from config.saved.models import LEASE, Delivery, Schedule
from config.saved.sending import send_due
from config.saved.services import save_schedule, send_soon
from customers.models import Role, User
from tests.build import a_customer, a_user
from tests.ledger.desk import Desk
from tests.saved.building import DAILY, a_due_schedule, a_view, column

pytestmark = pytest.mark.django_db


@pytest.fixture
def finance() -> User:
    return a_user(Role.FINANCE)


def delivered() -> list[tuple[bool, int, str]]:
    return list(Delivery.objects.order_by("pk").values_list("sent", "rows", "error"))


def test_a_view_that_is_due_arrives_with_the_rows_of_its_filter(finance: User) -> None:
    for name in ("Blue Mill", "Blue Sky", "Red Barn"):
        a_customer(name=name)
    schedule = a_due_schedule(a_view(finance, address="/customers/?q=Blue&columns=name,balance&sort=-name"))
    assert send_due() == 1
    [sent] = mail.outbox
    assert sent.to == [finance.email]
    assert column(sent) == ["Blue Sky", "Blue Mill"]
    assert "2 rows" in sent.body
    assert "/customers/?q=Blue&columns=name,balance&sort=-name" in sent.body
    assert delivered() == [(True, 2, "")]
    schedule.refresh_from_db()
    assert schedule.next_run > timezone.now()
    assert schedule.claimed_at is None
    assert send_due() == 0
    assert len(mail.outbox) == 1


def test_each_recipient_receives_the_rows_that_are_theirs(finance: User) -> None:
    wang, li = a_user(Role.SALESPERSON), a_user(Role.SALESPERSON)
    a_customer(name="Blue Mill", owner=wang)
    a_customer(name="Blue Sky", owner=li)
    a_due_schedule(a_view(finance), finance, wang, li)
    assert send_due() == 3
    assert {sent.to[0]: column(sent) for sent in mail.outbox} == {
        finance.email: ["Blue Mill", "Blue Sky"],
        wang.email: ["Blue Mill"],
        li.email: ["Blue Sky"],
    }


def test_a_mail_is_written_in_the_language_of_its_reader(finance: User) -> None:
    finance.language = "zh-hans"
    finance.save()
    a_customer(name="Blue Mill")
    a_due_schedule(a_view(finance))
    send_due()
    assert column(mail.outbox[0]) == ["Blue Mill"]
    [(name, _content, _type)] = mail.outbox[0].attachments
    assert str(name).startswith("客户")


def test_the_aging_report_is_sent_as_its_own_workbook(finance: User) -> None:
    owner = a_user(Role.SALESPERSON)
    Desk(a_customer(name="Blue Mill", owner=owner)).invoice(100, "2026-01-05")
    a_due_schedule(a_view(finance, address="/aging/?by=salesperson", name="aging"))
    assert send_due() == 1
    [(name, content, _type)] = mail.outbox[0].attachments
    assert name.endswith(".xlsx")
    assert content[:2] == b"PK"
    assert delivered() == [(True, 1, "")]


def test_a_large_aging_report_is_made_here_and_not_by_another_job(
    finance: User, monkeypatch: pytest.MonkeyPatch, sent_tasks: list[Any]
) -> None:
    monkeypatch.setattr("aging.workbook.LARGE", 0)
    Desk(a_customer(owner=a_user(Role.SALESPERSON))).invoice(100, "2026-01-05")
    a_due_schedule(a_view(finance, address="/aging/", name="aging"))
    assert send_due() == 1
    assert sent_tasks == []


@pytest.mark.parametrize(
    ("change", "said"),
    [({"is_active": False}, "no longer active"), ({"email": ""}, "no e-mail address")],
)
def test_who_cannot_be_mailed_is_told_to_the_owner_and_the_others_are_sent(
    finance: User, change: dict[str, Any], said: str
) -> None:
    other = a_user(Role.FINANCE)
    a_due_schedule(a_view(finance), finance, other)
    User.objects.filter(pk=other.pk).update(**change)
    assert send_due() == 1
    assert [sent.to for sent in mail.outbox] == [[finance.email]]
    [_own, (sent, _rows, error)] = delivered()
    assert not sent
    assert said in error


def test_nothing_goes_out_for_an_owner_who_has_left(finance: User) -> None:
    other = a_user(Role.FINANCE)
    a_due_schedule(a_view(finance), other)
    User.objects.filter(pk=finance.pk).update(is_active=False)
    assert send_due() == 0
    assert mail.outbox == []
    assert "no longer active" in delivered()[0][2]


def test_a_page_that_the_recipient_may_not_open_is_not_sent(finance: User) -> None:
    salesperson = a_user(Role.SALESPERSON)
    view = a_view(finance)
    schedule = a_due_schedule(view, salesperson)
    type(view).objects.filter(pk=view.pk).update(path="/nowhere/")
    assert send_due() == 0
    assert "no longer there" in delivered()[0][2]
    schedule.refresh_from_db()
    assert schedule.next_run > timezone.now()


def test_a_list_that_is_too_long_for_a_file_says_so(finance: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.lists.exporting.LARGEST", 0)
    a_customer(name="Blue Mill")
    a_due_schedule(a_view(finance))
    assert send_due() == 0
    assert "narrow the filters" in delivered()[0][2]


def test_a_mail_server_that_is_away_is_asked_again_and_nobody_is_mailed_twice(
    finance: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = a_user(Role.FINANCE)
    schedule = a_due_schedule(a_view(finance), finance, other)
    plain = EmailMessage.send

    def send(self: EmailMessage, *args: Any) -> Any:
        if self.to == [other.email]:
            raise SMTPServerDisconnected("away")
        return plain(self, *args)

    monkeypatch.setattr(EmailMessage, "send", send)
    assert send_due() == 1
    assert send_due() == 0, "it is still claimed"
    monkeypatch.setattr(EmailMessage, "send", plain)
    assert send_due(now=timezone.now() + LEASE + timedelta(seconds=1)) == 1
    assert [sent.to[0] for sent in mail.outbox] == [finance.email, other.email]
    schedule.refresh_from_db()
    assert schedule.tries == 0


def test_a_mail_server_that_stays_away_is_given_up_and_told(finance: User, monkeypatch: pytest.MonkeyPatch) -> None:
    schedule = a_due_schedule(a_view(finance))

    def send(self: EmailMessage, *args: Any) -> Any:
        raise ConnectionRefusedError("nobody there")

    monkeypatch.setattr(EmailMessage, "send", send)
    for n in range(sending.MOST_TRIES):
        assert delivered() == []
        send_due(now=timezone.now() + n * (LEASE + timedelta(minutes=1)))
    [(sent, _rows, error)] = delivered()
    assert not sent
    assert "nobody there" in error
    schedule.refresh_from_db()
    assert schedule.next_run > timezone.now()


def test_a_full_disk_is_not_taken_for_the_mail_server(finance: User, monkeypatch: pytest.MonkeyPatch) -> None:
    schedule = a_due_schedule(a_view(finance))

    def no_space(*asked: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(sending, "workbook_of", no_space)
    assert send_due() == 0
    [(sent, _rows, error)] = delivered()
    assert not sent
    assert "on our side" in error
    schedule.refresh_from_db()
    assert schedule.next_run > timezone.now()


def test_a_claimed_schedule_is_left_to_whoever_claimed_it(finance: User) -> None:
    schedule = a_due_schedule(a_view(finance))
    Schedule.objects.filter(pk=schedule.pk).update(claimed_at=timezone.now())
    assert send_due() == 0
    Schedule.objects.filter(pk=schedule.pk).update(claimed_at=timezone.now() - LEASE - timedelta(seconds=1))
    assert send_due() == 1


def test_a_killed_worker_sends_no_mail_again_that_was_noted(finance: User) -> None:
    other = a_user(Role.FINANCE)
    schedule = a_due_schedule(a_view(finance), finance, other)
    Delivery.objects.create(schedule=schedule, user=finance, run=schedule.next_run, sent=True, rows=1)
    Schedule.objects.filter(pk=schedule.pk).update(claimed_at=timezone.now() - LEASE - timedelta(seconds=1))
    assert send_due() == 1
    assert [sent.to for sent in mail.outbox] == [[other.email]]


def test_a_schedule_that_was_changed_meanwhile_keeps_its_new_time(finance: User, monkeypatch: Any) -> None:
    view = a_view(finance)
    a_due_schedule(view)
    plain = sending._send

    def send(*args: Any) -> int:
        save_schedule(view=view, rule=DAILY, recipients=[finance])
        Schedule.objects.update(next_run=timezone.now() + timedelta(days=3))
        return plain(*args)

    monkeypatch.setattr(sending, "_send", send)
    send_due()
    assert Schedule.objects.get().next_run > timezone.now() + timedelta(days=2)


@pytest.mark.parametrize("change", [{"is_active": False}, {"email": ""}])
def test_who_cannot_be_mailed_is_refused_as_recipient(finance: User, change: dict[str, Any]) -> None:
    other = a_user(Role.FINANCE, **change)
    view = a_view(finance)
    with pytest.raises(ViewRefused):
        save_schedule(view=view, rule=DAILY, recipients=[other])
    with pytest.raises(ViewRefused):
        save_schedule(view=view, rule=DAILY, recipients=[])
    assert not Schedule.objects.exists()


def test_a_page_without_rows_cannot_be_sent(finance: User) -> None:
    view = a_view(finance, address="/desk/", name="desk")
    with pytest.raises(ViewRefused):
        save_schedule(view=view, rule=DAILY, recipients=[finance])


def test_a_view_is_not_sent_again_by_hand_right_after_a_mail_of_it(finance: User) -> None:
    view = a_view(finance)
    schedule = a_due_schedule(view)
    assert send_due() == 1
    planned = Schedule.objects.get().next_run
    with pytest.raises(ViewRefused, match="within the last hour"):
        send_soon(view=view)
    assert Schedule.objects.get().next_run == planned
    Delivery.objects.filter(schedule=schedule).update(at=timezone.now() - timedelta(minutes=61))
    send_soon(view=view)
    assert send_due() == 1
    assert len(mail.outbox) == 2
