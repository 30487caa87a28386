"""The link: unguessable, of one statement, expiring, revocable, counted, and silent."""

import io
import logging
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config.redaction import RedactedRecord
from reconciliation.statements import limits
from reconciliation.statements.links import digest, form_key, new_link
from reconciliation.statements.making import withdraw
from reconciliation.statements.models import Answer, Dispatch, FirmProfile
from reconciliation.statements.sending import revoke, send
from tests.reconciliation.statements.building import (
    a_link,
    a_statement,
    a_visitor,
    an_account,
    close,
    key_of,
    path_of,
)

pytestmark = pytest.mark.django_db


def body(response: Any) -> bytes:
    return re.sub(rb'href="\?lang=[^"]*"', b"", response.content)


class TestToken:
    def test_it_has_256_bits_and_only_its_digest_is_kept(self) -> None:
        sent = a_link(a_statement(an_account().customer))
        token = path_of(sent).split("/")[3]
        assert len(token) == 43
        assert new_link().token != new_link().token
        stored = Dispatch.objects.values().get(pk=sent.dispatch.pk)
        assert stored["token_hash"] == digest(token)
        assert token not in str(stored)
        assert stored["handle"] not in token

    def test_it_opens_the_statement_of_one_customer_and_nothing_else(self) -> None:
        mine, theirs = an_account(), an_account(mark="x", name="别的客户有限公司")
        client, page = a_visitor(a_link(a_statement(mine.customer)))
        other = a_link(a_statement(theirs.customer))
        shown = client.get(page).content.decode()
        assert "杭州锦程纺织有限公司" in shown
        assert "680.00" in shown
        assert "别的客户" not in shown
        # The pass to one page opens no other, and no page of the product.
        assert client.get(f"/s/{other.dispatch.handle}/").status_code == 404
        client.cookies[f"s-{other.dispatch.handle}"] = client.cookies[f"s-{page.split('/')[2]}"].value
        assert client.get(f"/s/{other.dispatch.handle}/").status_code == 404
        assert client.get("/customers/")["Location"].startswith("/login/")
        # A handle without a pass opens nothing.
        assert Client().get(page).status_code == 404

    def test_the_pass_is_a_short_cookie_of_that_page_alone(self) -> None:
        sent = a_link(a_statement(an_account().customer))
        [cookie] = Client().get(path_of(sent)).cookies.values()
        assert cookie["path"] == f"/s/{sent.dispatch.handle}/"
        assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 7200)

    def test_the_page_answers_within_few_queries(self) -> None:
        client, page = a_visitor(a_link(a_statement(an_account().customer)))
        client.get(page)
        for path, most in (("", 7), ("differs/", 7), ("document.pdf", 2)):
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(f"{page}{path}")
            assert answer.status_code == 200
            assert len(queries) <= most, queries.captured_queries
            if answer.streaming:
                close(answer)

    def test_who_is_signed_in_sees_the_page_and_answers_for_no_customer(self) -> None:
        desk = an_account()
        sent = a_link(a_statement(desk.customer))
        client, page = a_visitor(sent)
        key = form_key(sent.dispatch.handle)
        client.force_login(desk.by)
        shown = client.get(page)
        assert (shown.status_code, key_of(shown)) == (200, "")
        assert "680.00" in shown.content.decode()
        assert client.get(f"{page}differs/")["Location"] == page
        assert client.post(page, {"key": key, "name": "李会计"})["Location"] == page
        assert client.post(f"{page}differs/", {"key": key, "name": "李会计"})["Location"] == page
        assert not Answer.objects.exists()
        assert Dispatch.objects.get().opened_at is None


class TestEnd:
    def test_wrong_expired_revoked_and_withdrawn_look_alike(self, monkeypatch: pytest.MonkeyPatch) -> None:
        desk = an_account()
        statement = a_statement(desk.customer)
        good, revoked = a_link(statement), a_link(statement)
        revoke(by=desk.by, dispatch=revoked.dispatch, now=timezone.now())
        away = a_statement(desk.customer)
        gone = a_link(away)
        withdraw(by=desk.by, statement=away, reason="wrong period")
        wrong = Client().get(f"/s/open/{'x' * 43}/")
        answers = [wrong, Client().get(path_of(revoked)), Client().get(path_of(gone))]
        assert Client().get(path_of(good)).status_code == 302
        later = timezone.now() + timedelta(days=31)
        monkeypatch.setattr(timezone, "now", lambda: later)
        answers.append(Client().get(path_of(good)))
        assert {answer.status_code for answer in answers} == {404}
        assert len({body(answer) for answer in answers}) == 1
        assert b"ask for a new one" in wrong.content
        FirmProfile.objects.create(name="锦绣公司", name_en="Jinxiu Ltd", phone="0571-1", email="ar@example.com")
        shown = Client().get("/s/open/wrong/?lang=en").content.decode()
        assert all(said in shown for said in ("For help ask: Jinxiu Ltd", "0571-1", "mailto:ar@example.com"))

    def test_who_is_on_the_page_is_out_as_soon_as_the_link_is_revoked(self) -> None:
        desk = an_account()
        sent = a_link(a_statement(desk.customer))
        client, page = a_visitor(sent)
        key = key_of(client.get(page))
        revoke(by=desk.by, dispatch=sent.dispatch, now=timezone.now())
        assert client.get(page).status_code == 404
        assert client.get(f"{page}document.pdf").status_code == 404
        assert client.post(page, {"key": key, "name": "李会计"}).status_code == 404
        assert not Answer.objects.exists()

    def test_days_are_a_setting(self, settings: Any) -> None:
        settings.STATEMENT_LINK_DAYS = 5
        sent = a_link(a_statement(an_account().customer))
        assert sent.dispatch.expires_at - sent.dispatch.created_at == timedelta(days=5)


