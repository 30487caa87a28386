"""The pages of jobs show a person the own ones, and nobody else's."""

import uuid
from typing import Any
from unittest.mock import patch

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from config.jobs.models import Job
from config.jobs.progress import Progress
from config.jobs.services import fail
from customers.models import Role, User
from tests.build import a_user

pytestmark = pytest.mark.django_db
State = Job.State


@pytest.fixture
def user() -> User:
    return a_user(role=Role.FINANCE, language="en")


@pytest.fixture
def door(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def a_job(user: User, state: State = State.QUEUED, **facts: Any) -> Job:
    return Job.objects.create(**{"user": user, "kind": "import", "state": state, **facts})


def a_report(user: User, name: str = "账龄 2026.xlsx") -> Job:
    job = a_job(user, State.DONE, file_name=name)
    job.file.save(name, ContentFile(b"PK"))
    return job


def text(response: Any) -> str:
    assert response.status_code == 200
    return str(response.content.decode())


def test_the_list_shows_the_own_jobs(door: Client, user: User) -> None:
    a_job(user, State.FAILED, upload_name="mine.xlsx")
    a_job(a_user(), upload_name="theirs.xlsx")
    page = text(door.get(reverse("jobs:list")))
    assert "mine.xlsx" in page
    assert "Import of a workbook" in page
    assert "failed" in page
    assert "theirs.xlsx" not in page


def test_the_list_is_exported_in_plain_words(door: Client, user: User) -> None:
    a_report(user, "report.xlsx")
    response = door.get(reverse("jobs:list"), {"_export": "csv"})
    exported = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]
    assert "Import of a workbook" in exported
    assert "report.xlsx" in exported
    assert "<a" not in exported


def test_a_waiting_job_asks_again_and_shows_how_far_it_is(door: Client, user: User) -> None:
    job = a_job(user, upload_name="books.xlsx")
    page = text(door.get(reverse("jobs:detail", args=[job.pk])))
    assert "Waiting for its turn" in page
    assert "hx-get" in page
    job.state = State.RUNNING
    job.save()
    assert "Just begun" in text(door.get(reverse("jobs:detail", args=[job.pk])))
    Progress(job.pk)(30, 120, "Posting invoices")
    fragment = text(door.get(reverse("jobs:detail", args=[job.pk]), headers={"HX-Request": "true"}))
    assert "<html" not in fragment
    assert "Posting invoices" in fragment
    assert "30 / 120" in fragment
    assert 'value="25"' in fragment


def test_a_job_that_is_over_asks_no_more_and_offers_its_file(door: Client, user: User) -> None:
    job = a_report(user)
    Job.objects.update(kind="aging_report")
    fragment = text(door.get(reverse("jobs:detail", args=[job.pk]), headers={"HX-Request": "true"}))
    assert "hx-get" not in fragment
    assert reverse("jobs:file", args=[job.pk]) in fragment


def test_who_waits_for_an_import_is_led_on_to_what_came_of_it(door: Client, user: User) -> None:
    job = a_job(user, State.DONE, kind="import", result={"mistakes": 18})
    page = text(door.get(reverse("jobs:detail", args=[job.pk])))
    assert "18 mistakes" in page
    response = door.get(reverse("jobs:detail", args=[job.pk]), headers={"HX-Request": "true"})
    assert response.headers["HX-Redirect"] == reverse("imports:detail", args=[job.pk])


def test_what_would_fail_again_is_not_offered_again(door: Client, user: User) -> None:
    job = a_job(user)
    fail(job.pk, "The file is damaged.", for_good=True)
    assert "Try again" not in text(door.get(reverse("jobs:detail", args=[job.pk])))


def test_a_failed_job_says_why_and_is_started_again(door: Client, user: User) -> None:
    job = a_job(user, State.FAILED, error="The file is <broken>.")
    page = text(door.get(reverse("jobs:detail", args=[job.pk])))
    assert "The file is &lt;broken&gt;." in page
    assert "Try again" in page
    response = door.post(reverse("jobs:restart", args=[job.pk]))
    assert response.headers["Location"] == reverse("jobs:detail", args=[job.pk])
    job.refresh_from_db()
    assert job.state == State.QUEUED


def test_a_file_is_downloaded_under_its_name_and_as_what_it_is(door: Client, user: User) -> None:
    response: Any = door.get(reverse("jobs:file", args=[a_report(user).pk]))
    assert b"".join(response.streaming_content) == b"PK"
    assert response.headers["Content-Type"].endswith("spreadsheetml.sheet")
    assert "%E8%B4%A6%E9%BE%84%202026.xlsx" in response.headers["Content-Disposition"]
    assert response.headers["Content-Disposition"].startswith("attachment")


def test_a_file_of_an_unknown_kind_is_only_bytes(door: Client, user: User) -> None:
    response: Any = door.get(reverse("jobs:file", args=[a_report(user, "page.html").pk]))
    assert response.headers["Content-Type"] == "application/octet-stream"
    response.close()


def test_without_a_file_there_is_nothing_to_download(door: Client, user: User) -> None:
    assert door.get(reverse("jobs:file", args=[a_job(user).pk])).status_code == 404


@pytest.mark.parametrize("role", Role.values)
def test_another_persons_job_is_not_found(door: Client, role: str) -> None:
    job = a_report(a_user(role=role))
    for name in ("detail", "file"):
        assert door.get(reverse(f"jobs:{name}", args=[job.pk])).status_code == 404
    with patch("config.jobs.services.restart") as restart:
        assert door.post(reverse("jobs:restart", args=[job.pk])).status_code == 404
    restart.assert_not_called()
    assert door.get(reverse("jobs:detail", args=[uuid.uuid4()])).status_code == 404


def test_restarting_is_no_link(door: Client, user: User) -> None:
    assert door.get(reverse("jobs:restart", args=[a_job(user, State.FAILED).pk])).status_code == 405


def test_a_stranger_is_asked_to_sign_in(client: Client, user: User) -> None:
    for url in (reverse("jobs:list"), reverse("jobs:file", args=[a_report(user).pk])):
        assert client.get(url).headers["Location"].startswith(reverse("login"))
