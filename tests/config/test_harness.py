"""The ground that the tests stand on holds: guards survive a flush, and nothing is sent unless asked for."""

import pytest
import redis
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction

from config.jobs.tasks import run
from customers.models import Customer
from ledger.models import Posting
from tests.build import a_customer, a_user
from tests.ledger.desk import Desk


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ["first", "again"])
def test_a_flushed_database_is_empty_and_still_guarded(time: str) -> None:
    assert not Customer.objects.exists(), f"the {time} time too"
    Desk(a_customer(owner=a_user())).invoice(100, "2026-01-05")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM ledger_posting")
    assert Posting.objects.exists()


def test_a_task_goes_nowhere_by_itself(sent_tasks: list[tuple[str, tuple[object, ...]]]) -> None:
    run.delay("key")
    assert sent_tasks == [("config.jobs.tasks.run", ("key",))]


def test_a_task_reaches_the_broker_when_the_test_asks_for_one(broker_url: str) -> None:
    cache.set("seen", 1)
    run.delay("key")
    with redis.Redis.from_url(broker_url) as client:
        assert client.llen("celery") == 1
        assert client.keys(":1:seen") == [b":1:seen"]
