"""Many people at one line, one answer, one file, one month: threads on PostgreSQL, each with its connection."""

import uuid
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Sum
from django.test import Client
from django.utils import timezone

from customers.models import Role
from ledger.errors import LedgerError
from ledger.models import Entry, Kind, PeriodClose
from ledger.verification import breaches
from reconciliation.bank.comparing import Taken
from reconciliation.bank.intake import take
from reconciliation.bank.models import BankLine, BankStatement
from reconciliation.closing.services import close_month
from reconciliation.matching.accepting import Outcome, Wanted
from reconciliation.matching.claiming import approve, claim, release
from reconciliation.matching.models import AsideKind, Match, SetAside
from reconciliation.matching.undoing import set_aside
from reconciliation.statements.answering import Words, answer_by_link
from reconciliation.statements.models import Answer, Dispatch, Draft, Evidence
from reconciliation.statements.sending import note_passed_on
from tests.build import a_user
from tests.ledger.desk import day, money
from tests.ledger.test_concurrency import THREADS, all_at_once
from tests.reconciliation.bank.building import an_account
from tests.reconciliation.bank.files import CSV, a_file
from tests.reconciliation.matching.till import Till, broken, opened, recorded
from tests.reconciliation.statements.building import a_link, a_statement, a_visitor, key_of
from tests.reconciliation.statements.building import an_account as an_account_of_a_customer

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def unexpected(results: list[object]) -> list[object]:
    """What is no refusal in words: a deadlock, a constraint that nobody translated."""
    return [one for one in results if isinstance(one, Exception) and not isinstance(one, LedgerError)]


def test_one_line_that_sixteen_people_accept_is_matched_once() -> None:
    till = Till()
    line, paid = till.line(100), till.payment(100)
    results = all_at_once(lambda _n: till.accept(line, recorded(paid)))
    assert unexpected(results) == []
    assert sum(isinstance(one, Outcome) for one in results) >= 1
    assert (Match.objects.count(), opened(line), broken()) == (1, money(0), [])


def test_one_payment_that_sixteen_lines_show_is_matched_once() -> None:
    till = Till()
    lines, paid = [till.line(100) for _ in range(THREADS)], till.payment(100)
    results = all_at_once(lambda n: till.accept(lines[n], recorded(paid)))
    assert unexpected(results) == []
    assert Match.objects.aggregate(total=Sum("amount"))["total"] == money(100)
    assert (BankLine.objects.filter(open_amount=0).count(), broken()) == (1, [])


def test_a_line_that_is_posted_and_set_aside_at_once_is_one_of_both() -> None:
    till = Till()
    line = till.line(100)
    wanted = Wanted(till.customer.pk, money(100))

    def act(n: int) -> object:
        if n % 2:
            return set_aside(line=line, by=till.finance, kind=AsideKind.values[0], reason="interest")
        return till.accept(line, wanted)

    assert unexpected(all_at_once(act)) == []
    assert Match.objects.count() + SetAside.objects.count() == 1
    assert Entry.objects.filter(kind=Kind.PAYMENT).count() == Match.objects.count()
    assert (opened(line), broken()) == (money(0), [])


def test_a_claim_that_sixteen_people_approve_is_posted_once() -> None:
    till = Till()
    line = till.line(100, payer="nobody knows")
    release(lines=[line], by=till.finance)
    claimed = claim(line=line, by=till.seller, customer=till.customer, reason="they told me")
    results = all_at_once(lambda _n: approve(claim=claimed, by=till.finance, key=uuid.uuid4()))
    assert unexpected(results) == []
    assert sum(isinstance(one, Outcome) for one in results) == 1
    assert (Entry.objects.filter(kind=Kind.PAYMENT).count(), opened(line), broken()) == (1, money(0), [])


def test_a_file_that_sixteen_people_take_brings_its_lines_once(tmp_path: Path) -> None:
    an_account(number="622200001234", name="Basic")
    path, finance = a_file(tmp_path, CSV), a_user(Role.FINANCE)
    facts: dict[str, Any] = {
        "by": finance,
        "file_name": "march.csv",
        "now": timezone.now(),
        "today": date(2026, 5, 1),
    }
    results = all_at_once(lambda _n: take(path, **facts))
    assert unexpected(results) == []
    assert sorted(one.new for one in results if isinstance(one, Taken)) == [0] * (THREADS - 1) + [3]
    assert (BankStatement.objects.count(), BankLine.objects.count()) == (1, 3)


def test_a_statement_that_is_answered_by_sixteen_at_once_has_one_answer() -> None:
    sent = a_link(a_statement(an_account_of_a_customer().customer))
    verdicts = (Answer.Verdict.AGREES, Answer.Verdict.DIFFERS)

    def say(n: int) -> object:
        words = Words(verdicts[n % 2], f"person {n}", note="as we have it")
        facts: dict[str, Any] = {"address": "203.0.113.5", "user_agent": "", "now": timezone.now()}
        return answer_by_link(dispatch=sent.dispatch, words=words, **facts)

    results = all_at_once(say)
    assert unexpected(results) == []
    [answer] = Answer.objects.all()
    assert sum(one == answer for one in results) == 1
    kind = Evidence.Kind.AGREED if answer.agrees else Evidence.Kind.DIFFERED
    assert [one.kind for one in Evidence.objects.filter(answer=answer)] == [kind]


def test_a_page_that_is_sent_sixteen_times_at_once_is_kept_or_answered_and_never_breaks() -> None:
    visitor, page = a_visitor(a_link(a_statement(an_account_of_a_customer().customer)))
    key = key_of(visitor.get(page))

    def say(n: int) -> object:
        """The other answer, the answer, and one that lacks a name, all with the same file from the same browser."""
        client = Client()
        client.cookies.update(visitor.cookies)
        path, name = (page if n % 3 == 0 else f"{page}differs/"), ("李" if n % 3 == 1 else "")
        file = SimpleUploadedFile("ours.csv", b"date,amount")
        return client.post(path, {"key": key, "name": name, "note": "as we have it", "files": file}).status_code

    results = all_at_once(say)
    assert set(results) <= {200, 302}, results
    answer = Answer.objects.get()
    assert (answer.verdict, answer.files.count()) == (Answer.Verdict.DIFFERS, 1)
    assert [one.kind for one in Evidence.objects.all()] == [Evidence.Kind.DIFFERED]
    assert not Draft.objects.exists()


def test_two_clicks_of_one_form_note_one_way() -> None:
    statement = a_statement(an_account_of_a_customer().customer)
    assert statement.made_by is not None
    facts: dict[str, Any] = {"by": statement.made_by, "way": "post", "day": timezone.localdate()}
    key = uuid.uuid4()
    results = all_at_once(lambda _n: note_passed_on(statement=statement, key=key, **facts))
    assert results == [Dispatch.objects.get()] * THREADS


def test_nothing_slips_into_a_month_while_it_is_closed() -> None:
    till = Till()
    till.desk.invoice(5_000, "2026-03-01")

    def act(n: int) -> object:
        if n == THREADS // 2:
            return close_month(month=day("2026-03-01"), by=till.finance)
        return till.desk.payment(100, "2026-03-20", number=f"P{n}")

    results = all_at_once(act)
    assert unexpected(results) == []
    close = PeriodClose.objects.get()
    paid = Entry.objects.filter(kind=Kind.PAYMENT)
    assert paid.count() == sum(isinstance(one, Entry) for one in results)
    assert not paid.filter(recorded_at__gt=close.recorded_at).exists()
    assert list(breaches()) == []
