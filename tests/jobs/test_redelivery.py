"""Jobs through a real worker and a real Redis: killed in the middle, delivered twice, lost with the broker."""

import os
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import redis
from django.db import connection, connections
from django.utils import timezone

from config import broker
from config.jobs import running, services
from config.jobs.models import Job
from config.jobs.progress import reached
from config.jobs.services import LOST_AFTER, enqueue, requeue_lost, send
from customers.models import Customer
from tests.build import a_user
from tests.jobs import kinds
from tests.worker import ROOT, Worker, database_url

pytestmark = [pytest.mark.redis, pytest.mark.django_db(transaction=True)]
KINDS = (kinds.__name__,)
State = Job.State


def state(job: Job) -> str:
    job.refresh_from_db()
    return job.state


def customers() -> int:
    return Customer.objects.count()


def test_a_worker_does_the_job_and_its_progress_is_seen_meanwhile(worker: Worker) -> None:
    worker.start(also=KINDS)
    job = enqueue(user=a_user(), kind="test_write", params={"codes": list("ABCD"), "seconds": 0.7})
    worker.wait_until(lambda: reached(job.pk) is not None)
    assert state(job) == State.RUNNING
    assert customers() == 0, "nobody sees half a job"
    worker.wait_until(lambda: state(job) == State.DONE)
    assert customers() == 4
    assert Path(job.file.path).read_text() == "code\nA\nB\nC\nD"


def test_a_job_whose_worker_was_killed_is_delivered_again_and_done_once(worker: Worker) -> None:
    worker.start(also=KINDS)
    job = enqueue(user=a_user(), kind="test_write", params={"codes": list("ABC"), "seconds": 1})
    worker.wait_until(lambda: reached(job.pk) is not None)
    worker.kill()
    assert state(job) == State.RUNNING
    assert customers() == 0, "nothing is half done"
    worker.start(also=KINDS)
    worker.wait_until(lambda: state(job) == State.DONE)
    assert job.attempts == 2
    assert customers() == 3


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="no /proc to look for children in")
def test_a_job_whose_process_was_killed_for_want_of_memory_is_done_by_the_next(worker: Worker) -> None:
    worker.environment["CELERY_VISIBILITY_TIMEOUT"] = "3600"
    worker.start(also=KINDS)
    job = enqueue(user=a_user(), kind="test_write", params={"codes": list("ABC"), "seconds": 0.7})
    worker.wait_until(lambda: reached(job.pk) is not None)
    worker.kill_children()
    worker.wait_until(lambda: state(job) == State.DONE)
    assert job.attempts == 2
    assert customers() == 3


def test_what_the_broker_forgot_is_found_in_the_database(worker: Worker, broker_url: str) -> None:
    job = enqueue(user=a_user(), kind="test_write", params={"codes": ["A"]})
    with redis.Redis.from_url(broker_url) as client:
        client.flushdb()
    worker.start(also=KINDS)
    Job.objects.filter(pk=job.pk).update(sent_at=timezone.now() - LOST_AFTER - timedelta(seconds=1))
    assert requeue_lost() == 1
    worker.wait_until(lambda: state(job) == State.DONE)
    assert customers() == 1


def test_a_job_delivered_twice_is_done_once(worker: Worker) -> None:
    job = enqueue(user=a_user(), kind="test_write", params={"codes": ["A", "B"], "seconds": 0.5})
    send(job.pk)
    worker.start(also=KINDS)
    worker.start(also=KINDS)
    worker.wait_until(lambda: state(job) == State.DONE)
    worker.wait_until(lambda: worker.log.read_text().count("succeeded") == 2)
    assert customers() == 2
    assert "IntegrityError" not in worker.log.read_text()


@pytest.mark.postgresql
def test_while_one_worker_is_at_a_job_another_lets_it_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite has one writer at a time: the other one waits there, and finds the job over."""
    job = enqueue(user=a_user(), kind="test_write", params={"codes": ["A"]})
    inside, go_on = threading.Event(), threading.Event()

    def slow(*args: Any) -> Any:
        inside.set()
        assert go_on.wait(20)
        return plain(*args)

    plain = running._finish
    monkeypatch.setattr(running, "_finish", slow)

    def first_worker() -> None:
        try:
            running.run(job.pk)
        finally:
            connection.close()

    thread = threading.Thread(target=first_worker)
    thread.start()
    try:
        assert inside.wait(20)
        running.run(job.pk)
        assert state(job) == State.RUNNING
        assert job.attempts == 1
        monkeypatch.setattr(services, "LOST_AFTER", timedelta(0))
        assert requeue_lost() == 0, "a job that is held is not lost, however long it takes"
    finally:
        go_on.set()
        thread.join()
    assert state(job) == State.DONE
    assert customers() == 1
    connections.close_all()


def test_a_broker_that_is_gone_fails_the_job_within_seconds(tmp_path: Path, settings: Any) -> None:
    """Without patches: the product's own way to a server that was there a moment ago."""
    private = broker.PrivateRedis(tmp_path)
    process = subprocess.Popen(private.command(), stdout=subprocess.DEVNULL)
    private.wait(process)
    process.kill()
    process.wait()
    began = timezone.now()
    job = _enqueue_elsewhere(private.url, a_user().pk)
    assert state(job) == State.FAILED
    assert "try again" in job.error
    assert timezone.now() - began < timedelta(seconds=20)


def _enqueue_elsewhere(url: str, user: int) -> Job:
    """In a process of its own, whose Celery knows no other broker."""
    script = (
        "import django; django.setup()\n"
        "from config.jobs.services import enqueue\n"
        "from customers.models import User\n"
        f"print(enqueue(user=User.objects.get(pk={user}), kind='test_write', language='en').pk)"
    )
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": database_url(),
        "REDIS_URL": url,
        "LANGUAGE_CODE": "en",
    }
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, check=True)
    return Job.objects.get(pk=done.stdout.decode().strip())
