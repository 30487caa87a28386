"""What somebody gave the customer by themselves: the link that was made, or the paper."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from ledger.errors import KeyReused, NotPermitted
from reconciliation.statements.answering import Words, answer_by_link
from reconciliation.statements.errors import StatementRefused
from reconciliation.statements.making import withdraw
from reconciliation.statements.models import Dispatch, State
from reconciliation.statements.sending import equip, note_passed_on
from tests.build import a_user
from tests.reconciliation.statements.building import a_link, a_statement, an_account, path_of
from tests.reconciliation.statements.test_pages import signed_in, state_of

pytestmark = pytest.mark.django_db


def test_a_link_that_was_made_is_sent_when_somebody_says_so_or_it_is_opened() -> None:
    desk = an_account()
    statement = a_statement(desk.customer)
    sent = a_link(statement)
    client, page = signed_in(desk.by), f"/reconciliation/statements/{statement.pk}/"
    today = timezone.localdate()
    refused: list[Any] = [
        {"way": "pigeon", "day": today},
        {"way": "post", "day": today + timedelta(days=1)},
        {"way": "post", "day": today - timedelta(days=1)},
    ]
    for wrong in refused:
        assert client.post(f"{page}passed-on/", {**wrong, "key": uuid4()}).status_code == 200
        with pytest.raises(StatementRefused):
            note_passed_on(by=desk.by, statement=statement, key=uuid4(), **wrong)
    with pytest.raises(NotPermitted):
        note_passed_on(by=a_user(), statement=statement, way="post", day=today, key=uuid4())
    assert state_of(statement) == State.LINKED
    assert client.post(f"{page}passed-on/", {"way": "messenger", "day": today, "key": uuid4()}).status_code == 302
    [row] = Dispatch.objects.all()
    assert (row.way, row.told_by, timezone.localdate(row.sent_at)) == ("messenger", desk.by, today)
    assert state_of(statement) == State.SENT
    # It is opened later, and nobody says otherwise afterwards.
    visitor = Client()
    visitor.get(visitor.get(path_of(sent))["Location"])
    assert state_of(statement) == State.OPENED
    with pytest.raises(DatabaseError), transaction.atomic():
        Dispatch.objects.update(way="post")
    # Of one that was opened before, the day of the opening stays.
    other = a_statement(desk.customer)
    visitor.get(visitor.get(path_of(a_link(other)))["Location"])
    opened = Dispatch.objects.get(statement=other)
    assert opened.sent_at == opened.opened_at
    assert note_passed_on(by=desk.by, statement=other, way="person", day=today, key=uuid4()).sent_at == opened.sent_at


def test_the_paper_itself_may_be_passed_on_and_does_not_expire() -> None:
    desk = an_account()
    statement = a_statement(desk.customer)
    row = note_passed_on(by=desk.by, statement=statement, way="post", day=timezone.localdate(), key=uuid4())
    assert (row.channel, row.is_link) == ("hand", False)
    assert state_of(statement, days=400) == State.SENT
    shown = signed_in(desk.by).get(f"/reconciliation/statements/{statement.pk}/").content.decode()
    assert f"/revoke/{row.pk}/" not in shown


def test_the_same_form_twice_notes_one_way() -> None:
    desk, today = an_account(), timezone.localdate()
    client = signed_in(desk.by)
    for has_link in (False, True):
        statement = a_statement(desk.customer)
        if has_link:
            a_link(statement)
        page = f"/reconciliation/statements/{statement.pk}/"
        shown = client.get(page).content.decode()
        key = shown.partition('id="passed-on"')[2].partition('name="key" value="')[2].partition('"')[0]
        for way, status in (("post", 302), ("post", 302), ("person", 200)):
            assert client.post(f"{page}passed-on/", {"way": way, "day": today, "key": key}).status_code == status
        [row] = Dispatch.objects.filter(statement=statement)
        assert (row.way, row.channel) == ("post", "link" if has_link else "hand")
        with pytest.raises(KeyReused):
            note_passed_on(by=desk.by, statement=statement, way="person", day=today, key=UUID(key))
        with pytest.raises(DatabaseError), transaction.atomic():
            Dispatch.objects.filter(pk=row.pk).update(job=uuid4())
        assert client.post(f"{page}passed-on/", {"way": "post", "day": today}).status_code == 200


def test_of_two_links_the_one_that_was_there_on_the_day() -> None:
    desk, now = an_account(), timezone.now()
    statement = a_statement(desk.customer, now=now - timedelta(days=3))
    older, newer = Dispatch(statement=statement, channel="link", by=desk.by), a_link(statement).dispatch
    equip(older, now=now - timedelta(days=2))
    older.save(force_insert=True)
    day = timezone.localdate(now) - timedelta(days=1)
    told = note_passed_on(by=desk.by, statement=statement, way="messenger", day=day, key=uuid4())
    assert told == older
    assert told.sent_at is not None
    assert timezone.localdate(told.sent_at) == day
    today = timezone.localdate(now)
    assert note_passed_on(by=desk.by, statement=statement, way="post", day=today, key=uuid4()) == newer


def test_what_was_answered_or_withdrawn_meanwhile_is_not_sent() -> None:
    desk, today = an_account(), timezone.localdate()
    for ends in (True, False):
        stale = a_statement(desk.customer)
        sent = a_link(stale).dispatch
        if ends:
            withdraw(by=desk.by, statement=stale, reason="wrong")
        else:
            answer_by_link(dispatch=sent, words=Words("agrees", "李"), address="", user_agent="")
        with pytest.raises(StatementRefused):
            note_passed_on(by=desk.by, statement=stale, way="post", day=today, key=uuid4())
        assert Dispatch.objects.get(statement=stale).way == ""


def test_the_day_is_called_by_its_name_in_chinese() -> None:
    desk = an_account()
    client, statement = signed_in(desk.by), a_statement(desk.customer)
    client.cookies["django_language"] = "zh-hans"
    shown = client.get(f"/reconciliation/statements/{statement.pk}/").content.decode()
    assert '<label for="id_passed_day">发出日期' in shown
