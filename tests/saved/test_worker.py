"""Sending through a real worker and a real Redis: delivered twice, and killed in the middle."""

from pathlib import Path

import pytest

from config.saved.models import Delivery, Schedule
from config.saved.tasks import send_due
from customers.models import Role
from tests.build import a_customer, a_user
from tests.saved.building import a_due_schedule, a_view
from tests.worker import Worker

pytestmark = [pytest.mark.redis, pytest.mark.django_db(transaction=True)]


def mails(folder: Path) -> int:
    return sum(path.read_text().count("Subject: ") for path in folder.glob("*")) if folder.exists() else 0


def test_a_sweep_that_is_told_twice_mails_everyone_once(worker: Worker) -> None:
    finance, other = a_user(Role.FINANCE), a_user(Role.FINANCE)
    a_customer(name="Blue Mill")
    a_due_schedule(a_view(finance), finance, other)
    worker.start(concurrency=2)
    send_due.delay()
    send_due.delay()
    worker.wait_until(lambda: Delivery.objects.filter(sent=True).count() == 2)
    worker.wait_until(lambda: worker.log.read_text().count("succeeded") == 2)
    assert mails(worker.mails) == 2
    assert Schedule.objects.get().claimed_at is None
