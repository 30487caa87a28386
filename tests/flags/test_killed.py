"""The nightly jobs on a real worker through a real Redis, killed in the middle."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import pytest
from django.db import connection, connections, transaction

from customers.models import Role
from flags.models import Digest, Flag
from flags.sweep import raise_flags
from flags.tasks import send_digests, sweep
from flags.turn import SWEEP_LOCK
from tests.build import a_customer, a_user
from tests.ledger.desk import Desk, day
from tests.worker import Worker

pytestmark = [
    pytest.mark.redis,
    pytest.mark.usefixtures("nobody_follows"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def desk() -> Desk:
    made = Desk(a_customer(owner=a_user(role=Role.SALESPERSON)))
    for _n in range(3):
        made.invoice(100, "2026-01-01")
    return made


@contextmanager
def no_sweep_can_begin() -> Iterator[None]:
    """Another session has the sweep's lock for as long as the block lasts."""
    held, let_go = Event(), Event()

    def hold() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SWEEP_LOCK])
            held.set()
            let_go.wait(60)
        connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        ended = pool.submit(hold)
        held.wait(10)
        yield
        let_go.set()
        ended.result()


def somebody_waits_for_the_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        return bool(cursor.fetchone()[0])


@pytest.mark.postgresql
def test_a_sweep_whose_worker_was_killed_is_delivered_again_and_flags_everyone_once(
    worker: Worker, desk: Desk
) -> None:
    with no_sweep_can_begin():
        sweep.delay("2026-03-01")
        worker.start()
        worker.wait_until(somebody_waits_for_the_lock)
        worker.kill()
    assert not Flag.objects.exists()
    worker.start()
    worker.wait_until(lambda: Flag.objects.exists())
    assert sorted(Flag.objects.values_list("kind", flat=True)) == ["not_sent"] * 3 + ["overdue"] * 3


def test_digests_are_sent_by_the_worker_once_however_often_they_are_asked_for(worker: Worker, desk: Desk) -> None:
    raise_flags(as_of=day("2026-03-01"))
    for _again in range(3):
        send_digests.delay("2026-03-01")
    worker.start()
    worker.wait_until(lambda: Digest.objects.filter(sent_at__isnull=False).exists())
    worker.wait_until(lambda: worker.log.read_text().count("flags.tasks.send_digests") >= 6)
    mails = "".join(path.read_text() for path in worker.mails.iterdir())
    assert mails.count("Subject:") == 1
    assert f"To: {desk.by.email}" in mails
