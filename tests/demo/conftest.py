from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from config.demo.services import Outcome, build_demo
from customers.models import Customer
from ledger.models import Entry, EntryQuerySet
from tests.build import whole_cast

NOW = datetime(2026, 11, 23, 11, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def build(**wishes: Any) -> Outcome:
    return build_demo(**{"now": NOW, "customers": whole_cast() + 9, "invoices": 250, **wishes})


class Demo:
    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self.customers: dict[str, Customer] = {story.key: story.customer for story in outcome.stories}

    def entries(self, story: str) -> EntryQuerySet:
        return Entry.objects.filter(customer=self.customers[story])


@pytest.fixture(scope="module")
def demo(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Demo]:
    """Built once for the tests of a module that only look at it, and taken back after the last."""
    quick = override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        MEDIA_ROOT=tmp_path_factory.mktemp("files"),
    )
    with quick, django_db_blocker.unblock(), transaction.atomic():
        yield Demo(build())
        transaction.set_rollback(True)
