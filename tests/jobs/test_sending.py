"""A job reaches a worker, or its person is told; what was lost is found again."""

import logging
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerError

from config.jobs import services, tasks
from config.jobs.models import Job
from config.jobs.progress import Progress
from config.jobs.services import LOST_AFTER, enqueue, requeue_lost, restart
from tests.build import a_user

pytestmark = pytest.mark.django_db
Sent = list[tuple[str, tuple[Any, ...]]]
State = Job.State


def a_job(state: State = State.QUEUED, **facts: Any) -> Job:
    return Job.objects.create(**{"user": a_user(), "kind": "test_write", "state": state, **facts})


def long_ago() -> Any:
    return timezone.now() - LOST_AFTER - timedelta(seconds=1)


def test_a_job_is_sent_when_its_transaction_is_committed(
    sent_tasks: Sent, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        job = enqueue(user=a_user(), kind="test_write", params={"codes": []}, language="en")
        assert sent_tasks == []
    assert sent_tasks == [("config.jobs.tasks.run", (str(job.pk),))]
    assert Job.objects.get().state == State.QUEUED


def test_an_upload_is_kept_under_a_name_that_nobody_guesses() -> None:
    job = enqueue(user=a_user(), kind="test_write", upload=SimpleUploadedFile("../../books.XLSX", b"sent"))
    assert job.upload_name == "books.XLSX"
    assert job.upload.name
    assert "books" not in job.upload.name
    assert job.upload.name.endswith(".xlsx")


def test_a_lost_broker_is_told_to_the_person_who_asked(django_capture_on_commit_callbacks: Any) -> None:
    with patch.object(tasks.run, "delay", side_effect=BrokerError), django_capture_on_commit_callbacks(execute=True):
        enqueue(user=a_user(), kind="test_write")
    job = Job.objects.get()
    assert job.state == State.FAILED
    assert "try again" in job.error


def test_a_failed_job_is_started_again(sent_tasks: Sent, django_capture_on_commit_callbacks: Any) -> None:
    job = a_job(State.FAILED, error="No.", attempts=3, finished_at=timezone.now())
    with django_capture_on_commit_callbacks(execute=True):
        restart(job=job)
    job.refresh_from_db()
    assert (job.state, job.error, job.attempts, job.finished_at) == (State.QUEUED, "", 0, None)
    assert len(sent_tasks) == 1


@pytest.mark.parametrize("state", [State.QUEUED, State.RUNNING, State.DONE])
def test_only_a_failed_job_is_started_again(
    state: State, sent_tasks: Sent, django_capture_on_commit_callbacks: Any
) -> None:
    job = a_job(state)
    with django_capture_on_commit_callbacks(execute=True):
        restart(job=job)
    job.refresh_from_db()
    assert (job.state, sent_tasks) == (state, [])


def test_a_job_that_nobody_took_is_sent_again_and_not_at_once_once_more(sent_tasks: Sent) -> None:
    job = a_job(sent_at=long_ago())
    assert [requeue_lost(), requeue_lost()] == [1, 0]
    assert sent_tasks == [("config.jobs.tasks.run", (str(job.pk),))]


def test_a_job_whose_worker_is_gone_is_sent_again(sent_tasks: Sent) -> None:
    job = a_job(State.RUNNING, sent_at=long_ago(), started_at=long_ago())
    assert requeue_lost() == 1
    job.refresh_from_db()
    assert job.state == State.QUEUED


def test_a_job_that_still_tells_how_far_it_is_is_not_lost(sent_tasks: Sent) -> None:
    job = a_job(State.RUNNING, sent_at=long_ago(), started_at=long_ago())
    Progress(job.pk)(1, 1000, "rows")
    assert requeue_lost() == 0
    with patch("time.time", return_value=long_ago().timestamp()):
        Progress(job.pk)(2, 1000, "rows")
    assert requeue_lost() == 1


@pytest.mark.parametrize(
    "facts",
    [
        {"state": State.QUEUED},
        {"state": State.RUNNING, "sent_at": "long ago", "started_at": "now"},
        {"state": State.DONE, "sent_at": "long ago"},
        {"state": State.FAILED, "sent_at": "long ago"},
    ],
)
def test_what_is_not_lost_is_left_alone(facts: dict[str, Any], sent_tasks: Sent) -> None:
    moments = {"long ago": long_ago(), "now": timezone.now()}
    a_job(**{name: moments.get(value, value) for name, value in facts.items()})
    assert requeue_lost() == 0
    assert sent_tasks == []


def test_a_busy_database_puts_the_search_off(caplog: pytest.LogCaptureFixture) -> None:
    with patch.object(services, "requeue_lost", side_effect=OperationalError), caplog.at_level(logging.WARNING):
        tasks.requeue_lost()
    assert "busy" in caplog.text


def test_a_month_after_its_end_a_job_is_removed_with_its_files() -> None:
    old = timezone.now() - timedelta(days=31)
    gone = enqueue(user=a_user(), kind="test_write", upload=SimpleUploadedFile("a.xlsx", b"x"))
    folder = gone.folder
    assert default_storage.exists(folder)
    Job.objects.filter(pk=gone.pk).update(state=State.DONE, finished_at=old)
    kept = [a_job(State.DONE, finished_at=timezone.now()), a_job(created_at=old)]
    tasks.remove_old()
    assert set(Job.objects.all()) == set(kept)
    assert not default_storage.exists(folder)
