"""The same firm for a seed and a day, and a firm on any day."""

from datetime import date
from typing import Any

import pytest
from django.db import transaction

from ledger.models import Allocation, Billing, Entry, Posting
from ledger.verification import breaches
from tests.demo.conftest import NOW, build

pytestmark = [pytest.mark.any_engine, pytest.mark.django_db]


def books(**wishes: Any) -> list[Any]:
    """Everything that a build writes about money, without the keys of its rows; taken back again."""
    with transaction.atomic():
        build(**wishes)
        facts = [
            *Entry.objects.order_by("pk").values_list(
                "customer__name", "kind", "number", "date", "due_date", "amount", "open_amount", "recorded_at", "memo"
            ),
            *Allocation.objects.order_by("pk").values_list(
                "from_entry__number", "to_entry__number", "amount", "date"
            ),
            *Billing.objects.order_by("pk").values_list("invoice__number", "shipment__number", "amount"),
            *Posting.objects.order_by("pk").values_list("key", "by__username", "recorded_at"),
        ]
        transaction.set_rollback(True)
    return facts


def test_a_seed_gives_the_same_firm_on_the_same_day() -> None:
    first = books()
    assert first == books()
    assert first != books(seed=2)


@pytest.mark.parametrize("day", [date(2027, 2, 20), date(2028, 2, 29), date(2041, 1, 1)])
def test_it_can_be_built_on_any_day(day: date) -> None:
    build(now=NOW.replace(year=day.year, month=day.month, day=day.day, hour=1))
    assert list(breaches()) == []
