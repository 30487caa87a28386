"""The pages of a list: each row stands on one of them, however much it is like others."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config.lists import paging
from customers.models import Customer, Role
from flags.models import Flag
from ledger.models import Entry
from tests.build import a_customer, a_user
from tests.ledger.desk import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def finance(client: Client) -> Client:
    client.force_login(a_user(Role.FINANCE))
    return client


def codes(client: Client, said: str) -> list[str]:
    rows = client.get(f"/customers/?{said}").context["table"].paginated_rows
    return [row.record.code for row in rows]


@pytest.mark.parametrize(("sort", "first"), [("region", "Z000"), ("-region", "Z119")])
def test_rows_that_are_equal_in_what_they_are_sorted_by_stand_on_one_page_each(
    finance: Client, sort: str, first: str
) -> None:
    for n in range(120):
        a_customer(code=f"Z{n:03}", region="East")
    pages = [codes(finance, f"sort={sort}&page={page}") for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [50, 50, 20]
    assert len({code for page in pages for code in page}) == 120
    assert pages[0][0] == first


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (lambda: Customer.objects.order_by("code"), ["code"]),
        (lambda: Customer.objects.all(), []),
        (lambda: Customer.objects.order_by("region"), ["region", "pk"]),
        (lambda: Customer.objects.order_by("-region", "name"), ["-region", "name", "-pk"]),
        (lambda: Entry.objects.order_by("-date", "-id"), ["-date", "-id"]),
        (lambda: Flag.objects.by_money_at_stake(), ["-amount_at_stake", "since", "pk"]),
    ],
)
def test_an_order_ends_with_what_no_two_rows_share(rows: Any, expected: list[str]) -> None:
    assert list(paging.settled(rows()).query.order_by) == expected


def test_sums_by_group_are_left_in_their_order() -> None:
    sums = Customer.objects.order_by("region").values("region")
    assert paging.settled(sums) is sums


def test_what_a_customer_owes_is_reckoned_for_the_rows_of_the_page_alone(finance: Client) -> None:
    owner = a_user()
    for n in range(60):
        Desk(a_customer(code=f"Z{n:03}", owner=owner)).invoice(100, "2026-01-05", number=f"I-{n}")
    with CaptureQueriesContext(connection) as queries:
        rows = finance.get("/customers/?page=2").context["table"].paginated_rows
    assert [row.record.balance for row in rows] == [100] * 10
    reckoning = [sql for sql in map(str, (query["sql"] for query in queries.captured_queries)) if "U0" in sql]
    assert [sql for sql in reckoning if "open_amount" in sql and '"customers_customer"."id" IN (' not in sql] == []
