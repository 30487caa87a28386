"""What a customer typed and chose is not lost: a field was wrong, or the page was left for too long."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from ledger.file_types import TYPES
from ledger.models import Entry
from reconciliation.statements import drafting
from reconciliation.statements.links import PASS_SECONDS
from reconciliation.statements.models import Answer, Dispatch, Draft, DraftFile
from reconciliation.statements.sending import revoke
from reconciliation.statements.tasks import remove_drafts
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


def a_list(name: str = "ours.csv", content: bytes = b"date,amount\n2026-07-10,300") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def leave_for_too_long(client: Client, page: str) -> None:
    """The browser has dropped the cookie of two hours."""
    del client.cookies[f"s-{page.split('/')[2]}"]


class TestPass:
    def test_each_use_renews_it_and_never_beyond_the_link(self, monkeypatch: pytest.MonkeyPatch) -> None:
        sent = a_link(a_statement(an_account().customer))
        client, page = a_visitor(sent)
        name = f"s-{sent.dispatch.handle}"
        at = timezone.now()

        def later(seconds: float) -> None:
            now = at + timedelta(seconds=seconds)
            monkeypatch.setattr(timezone, "now", lambda: now)
            monkeypatch.setattr("django.core.signing.time.time", now.timestamp)

        for n in range(1, 5):
            later(n * (PASS_SECONDS - 60))
            shown = client.get(page)
            assert (shown.status_code, shown.cookies[name]["max-age"]) == (200, PASS_SECONDS)
        # Without use it ends; and its last renewal ends with the link.
        left = sent.dispatch.expires_at - at
        later(left.total_seconds() - 100)
        assert client.get(page).status_code == 403
        client.get(path_of(sent))
        assert client.get(page).cookies[name]["max-age"] <= 100

    def test_a_head_answers_as_a_get_and_changes_nothing(self) -> None:
        sent = a_link(a_statement(an_account().customer))
        unpassed = Client().head(path_of(sent))
        assert (unpassed.status_code, unpassed.cookies, unpassed["Referrer-Policy"]) == (302, {}, "no-referrer")
        client, page = a_visitor(sent)
        for path in (page, f"{page}differs/", f"{page}document.pdf"):
            answer: Any = client.head(path)
            assert (answer.status_code, len(answer.cookies)) == (200, 0)
            if answer.streaming:
                close(answer)
        assert Dispatch.objects.get().opened_at is None
        assert Client().head(page).status_code == 404


class TestTooLate:
    def test_what_was_typed_and_chosen_stands_there_again_and_answers_nothing_before(self) -> None:
        sent = a_link(a_statement(an_account().customer, language="en"))
        client, page = a_visitor(sent)
        key = key_of(client.get(page))
        line = str(Entry.objects.filter(number="FH-2").get().pk)
        typed = {
            "key": key,
            "line": [line],
            f"line-{line}-kind": "paid",
            f"line-{line}-note": "by bill",
            "name": "Li",
        }
        leave_for_too_long(client, page)
        late = client.post(f"{page}differs/", {**typed, "files": [a_list(), a_list("x.exe", b"MZ")]})
        assert late.status_code == 403
        assert "what you typed is kept" in late.content.decode()
        assert "x.exe" in late.content.decode()
        assert not Answer.objects.exists()
        # Passed once more, in the same browser alone.
        client.get(path_of(sent))
        other, _page = a_visitor(sent)
        assert "had begun" in client.get(page).content.decode()
        assert "had begun" not in other.get(page).content.decode()
        shown = client.get(f"{page}differs/").content.decode()
        assert all(said in shown for said in ('value="by bill"', 'value="Li"', "Kept: ours.csv", "stands here again"))
        assert f'value="{line}" checked' in client.get(f"{page}differs/?lines").content.decode()
        kept = str(DraftFile.objects.get().pk)
        back = client.post(f"{page}differs/?lang=zh-hans", {**typed, "kept": kept, "back": "1"})
        assert back["Location"] == f"{page}differs/?lang=zh-hans&lines"
        assert not Answer.objects.exists()
        done = client.post(f"{page}differs/", {**typed, f"line-{line}-date": "2026-09-21", "kept": kept})
        assert done.status_code == 302
        assert [file.name for file in Answer.objects.get().files.all()] == ["ours.csv"]
        assert not Draft.objects.exists()

    def test_the_answer_that_agrees_too(self) -> None:
        sent = a_link(a_statement(an_account().customer, language="en"))
        client, page = a_visitor(sent)
        key = key_of(client.get(page))
        leave_for_too_long(client, page)
        assert client.post(page, {"key": key, "name": "Li", "note": "soon"}).status_code == 403
        client.get(path_of(sent))
        shown = client.get(page).content.decode()
        assert 'value="Li"' in shown
        assert ">soon" in shown.replace("\n", "")
        assert not Answer.objects.exists()

    def test_nothing_is_kept_for_a_stranger_a_wrong_key_or_a_revoked_link(self) -> None:
        desk = an_account()
        sent = a_link(a_statement(desk.customer))
        client, page = a_visitor(sent)
        key = key_of(client.get(page))
        facts = {"key": key, "name": "Li", "files": a_list()}
        assert Client().post(page, facts).status_code == 404
        leave_for_too_long(client, page)
        assert client.post(page, {**facts, "key": "wrong", "files": a_list()}).status_code == 404
        revoke(by=desk.by, dispatch=sent.dispatch, now=timezone.now())
        assert client.post(page, {**facts, "files": a_list()}).status_code == 404
        assert not Draft.objects.exists()


class TestFiles:
    def test_those_that_were_chosen_are_kept_when_a_field_is_wrong_and_can_be_left_out(
        self, django_capture_on_commit_callbacks: Any
    ) -> None:
        sent = a_link(a_statement(an_account().customer, language="en"))
        client, page = a_visitor(sent)
        facts: dict[str, Any] = {"key": key_of(client.get(page))}
        wrong = {**facts, "name": "", "files": [a_list(), a_list("b.csv", b"b"), a_list("c.csv", b"\x00")]}
        shown = client.post(f"{page}differs/", wrong).content.decode()
        assert all(said in shown for said in ("Kept: ours.csv", "Kept: b.csv", 'href="#files"', 'href="#id_name"'))
        assert "Kept: c.csv" not in shown
        first, second = (str(file.pk) for file in DraftFile.objects.all())
        left: Any = DraftFile.objects.get(pk=second).file
        # The same file once more is the same; what is not ticked is gone.
        again = {**facts, "name": "", "kept": [first], "files": a_list()}
        with django_capture_on_commit_callbacks(execute=True):
            assert "Kept: b.csv" not in client.post(f"{page}differs/", again).content.decode()
        assert DraftFile.objects.count() == 1
        assert not left.storage.exists(left.name)
        assert client.post(f"{page}differs/", {**facts, "name": "Li", "kept": [first]}).status_code == 302
        assert [(file.name, file.kind) for file in Answer.objects.get().files.all()] == [("ours.csv", "list")]
        assert not DraftFile.objects.exists()

    def test_the_picker_offers_what_is_taken_an_older_workbook_too(self) -> None:
        sent = a_link(a_statement(an_account().customer))
        client, page = a_visitor(sent)
        facts = {"key": key_of(client.get(page)), "name": "李"}
        offered = client.post(f"{page}differs/", {"key": facts["key"]}).content.decode()
        old, text = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00workbook", b"<table><tr><td>1</td></tr></table>"
        files = [a_list("old.xls", old), a_list("text.XLS", text), a_list("photo.jpg", b"\xff\xd8\xff")]
        assert client.post(f"{page}differs/", {**facts, "files": files}).status_code == 302
        kept = Answer.objects.get().files.all()
        assert [file.suffix for file in kept] == [".xls", ".xls", ".jpg"]
        picker = offered.partition('accept="')[2].partition('"')[0].split(",")
        pictures = {one.content_type for one in TYPES if one.is_picture}
        known = {suffix for one in TYPES for suffix in one.suffixes}
        assert set(picker) == pictures | known | {".csv", ".txt", ".xls"}
        assert not {"image/*", ".xlsm", ".html"} & set(picker)

    def test_they_are_bounded_in_number_and_size_and_the_night_takes_them_away(
        self, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
    ) -> None:
        sent = a_link(a_statement(an_account().customer, language="en"))

        def kept(browser: str, *files: Any) -> drafting.Kept:
            facts: dict[str, Any] = {"verdict": "differs", "typed": {"name": ["a\x00b"]}, "files": files}
            return drafting.keep(dispatch=sent.dispatch, browser=browser, **facts)

        done = kept("one", *(a_list(f"{n}.csv", b"%d" % n) for n in range(7)))
        assert (len(done.refused), DraftFile.objects.count()) == (2, 5)
        assert Draft.objects.get().typed == {"name": ["ab"]}
        monkeypatch.setattr(drafting, "MOST_BYTES", 5)
        assert kept("two", a_list("9.csv", b"9")).refused == [
            "“9.csv” is too large beside the files that were added before."
        ]
        monkeypatch.setattr(drafting, "MOST_DRAFTS", 2)
        too_many = kept("three", a_list())
        assert too_many.draft is None
        assert all("Too many answers were begun" in said for said in (too_many.lost, *too_many.refused))
        assert remove_drafts() == 0
        stored: list[Any] = [file.file for file in DraftFile.objects.all()]
        Draft.objects.update(at=timezone.now() - timedelta(days=4))
        with django_capture_on_commit_callbacks(execute=True):
            assert remove_drafts() == 2
        assert not any(file.storage.exists(file.name) for file in stored)
        assert not Draft.objects.exists()
