"""Who makes, sends and sees statements; many at once; the firm on paper."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.demo.files import drawn_photo
from config.jobs.models import Job
from customers.models import Contact, Customer, Role, User
from ledger.errors import NotPermitted
from reconciliation.bank.models import BankAccount
from reconciliation.statements.answering import Words, answer_by_link
from reconciliation.statements.errors import StatementRefused
from reconciliation.statements.making import withdraw
from reconciliation.statements.models import Dispatch, FirmProfile, State, Statement
from reconciliation.statements.periods import Usual, period
from reconciliation.statements.sending import hand_out, send
from reconciliation.statements.tasks import make_statements, send_statements
from tests.build import a_customer, a_team, a_user
from tests.reconciliation.statements.building import a_demand, a_link, a_statement, an_account, path_of

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def run(job: Job) -> dict[str, Any]:
    does = make_statements if job.kind == "statements" else send_statements
    nobody_waits: Any = lambda *_said: None  # noqa: E731
    return does(job, nobody_waits).result


def a_job(user: User, customers: list[Customer], *, sends: bool, demand_by: str | None = None) -> Job:
    wish = {"first": "2026-07-01", "last": "2026-09-30", "layout": "", "language": "", "demand_by": demand_by}
    params = {"wish": wish, "customers": [one.pk for one in customers], "send": sends}
    return Job.objects.create(user=user, kind="statements", params=params)


@pytest.mark.any_engine
def test_the_usual_periods() -> None:
    assert period(Usual.MONTH, today=date(2026, 1, 15)) == (date(2025, 12, 1), date(2025, 12, 31))
    assert period(Usual.QUARTER, today=date(2026, 5, 1)) == (date(2026, 1, 1), date(2026, 3, 31))
    assert period(Usual.QUARTER, today=date(2026, 2, 28)) == (date(2025, 10, 1), date(2025, 12, 31))
    assert period(Usual.YEAR, today=date(2026, 5, 1)) == (date(2026, 1, 1), date(2026, 5, 1))


class TestWho:
    def test_a_salesperson_makes_for_the_own_customers_alone(self) -> None:
        desk, other = an_account(), a_customer(owner=a_user())
        client = signed_in(desk.by)
        page = f"/reconciliation/statements/customer/{desk.customer.pk}/new/"
        answer = client.post(page, {"period": "own", "first": "2026-07-01", "last": "2026-09-30"})
        statement = Statement.objects.get()
        assert answer["Location"] == f"/reconciliation/statements/{statement.pk}/"
        assert client.get(f"/reconciliation/statements/customer/{other.pk}/new/").status_code == 404
        stranger = signed_in(a_user())
        for path in ("", "document.pdf", "statement.xlsx", "reply/"):
            assert stranger.get(f"/reconciliation/statements/{statement.pk}/{path}").status_code == 404
        assert stranger.post(f"/reconciliation/statements/{statement.pk}/link/").status_code == 404
        assert desk.customer.name not in stranger.get("/reconciliation/statements/").content.decode()

    def test_an_auditor_looks_and_does_nothing(self) -> None:
        desk = an_account()
        statement = a_statement(desk.customer)
        auditor = a_user(Role.AUDITOR)
        client = signed_in(auditor)
        assert client.get(f"/reconciliation/statements/{statement.pk}/").status_code == 200
        assert client.get(f"/reconciliation/statements/customer/{desk.customer.pk}/new/").status_code == 403
        assert client.post("/reconciliation/statements/make/", {"rows": desk.customer.pk}).status_code == 403
        for act in (
            lambda: a_statement(desk.customer, by=auditor),
            lambda: hand_out(by=auditor, statement=statement),
            lambda: send(by=auditor, statement=statement, to="li@example.com"),
            lambda: withdraw(by=auditor, statement=statement, reason="x"),
        ):
            with pytest.raises(NotPermitted):
                act()
        assert (Statement.objects.count(), Dispatch.objects.count(), mail.outbox) == (1, 0, [])


class TestMaking:
    def test_each_has_a_reference_of_its_own(self) -> None:
        desk = an_account(code="KH7")
        made = [a_statement(desk.customer).reference for _n in range(2)]
        assert made == ["KH7-20260930-1", "KH7-20260930-2"]

    def test_a_period_or_demand_without_sense_is_refused(self) -> None:
        desk, tomorrow = an_account(), timezone.localdate() + timedelta(days=1)
        wishes: list[dict[str, Any]] = [
            {"first": date(2026, 10, 1)},
            {"last": tomorrow},
            {"demand_by": date(2026, 9, 30)},
        ]
        for wish in wishes:
            with pytest.raises(StatementRefused):
                a_statement(desk.customer, **wish)
        assert not Statement.objects.exists()

    def test_nothing_is_demanded_where_nothing_is_overdue(self) -> None:
        desk = an_account()
        desk.payment(600, "2026-09-25")
        statement = a_statement(desk.customer, demand_by=timezone.localdate() + timedelta(days=5))
        assert (str(statement.overdue), statement.demand_by) == ("0.00", None)
        # Whoever asked for a demand is told, before and after.
        client, page = signed_in(desk.by), f"/reconciliation/statements/customer/{desk.customer.pk}/new/"
        assert "nothing overdue, no demand" in client.get(page, headers={"Accept-Language": "en"}).content.decode()
        wish = {"period": "own", "first": "2026-07-01", "last": "2026-09-30", "demand_by": a_demand()}
        shown = client.post(page, wish, follow=True, headers={"Accept-Language": "en"}).content.decode()
        assert "the statement demands nothing" in shown

    def test_the_next_one_is_like_the_last(self) -> None:
        desk = an_account()
        assert (a_statement(desk.customer).layout, a_statement(desk.customer).language) == ("chinese", "zh-hans")
        a_statement(desk.customer, layout="open", language="en")
        again = a_statement(desk.customer)
        assert (again.layout, again.language) == ("open", "en")

    def test_one_that_was_answered_is_neither_withdrawn_nor_sent(self) -> None:
        desk = an_account()
        statement = a_statement(desk.customer)
        words = Words("agrees", "李")
        answer_by_link(dispatch=a_link(statement).dispatch, words=words, address="", user_agent="")
        statement = Statement.objects.get()
        for act in (
            lambda: withdraw(by=desk.by, statement=statement, reason="x"),
            lambda: send(by=desk.by, statement=statement, to="li@example.com"),
        ):
            with pytest.raises(StatementRefused):
                act()
        assert mail.outbox == []


class TestMany:
    def test_a_job_makes_and_sends_and_says_for_whom_it_could_not(self) -> None:
        desk, team = an_account(), a_team()
        finance = a_user(Role.FINANCE, team=team)
        silent = a_customer(owner=desk.by)
        broken = a_customer(owner=desk.by)
        Contact.objects.create(customer=broken, email="not an address")
        job = a_job(finance, [desk.customer, silent, broken], sends=True, demand_by=str(a_demand()))
        result = run(job)
        assert len(result["statements"]) == 3
        assert result["sent"] == 1
        assert dict(result["failed"]).keys() == {silent.pk, broken.pk}
        assert result["undemanded"] == [silent.pk, broken.pk]
        # Killed and run again: nothing is made or mailed twice.
        assert run(job)["statements"] == result["statements"]
        assert (Statement.objects.count(), len(mail.outbox)) == (3, 1)
        page = f"/reconciliation/statements/made/{job.pk}/"
        Job.objects.filter(pk=job.pk).update(state=Job.State.DONE, result=result)
        assert silent.name in signed_in(finance).get(page).content.decode()

    def test_the_whole_filter_is_handed_to_a_job_and_only_what_one_may_write_for(self) -> None:
        desk = an_account()
        a_customer(owner=a_user())
        client = signed_in(desk.by)
        asked = client.post("/reconciliation/statements/make/", {"all": "1", "filter": ""})
        assert desk.customer.name in asked.content.decode()
        client.post("/reconciliation/statements/make/", {"all": "1", "filter": "", "period": "month"})
        assert Job.objects.get().params["customers"] == [desk.customer.pk]

    def test_a_mail_server_that_is_away_is_recorded_and_said(self, monkeypatch: pytest.MonkeyPatch) -> None:
        desk = an_account()
        statement = a_statement(desk.customer)

        def refuse(_self: Any) -> int:
            raise OSError("connection refused")

        monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", refuse)
        shown = signed_in(desk.by).post(f"/reconciliation/statements/{statement.pk}/send/", {"to": "li@example.com"})
        assert "connection refused" in shown.content.decode()
        assert Dispatch.objects.get().error == "connection refused"
        assert state_of(statement) == State.FAILED

    def test_states_by_what_happened(self) -> None:
        desk = an_account()
        statement = a_statement(desk.customer)
        assert state_of(statement) == State.MADE
        sent = a_link(statement)
        assert state_of(statement) == State.LINKED
        client = Client()
        client.get(client.get(path_of(sent))["Location"])
        assert state_of(statement) == State.OPENED
        assert state_of(statement, days=40) == State.EXPIRED
        for state, found in (("opened", True), ("no_answer", True), ("agreed", False)):
            shown = signed_in(desk.by).get(f"/reconciliation/statements/?state={state}").content.decode()
            assert (desk.customer.name in shown) == found
        answer_by_link(dispatch=sent.dispatch, words=Words("differs", "李", note="no"), address="", user_agent="")
        assert state_of(statement) == State.DIFFERS


def state_of(statement: Statement, *, days: int = 0) -> str:
    found: Any = Statement.objects.with_state(timezone.now() + timedelta(days=days)).get(pk=statement.pk)
    return str(found.state)


class TestFirm:
    def test_finance_says_who_the_firm_is_and_the_logo_must_be_a_picture(self) -> None:
        client = signed_in(a_user(Role.FINANCE))
        page = "/reconciliation/statements/firm/"
        for content in (b"<svg/>", b"\x89PNG\r\n\x1a\n broken"):
            logo = SimpleUploadedFile("logo.png", content)
            assert client.post(page, {"name": "锦绣公司", "logo": logo}).status_code == 200
        assert not FirmProfile.objects.exists()
        logo = SimpleUploadedFile("logo.png", drawn_photo(3))
        assert client.post(page, {"name": "锦绣公司", "logo": logo}).status_code == 302
        profile = FirmProfile.objects.get()
        assert (profile.name, bool(profile.logo)) == ("锦绣公司", True)
        assert client.post(page, {"name": "锦绣公司", "phone": "1"}).status_code == 302
        assert FirmProfile.objects.get().logo
        assert a_statement(an_account().customer).size > 10_000

    def test_a_printed_account_of_another_holder_is_warned_about(self) -> None:
        client = signed_in(a_user(Role.FINANCE))
        FirmProfile.objects.create(name="锦绣公司", name_en="Jinxiu Ltd")
        facts = {"bank": "工商银行", "is_printed": True}
        for number, holder in (("1", "锦绣 公司"), ("2", "JINXIU LTD"), ("3", ""), ("6222", "别家公司")):
            BankAccount.objects.create(name=number, number=number, holder=holder, **facts)
        making = f"/reconciliation/statements/customer/{an_account().customer.pk}/new/"
        for page in ("/reconciliation/statements/firm/", making):
            shown = client.get(page).content.decode()
            assert shown.count("statement-doubt") == 1
            assert "别家公司" in shown


def test_what_was_posted_into_its_period_since_is_shown_to_those_who_see_all(client: Client) -> None:
    desk = an_account()
    made = a_statement(desk.customer)
    page = reverse("statements:detail", args=[made.pk])
    finance = a_user(Role.FINANCE)
    client.force_login(finance)
    assert 'id="since"' not in client.get(page).content.decode()
    late = desk.discount(30, "2026-09-28", number="ZK-1")
    desk.payment(7, "2026-10-02")
    shown = client.get(page)
    assert [entry.pk for entry in shown.context["posted_since"]] == [late.pk]
    assert shown.context["closing_now"] == made.closing - 30
    assert reverse("ledger:entry", args=[late.pk]) in shown.content.decode()
    client.force_login(desk.by)
    assert 'id="since"' not in client.get(page).content.decode()