class TestLimits:
    def test_an_address_that_guesses_is_stopped_and_others_are_not(self) -> None:
        sent = a_link(a_statement(an_account().customer))
        client = Client(REMOTE_ADDR="203.0.113.9")
        for n in range(limits.WRONG):
            assert client.get(f"/s/open/wrong-{n}/").status_code == 404
        stopped = client.get("/s/open/wrong/")
        assert (stopped.status_code, stopped["Retry-After"]) == (429, "600")
        assert b"For help ask" in stopped.content
        assert Client(REMOTE_ADDR="203.0.113.10").get("/s/open/wrong/").status_code == 404
        # Who shares the address and has the right one comes in.
        assert client.get(path_of(sent)).status_code == 302
        # What a visitor writes into the header is not believed.
        assert client.get("/s/open/wrong/", headers={"X-Forwarded-For": "198.51.100.7"}).status_code == 429

    def test_one_link_is_counted_from_whatever_address(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limits, "OF_LINK", 3)
        client, page = a_visitor(a_link(a_statement(an_account().customer)))
        answers = [client.get(page, REMOTE_ADDR=f"203.0.113.{n}").status_code for n in range(5)]
        assert answers == [200, 200, 200, 429, 429]


class TestSilence:
    def test_no_search_engine_no_referrer_no_copy(self) -> None:
        sent = a_link(a_statement(an_account().customer))
        client, page = a_visitor(sent)
        for answer in (
            Client().get(path_of(sent)),
            client.get(page),
            client.get(f"{page}differs/"),
            client.get(f"{page}document.pdf"),
            client.get(f"{page}statement.xlsx"),
            Client().get("/s/open/wrong/"),
            Client().post(path_of(sent)),
        ):
            assert answer["Referrer-Policy"] == "no-referrer"
            assert answer["X-Robots-Tag"] == "noindex, nofollow, noarchive"
            assert answer["Cache-Control"] == "no-store"
            if answer.streaming:
                assert close(answer)
        text = client.get(page).content.decode()
        assert 'name="robots" content="noindex' in text
        assert not re.search(r"(src|href|action)=\"(https?:)?//", text)
        assert path_of(sent).split("/")[3] not in text
        assert "/login/" not in text
        assert Client().get("/robots.txt").content == b"User-agent: *\nDisallow: /\n"

    def test_no_token_in_a_log(self) -> None:
        assert logging.getLogRecordFactory() is RedactedRecord
        heard = io.StringIO()
        handler = logging.StreamHandler(heard)
        logger = logging.getLogger("django.request")
        logger.addHandler(handler)
        try:
            Client().get("/s/open/SECRET-of-a-link/")
            logging.getLogger("django.request").warning("%(r)s", {"r": "GET /s/open/SECRET-of-a-link/ HTTP/1.1"})
        finally:
            logger.removeHandler(handler)
        assert "/s/open/…" in heard.getvalue()
        assert "SECRET" not in heard.getvalue()

    def test_the_mail_has_the_paper_and_the_link_and_nothing_of_others(self) -> None:
        desk = an_account()
        statement = a_statement(desk.customer, demand_by=timezone.localdate() + timedelta(days=9))
        sent = send(by=desk.by, statement=statement, to="li@example.com")
        [letter] = mail.outbox
        [name, content, kind] = letter.attachments[0]
        with statement.pdf.open("rb") as file:
            assert content == file.read()
        assert (name, kind) == (f"{statement.reference}.pdf", "application/pdf")
        assert sent.url in letter.body
        assert letter.to == ["li@example.com"]
        assert letter.reply_to == [desk.by.email]
        assert sent.dispatch.sent_at is not None
