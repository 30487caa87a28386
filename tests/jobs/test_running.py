"""A job is done whole or not at all, once, and its person is told what came of it."""

import logging
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from celery.exceptions import Retry
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.utils import translation
from redis.exceptions import ConnectionError as RedisConnectionError

from config.jobs.models import Job
from config.jobs.progress import Progress, Reached, reached
from config.jobs.registry import KINDS, Kind, Outcome
from config.jobs.running import MOST_ATTEMPTS, run
from config.jobs.services import enqueue
from config.jobs.tasks import run as task
from customers.models import Customer
from tests.build import a_user
from tests.jobs import kinds

pytestmark = pytest.mark.django_db


def a_job(kind: str = "test_write", **params: Any) -> Job:
    return enqueue(user=a_user(), kind=kind, params={"codes": ["A", "B"], **params})


def done(job: Job) -> Job:
    run(job.pk)
    job.refresh_from_db()
    return job


def content(file: Any) -> bytes:
    with file.open("rb") as opened:
        return bytes(opened.read())


def stored(job: Job) -> list[str]:
    return default_storage.listdir(job.folder)[1] if default_storage.exists(job.folder) else []


def test_a_job_is_done_and_leaves_its_result_and_its_file() -> None:
    job = done(a_job())
    assert (job.state, job.result, job.error) == (Job.State.DONE, {"written": 2}, "")
    assert job.started_at
    assert job.finished_at
    assert job.attempts == 1
    assert content(job.file) == b"code\nA\nB"
    assert job.file_name == "customers.csv"
    assert list(Customer.objects.values_list("code", flat=True)) == ["A", "B"]


def test_the_temporary_file_is_gone_when_the_job_is_done(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    made = tmp_path / "made.csv"
    monkeypatch.setattr(kinds, "a_file", lambda text: made.write_text(text) and made)
    assert done(a_job()).state == Job.State.DONE
    assert not made.exists()


def test_a_job_that_is_delivered_again_is_not_done_again() -> None:
    job = done(a_job())
    finished_at = job.finished_at
    assert done(job).finished_at == finished_at
    assert job.attempts == 1
    assert Customer.objects.count() == 2


def test_a_job_that_is_gone_is_no_mistake() -> None:
    job = a_job()
    key = job.pk
    job.delete()
    run(key)


def test_a_job_that_only_reads_is_done_without_a_transaction() -> None:
    depths = []

    def count(*_: Any) -> Any:
        depths.append(len(connection.savepoint_ids))
        return Outcome()

    for writes in (False, True):
        with patch.dict(KINDS, {"test_read": Kind(count, writes=writes)}):
            assert done(a_job("test_read")).state == Job.State.DONE
    assert depths[1] == depths[0] + 1


def test_a_refused_job_changes_nothing_and_says_why() -> None:
    job = done(a_job("test_refuse"))
    assert (job.state, job.error) == (Job.State.FAILED, "The file has no sheet called Invoices.")
    assert job.finished_at
    assert not Customer.objects.exists()


def test_a_broken_job_changes_nothing_and_keeps_its_secrets_for_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "config.jobs"):
        job = done(a_job("test_break"))
    assert job.state == Job.State.FAILED
    assert "Something went wrong" in job.error
    assert "Zero" not in job.error
    assert "ZeroDivisionError" in caplog.text
    assert not Customer.objects.exists()


def test_a_kind_that_no_worker_knows_fails(caplog: pytest.LogCaptureFixture) -> None:
    assert done(a_job("unheard_of")).state == Job.State.FAILED
    assert "KeyError" in caplog.text


def test_a_sentence_comes_in_the_language_of_the_person_who_asked() -> None:
    with translation.override("zh-hans"):
        job = a_job("test_break")
    assert job.language == "zh-hans"
    seen = []
    with patch.object(Customer.objects, "create", side_effect=lambda **_: seen.append(translation.get_language())):
        run(job.pk)
    assert seen == ["zh-hans"]


def test_a_job_is_left_unfinished_while_the_database_is_busy() -> None:
    job = a_job()
    with patch.object(Customer.objects, "create", side_effect=OperationalError("database is locked")):
        with pytest.raises(OperationalError):
            run(job.pk)
        job.refresh_from_db()
        assert job.state == Job.State.RUNNING
    assert done(job).state == Job.State.DONE


def test_the_task_comes_back_to_a_database_that_was_busy() -> None:
    busy = OperationalError("database is locked")
    with patch("config.jobs.running.run", side_effect=busy), pytest.raises(Retry):
        task.apply(args=(str(a_job().pk),), throw=True)


def test_a_job_that_kills_its_workers_is_given_up() -> None:
    job = a_job()
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING, attempts=MOST_ATTEMPTS)
    done(job)
    assert job.state == Job.State.FAILED
    assert "too often" in job.error
    assert not Customer.objects.exists()


def test_what_a_killed_run_left_in_the_storage_is_cleared_away() -> None:
    upload = SimpleUploadedFile("books.xlsx", b"sent")
    job = enqueue(user=a_user(), kind="test_write", params={"codes": []}, upload=upload)
    default_storage.save(f"{job.folder}/half.csv", SimpleUploadedFile("half.csv", b"ha"))
    done(job)
    assert sorted(stored(job)) == sorted([Path(job.upload.name or "").name, Path(job.file.name or "").name])
    assert content(job.upload) == b"sent"


def test_the_second_of_two_workers_that_only_read_leaves_the_first_ones_file() -> None:
    job = a_job("test_read")
    plain = KINDS["test_read"].run

    def overtaken(again: Job, progress: Progress) -> Any:
        outcome = plain(again, progress)
        with patch.dict(KINDS, {"test_read": Kind(plain, writes=False)}):
            run(job.pk)
        return outcome

    with patch.dict(KINDS, {"test_read": Kind(overtaken, writes=False)}):
        done(job)
    assert job.state == Job.State.DONE
    assert content(job.file) == b"read"
    assert len(stored(job)) == 1


def test_progress_is_seen_from_outside_and_not_told_too_often() -> None:
    job = a_job()
    assert reached(job.pk) is None
    progress = Progress(job.pk)
    progress(1, 200, "rows")
    progress(2, 200, "rows")
    assert reached(job.pk) == Reached(1, 200, "rows")
    progress(0, 0, "allocating")
    assert reached(job.pk) == Reached(0, 0, "allocating")
    progress(7, 7, "allocating")
    found = reached(job.pk)
    assert found
    assert found.percent == 100


def test_a_lost_cache_hides_the_progress_and_does_not_stop_the_work() -> None:
    job = a_job()
    with (
        patch.object(cache, "set", side_effect=RedisConnectionError),
        patch.object(cache, "get", side_effect=RedisConnectionError),
    ):
        assert done(job).state == Job.State.DONE
        assert reached(job.pk) is None
