"""A reply that came back on paper: its scan, and the day from which it counts."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone, translation

from ledger.errors import LedgerError, NotPermitted
from reconciliation.statements.answering import Words, add_files, answer_on_paper, why_too_early
from reconciliation.statements.errors import AnswerRefused
from reconciliation.statements.forms import PaperForm
from reconciliation.statements.making import withdraw
from reconciliation.statements.models import Answer, Evidence
from tests.build import a_user
from tests.reconciliation.statements.building import a_demand, a_statement, an_account
from tests.reconciliation.statements.test_answer import AGREES, PHOTO, a_scan

pytestmark = pytest.mark.django_db


class TestScan:
    def test_a_stamped_reply_is_an_answer_with_its_scan(self) -> None:
        desk = an_account()
        statement = a_statement(desk.customer)
        answer = answer_on_paper(by=desk.by, statement=statement, words=Words(AGREES, "李会计", files=[a_scan()]))
        assert (answer.recorded_by, answer.dispatch, answer.files.get().kind) == (desk.by, None, "reply")
        # Another page is added; the same one is there already.
        add_files(by=desk.by, answer=answer, files=[a_scan(), a_scan(PHOTO + b"2")])
        assert answer.files.count() == 2

    def test_not_without_a_scan_nor_by_somebody_else(self) -> None:
        desk = an_account()
        statement = a_statement(desk.customer)
        with pytest.raises(AnswerRefused):
            answer_on_paper(by=desk.by, statement=statement, words=Words(AGREES, "李"))
        for stranger in (a_user(), a_user("auditor")):
            with pytest.raises(NotPermitted):
                answer_on_paper(by=stranger, statement=statement, words=Words(AGREES, "李", files=[a_scan()]))
        withdraw(by=desk.by, statement=statement, reason="wrong")
        with pytest.raises(LedgerError):
            answer_on_paper(by=desk.by, statement=statement, words=Words(AGREES, "李", files=[a_scan()]))
        assert not Answer.objects.exists()


class TestDay:
    def test_a_paper_counts_from_the_day_that_stands_on_it(self) -> None:
        desk = an_account()
        today, made = timezone.localdate(), timezone.now() - timedelta(days=9)
        statement = a_statement(desk.customer, demand_by=a_demand(), now=made)
        was_made = timezone.localdate(made)
        before = was_made - timedelta(days=1)
        words: Any = {"verdict": AGREES, "name": "李", "files": [a_scan()]}
        for day in (today + timedelta(days=1), before, statement.last_date - timedelta(days=1)):
            with pytest.raises(AnswerRefused) as refusal:
                answer_on_paper(by=desk.by, statement=statement, words=Words(**words, paper_on=day))
            assert refusal.value.field == "paper_on"
        assert not Answer.objects.exists()
        client, page = Client(), f"/reconciliation/statements/{statement.pk}/reply/"
        client.force_login(desk.by)
        shown = client.get(f"{page}?lang=en").content.decode()
        assert all(said in shown for said in (f'value="{today}"', f'min="{was_made}"'))
        asked = {"verdict": AGREES, "name": "李", "promised_on": today}
        early = {**asked, "paper_on": before, "files": a_scan()[1]}
        assert client.post(page, early).status_code == 200
        assert not Answer.objects.exists()
        assert client.post(page, {**asked, "paper_on": was_made, "files": a_scan()[1]}).status_code == 302
        answer = Answer.objects.get()
        assert (answer.paper_on, answer.day) == (was_made, was_made)
        assert {(one.kind, one.day) for one in Evidence.objects.all()} == {
            (kind, was_made) for kind in ("agreed", "demanded", "promised")
        }

    def test_the_database_takes_no_paper_of_a_day_before_its_statement(self) -> None:
        desk = an_account()
        statement = a_statement(desk.customer)
        facts = {"verdict": AGREES, "name": "x", "at": timezone.now(), "recorded_by": desk.by}
        facts |= {"statement": statement, "sha256": statement.sha256, "closing": statement.closing}
        # It does not know the firm's time zone: one day before it lets pass.
        for day in (timezone.now().date() - timedelta(days=2), statement.last_date - timedelta(days=1)):
            with pytest.raises(IntegrityError), transaction.atomic():
                Answer.objects.create(paper_on=day, **facts)
        assert Answer.objects.create(paper_on=timezone.localdate(), **facts).pk

    def test_why_a_day_is_too_early_is_said_in_words(self) -> None:
        made = timezone.now() - timedelta(days=9)
        statement = a_statement(an_account().customer, now=made)
        with translation.override("en"):
            was_made = timezone.localdate(made)
            assert why_too_early(statement, was_made) == ""
            assert "was made on" in why_too_early(statement, was_made - timedelta(days=1))
            assert "runs to 30 Sep 2026" in why_too_early(statement, date(2026, 9, 29))
            form = PaperForm({"promised_amount": "5"}, statement=statement)
            assert form.errors["promised_on"] == ["Give the day of the promise."]
