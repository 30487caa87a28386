"""The customer answers once; what is kept of it, and what is refused."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from ledger.errors import FileRefused
from ledger.models import Entry
from reconciliation.statements.answering import (
    MOST_LINES,
    Marked,
    Words,
    answer_by_link,
    answer_on_paper,
)
from reconciliation.statements.errors import AnswerRefused
from reconciliation.statements.forms_public import MarkForm
from reconciliation.statements.models import Answer, AnswerFile, Evidence, Statement
from tests.ledger.desk import money
from tests.reconciliation.statements.building import (
    a_demand,
    a_link,
    a_statement,
    a_visitor,
    an_account,
    key_of,
)

pytestmark = pytest.mark.django_db
AGREES, DIFFERS = Answer.Verdict.AGREES, Answer.Verdict.DIFFERS
PHOTO = b"\xff\xd8\xff photo of a stamped reply"


def a_scan(content: bytes = PHOTO, name: str = "reply.jpg") -> tuple[str, Any]:
    return AnswerFile.Kind.REPLY, SimpleUploadedFile(name, content)


class TestAgrees:
    def test_what_is_kept(self, settings: Any) -> None:
        settings.PROXIES = 1
        statement = a_statement(an_account().customer)
        sent = a_link(statement)
        client, page = a_visitor(sent)
        key = key_of(client.get(page))
        facts = {"key": key, "name": "李会计", "position": "财务主管"}
        headers = {"User-Agent": "A phone", "X-Forwarded-For": "198.51.100.7, 203.0.113.5"}
        assert client.post(page, facts, headers=headers).status_code == 302
        answer = Answer.objects.get()
        assert (answer.verdict, answer.name, answer.position) == (AGREES, "李会计", "财务主管")
        # The address that our own proxy saw, not what came with the request.
        assert (answer.address, answer.user_agent) == ("203.0.113.5", "A phone")
        assert (answer.sha256, answer.closing, answer.dispatch) == (
            statement.sha256,
            statement.closing,
            sent.dispatch,
        )
        sent.dispatch.refresh_from_db()
        assert sent.dispatch.opened_at is not None
        shown = client.get(page).content.decode()
        assert "李会计" in shown
        assert "<form" not in shown

    def test_only_once_whoever_tries_and_however(self) -> None:
        desk = an_account()
        statement = a_statement(desk.customer)
        one, other = a_link(statement), a_link(statement)
        client, page = a_visitor(one)
        stranger, strangers = a_visitor(other)
        key, his = key_of(client.get(page)), key_of(stranger.get(strangers))
        client.post(page, {"key": key, "name": "李会计"})
        # A double click, a second link, the other answer, a scan: the first stands.
        assert "李会计" in client.post(page, {"key": key, "name": "Somebody"}).content.decode()
        stranger.post(strangers, {"key": his, "name": "Mallory"})
        stranger.post(f"{strangers}differs/", {"key": his, "name": "Mallory", "line": ""})
        with pytest.raises(AnswerRefused):
            answer_on_paper(by=desk.by, statement=statement, words=Words(DIFFERS, "王", files=[a_scan()]))
        answer = Answer.objects.get()
        assert (answer.name, answer.verdict) == ("李会计", AGREES)
        assert not AnswerFile.objects.exists()

    def test_the_database_has_one_answer_and_never_changes_it(self) -> None:
        statement = a_statement(an_account().customer)
        sent = a_link(statement)
        answer = answer_by_link(dispatch=sent.dispatch, words=Words(AGREES, "李"), address="", user_agent="")
        facts = {"name": "x", "at": timezone.now(), "sha256": statement.sha256, "closing": statement.closing}
        attacks: list[Any] = [
            lambda: Answer.objects.create(statement=statement, verdict=DIFFERS, dispatch=sent.dispatch, **facts),
            lambda: Answer.objects.filter(pk=answer.pk).update(verdict=DIFFERS),
            answer.delete,
            lambda: Evidence.objects.update(restarts_limitation=True),
            lambda: Statement.objects.filter(pk=statement.pk).update(closing=0),
            lambda: statement.delete(),
            lambda: type(sent.dispatch).objects.update(token_hash="0" * 64),
            lambda: type(sent.dispatch).objects.update(sent_at=timezone.now()),
        ]
        for attack in attacks:
            with pytest.raises(DatabaseError), transaction.atomic():
                attack()
        assert Answer.objects.get().verdict == AGREES

    def test_an_answer_is_to_the_very_document_by_a_link_of_its_own(self) -> None:
        desk = an_account()
        statement, other = a_statement(desk.customer), a_statement(desk.customer)
        sent = a_link(other)
        facts = {"verdict": AGREES, "name": "x", "at": timezone.now(), "closing": statement.closing}
        for wrong in ({"sha256": "0" * 64}, {"sha256": statement.sha256}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Answer.objects.create(statement=statement, dispatch=sent.dispatch, **facts, **wrong)

    def test_a_post_from_another_site_has_no_key(self) -> None:
        client, page = a_visitor(a_link(a_statement(an_account().customer)))
        mine, of_mine = a_visitor(a_link(a_statement(an_account(mark="x").customer)))
        for key in ("", "wrong", key_of(mine.get(of_mine))):
            assert client.post(page, {"key": key, "name": "Mallory"}).status_code == 404
        assert not Answer.objects.exists()

    def test_what_is_missing_is_said_and_nothing_is_kept(self) -> None:
        client, page = a_visitor(a_link(a_statement(an_account().customer, language="en")))
        key = key_of(client.get(page))
        assert client.post(page, {"key": key, "name": " "}).status_code == 200
        assert client.post(page, {"key": key, "name": "李", "promised_amount": "5"}).status_code == 200
        past = (timezone.localdate() - timedelta(days=1)).isoformat()
        shown = client.post(page, {"key": key, "name": "李", "promised_on": past}).content.decode()
        assert "That day is over" in shown
        assert not Answer.objects.exists()


class TestDiffers:
    def test_lines_are_marked_and_missing_ones_named(self) -> None:
        desk = an_account()
        client, page = a_visitor(a_link(a_statement(desk.customer)))
        key = key_of(client.get(page))
        numbers = dict(Entry.objects.values_list("number", "pk"))
        lines = [str(numbers[number]) for number in ("FH-2", "SK-1", "QC-1")]
        asked = client.post(f"{page}differs/", {"key": key, "line": lines}).content.decode()
        assert all(f'name="line-{line}-kind"' in asked for line in lines)
        sheet = SimpleUploadedFile("我们的账.csv", "日期,金额\n2026-07-10,300".encode("gbk"))
        facts = {
            "key": key,
            "line": lines,
            "name": "李会计",
            f"line-{lines[0]}-kind": "unknown",
            f"line-{lines[1]}-kind": "wrong",
            f"line-{lines[1]}-amount": "250.00",
            f"line-{lines[2]}-kind": "paid",
            f"line-{lines[2]}-date": "2026-07-02",
            f"line-{lines[2]}-note": "转账",
            "missing-0-document": "SK-77",
            "missing-0-amount": "-40",
            "files": sheet,
        }
        assert client.post(f"{page}differs/", facts).status_code == 302
        answer = Answer.objects.get()
        said = {one.document: (one.kind, one.amount, one.note) for one in answer.lines.all()}
        assert said == {
            "发货 FH-2": ("unknown", None, ""),
            "回款 SK-1 · 2026081500001": ("wrong", money(250), ""),
            "期初余额 QC-1": ("paid", None, "转账"),
            "SK-77": ("missing", money(-40), ""),
        }
        [kept] = answer.files.all()
        assert (kept.kind, kept.name, kept.suffix) == ("list", "我们的账.csv", ".csv")
        assert "SK-77" in client.get(page).content.decode()

    def test_as_many_lines_as_may_be_marked_arrive_in_one_post(self) -> None:
        client, page = a_visitor(a_link(a_statement(an_account().customer)))
        facts: dict[str, Any] = {"key": key_of(client.get(page)), "name": "李会计", "line": [*range(MOST_LINES)]}
        facts["note"] = "None of these"
        for name in MarkForm.base_fields:
            facts |= {f"line-{n}-{name}": "unknown" if name == "kind" else "" for n in range(MOST_LINES)}
        assert client.post(f"{page}differs/", facts).status_code == 302
        assert Answer.objects.get().verdict == DIFFERS

    def test_an_answer_that_says_nothing_of_what_differs_is_refused(self) -> None:
        statement = a_statement(an_account().customer, language="en")
        sent = a_link(statement)
        client, page = a_visitor(sent)
        facts = {"key": key_of(client.get(page)), "name": "李", "note": "  "}
        shown = client.post(f"{page}differs/", facts)
        assert shown.status_code == 200
        assert '<a href="#id_note">Remark: Say what does not agree' in shown.content.decode()
        with pytest.raises(AnswerRefused) as refusal:
            answer_by_link(dispatch=sent.dispatch, words=Words(DIFFERS, "李"), address="", user_agent="")
        assert refusal.value.field == "note"
        assert not Answer.objects.exists()
        # A remark is enough.
        assert client.post(f"{page}differs/", {**facts, "note": "call us"}).status_code == 302

    def test_no_line_of_another_customer_can_be_marked(self) -> None:
        desk, other = an_account(), an_account(mark="x")
        sent = a_link(a_statement(desk.customer))
        foreign = Entry.objects.filter(customer=other.customer).earliest("pk").pk
        words = Words(DIFFERS, "李", lines=[Marked("unknown", foreign)])
        with pytest.raises(AnswerRefused):
            answer_by_link(dispatch=sent.dispatch, words=words, address="", user_agent="")
        assert not Answer.objects.exists()

    @pytest.mark.parametrize(
        ("name", "content"),
        [("list.xlsx", b"MZ a program"), ("list.html", b"<script>"), ("a.csv", b"\x00\x01"), ("scan.pdf", b"")],
    )
    def test_a_file_that_is_none_of_ours_is_refused_and_nothing_is_kept(self, name: str, content: bytes) -> None:
        sent = a_link(a_statement(an_account().customer))
        files = [(AnswerFile.Kind.LIST, SimpleUploadedFile(name, content))]
        with pytest.raises(FileRefused):
            answer_by_link(dispatch=sent.dispatch, words=Words(DIFFERS, "李", files=files), address="", user_agent="")
        assert not Answer.objects.exists()


class TestEvidence:
    def test_a_balance_alone_restarts_nothing(self) -> None:
        sent = a_link(a_statement(an_account().customer))
        answer_by_link(dispatch=sent.dispatch, words=Words(AGREES, "李"), address="", user_agent="")
        [proof] = Evidence.objects.all()
        assert (proof.kind, str(proof.amount), proof.restarts_limitation) == ("agreed", "680.00", False)

    def test_a_demand_that_was_answered_and_a_promise_do(self) -> None:
        desk = an_account()
        statement = a_statement(desk.customer, demand_by=a_demand())
        day = timezone.localdate() + timedelta(days=20)
        words = Words(DIFFERS, "李", note="80 is not ours", promised_on=day, promised_amount=statement.overdue)
        answer_by_link(dispatch=a_link(statement).dispatch, words=words, address="", user_agent="")
        said = {proof.kind: (str(proof.amount), proof.restarts_limitation) for proof in Evidence.objects.all()}
        assert said == {
            "differed": ("680.00", False),
            "demanded": ("600.00", True),
            "promised": ("600.00", True),
        }
        assert {proof.sha256 for proof in Evidence.objects.all()} == {statement.sha256}


class TestPromise:
    def test_no_more_than_is_owed_is_promised_and_the_field_is_shown_and_named(self) -> None:
        statement = a_statement(an_account().customer, language="en")
        sent = a_link(statement)
        client, page = a_visitor(sent)
        shown = client.get(page).content.decode()
        assert "Amount (CNY)" in shown
        assert '<details class="public-more">' in shown
        facts = {"key": key_of(client.get(page)), "name": "李"}
        past = (timezone.localdate() - timedelta(days=1)).isoformat()
        for wrong, field in (
            ({"promised_amount": "680.01", "promised_on": a_demand().isoformat()}, "promised_amount"),
            ({"promised_amount": "680"}, "promised_on"),
            ({"promised_on": past}, "promised_on"),
        ):
            shown = client.post(page, {**facts, **wrong}).content.decode()
            assert '<details class="public-more" open>' in shown
            assert f'href="#id_{field}"' in shown
        for amount in ("680.01", "0", "-5"):
            words = Words(AGREES, "李", promised_on=a_demand(), promised_amount=money(amount))
            with pytest.raises(AnswerRefused):
                answer_by_link(dispatch=sent.dispatch, words=words, address="", user_agent="")
        assert not Answer.objects.exists()

    def test_where_nothing_is_owed_nothing_is_promised(self) -> None:
        desk = an_account()
        desk.payment(900, "2026-09-25")
        sent = a_link(a_statement(desk.customer, language="en"))
        client, page = a_visitor(sent)
        assert "promised_on" not in client.get(page).content.decode()
        words = Words(AGREES, "李", promised_on=a_demand())
        with pytest.raises(AnswerRefused):
            answer_by_link(dispatch=sent.dispatch, words=words, address="", user_agent="")
        stated = sent.dispatch.statement
        facts = {"sha256": stated.sha256, "closing": stated.closing, "dispatch": sent.dispatch, "name": "x"}
        with pytest.raises(IntegrityError), transaction.atomic():
            Answer.objects.create(
                statement=stated, verdict=AGREES, at=timezone.now(), promised_on=a_demand(), **facts
            )
        assert not Answer.objects.exists()
