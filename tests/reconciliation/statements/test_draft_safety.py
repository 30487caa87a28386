"""A kept draft outlives the other answer, a late first step, made-up posts and a disk that lost a file."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from ledger.models import Entry
from reconciliation.statements import drafting
from reconciliation.statements.answering import Words, answer_by_link, answer_on_paper
from reconciliation.statements.models import Answer, Draft, DraftFile
from tests.reconciliation.statements.building import a_link, a_statement, a_visitor, an_account, key_of, path_of
from tests.reconciliation.statements.test_answer import a_scan
from tests.reconciliation.statements.test_drafts import a_list, leave_for_too_long

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"


def begun_to_differ(client: Client, page: str) -> dict[str, Any]:
    """Types of a line, chooses a file and sends it without the amount. What was typed, with the key of the form."""
    line = str(Entry.objects.get(number="FH-2").pk)
    key = key_of(client.get(page))
    typed = {"key": key, "line": [line], "name": "Li", f"line-{line}-kind": "wrong", f"line-{line}-note": "by bill"}
    assert client.post(f"{page}differs/", {**typed, "files": a_list()}).status_code == 200
    return typed


def test_each_of_both_answers_has_a_draft_of_its_own() -> None:
    client, page = a_visitor(a_link(a_statement(an_account().customer, language="en")))
    typed = begun_to_differ(client, page)
    agrees = client.post(page, {"key": typed["key"], "name": "", "note": "as we have it"})
    assert agrees.status_code == 200
    shown = client.get(page).content.decode()
    assert "as we have it" in shown
    assert "Go on with it" in shown
    shown = client.get(f"{page}differs/").content.decode()
    assert all(said in shown for said in ('value="by bill"', 'value="Li"', "Kept: ours.csv"))
    assert not Answer.objects.exists()
    # Whatever is answered in the end, nothing of either is left.
    assert client.post(page, {"key": typed["key"], "name": "Li"}).status_code == 302
    assert not Draft.objects.exists()


def test_a_first_step_that_comes_too_late_changes_its_lines_and_loses_nothing_else() -> None:
    sent = a_link(a_statement(an_account().customer, language="en"))
    client, page = a_visitor(sent)
    typed = begun_to_differ(client, page)
    kept = str(DraftFile.objects.get().pk)
    assert client.post(f"{page}differs/", {**typed, "kept": kept, "back": "1"}).status_code == 302
    other = str(Entry.objects.get(number="SK-1").pk)
    for lines in ([*typed["line"], other], []):
        leave_for_too_long(client, page)
        late = client.post(f"{page}differs/", {"key": typed["key"], "line": lines})
        assert "what you typed is kept" in late.content.decode()
        said = Draft.objects.get().typed
        assert (said.get("line", []), said["name"]) == (lines, ["Li"])
        assert said[f"line-{typed['line'][0]}-note"] == ["by bill"]
        client.get(path_of(sent))
    assert "Kept: ours.csv" in client.get(f"{page}differs/").content.decode()


def test_what_is_too_long_is_said_and_a_chinese_letter_counts_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    client, page = a_visitor(a_link(a_statement(an_account().customer, language="en")))
    facts = {"key": key_of(client.get(page)), "name": ""}
    monkeypatch.setattr(drafting, "MOST_LETTERS", 400)
    shown = client.post(page, {**facts, "note": "对" * 200}).content.decode()
    assert "too long" not in shown
    for path in ("", "differs/"):
        assert "too long to be kept" in client.post(f"{page}{path}", {**facts, "note": "账" * 500}).content.decode()
    back = client.post(f"{page}differs/", {**facts, "note": "账" * 500, "back": "1"})
    assert (back.status_code, "too long to be kept" in back.content.decode()) == (200, True)
    leave_for_too_long(client, page)
    late = client.post(page, {**facts, "note": "账" * 500}).content.decode()
    assert "too long to be kept" in late
    assert "what you typed is kept" not in late
    assert Draft.objects.get(verdict="agrees").typed["note"] == ["对" * 200]


def test_a_made_up_post_is_no_error() -> None:
    client, page = a_visitor(a_link(a_statement(an_account().customer)))
    facts = {"key": key_of(client.get(page)), "name": "", "no\x00te": "x", "line-1-kind\x00": "x", "other": "x"}
    for path in ("", "differs/"):
        made_up = {**facts, "line": ["9" * 40, "\x00"], "kept": ["9" * 40, "²", "-1"], "missing-0-note": "\x00"}
        sent = client.post(f"{page}{path}", urlencode(made_up, doseq=True), content_type=FORM)
        assert sent.status_code == 200
    assert Draft.objects.get(verdict="agrees").typed == {"name": [""]}
    differs = {"name": [""], "line": ["9" * 40, ""], "missing-0-note": [""]}
    assert Draft.objects.get(verdict="differs").typed == differs


def test_a_file_that_the_disk_has_lost_is_asked_for_again() -> None:
    client, page = a_visitor(a_link(a_statement(an_account().customer, language="en")))
    facts = {"key": key_of(client.get(page)), "name": ""}
    client.post(f"{page}differs/", {**facts, "files": a_list()})
    file = DraftFile.objects.get()
    file.file.storage.delete(str(file.file))
    done = {**facts, "name": "Li", "note": "see our list", "kept": str(file.pk)}
    shown = client.post(f"{page}differs/", done)
    assert shown.status_code == 200
    assert all(
        said in shown.content.decode() for said in ("“ours.csv” is not here any more.", "Choose this one again")
    )
    assert not Answer.objects.exists()
    assert not DraftFile.objects.exists()
    assert client.post(f"{page}differs/", {**done, "files": a_list()}).status_code == 302
    assert Answer.objects.get().files.count() == 1


def test_any_answer_ends_the_drafts_of_all_links_and_nothing_is_kept_after(
    django_capture_on_commit_callbacks: Any,
) -> None:
    desk = an_account()
    for on_paper in (False, True):
        statement = a_statement(desk.customer, language="en")
        sent = a_link(statement)
        client, page = a_visitor(sent)
        key = begun_to_differ(client, page)["key"]
        stored: Any = DraftFile.objects.get().file
        with django_capture_on_commit_callbacks(execute=True):
            if on_paper:
                answer_on_paper(by=desk.by, statement=statement, words=Words("agrees", "Li", files=[a_scan()]))
            else:
                other = a_link(statement).dispatch
                answer_by_link(dispatch=other, words=Words("agrees", "Li"), address="", user_agent="")
        assert not Draft.objects.exists()
        assert not stored.storage.exists(stored.name)
        leave_for_too_long(client, page)
        late = client.post(page, {"key": key, "name": "Li"}).content.decode()
        assert "answered before" in late
        assert not Draft.objects.exists()
    assert Answer.objects.count() == 2
