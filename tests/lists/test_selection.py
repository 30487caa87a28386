"""Rows chosen on a list: what an action receives, and what it never does."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from config.lists.selection import Chosen
from customers.models import Customer, Role
from ledger.models import Entry
from tests.build import a_customer, a_user
from tests.ledger.desk import Desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("choosing")]


@pytest.fixture
def customer(client: Client) -> Customer:
    owner = a_user(Role.SALESPERSON)
    client.force_login(owner)
    customer = a_customer(owner=owner, currency="CNY")
    for n in range(1, 4):
        Desk(customer).invoice(100 * n, "2026-03-01", number=f"I-{n}")
    return customer


def keys(*numbers: str) -> list[int]:
    return list(Entry.objects.filter(number__in=numbers).order_by("number").values_list("pk", flat=True))


def told(client: Client, address: str = "/tell/", **posted: Any) -> str:
    response = client.post(address, posted)
    assert response.status_code == 302
    return str(list(get_messages(response.wsgi_request))[-1])


def test_each_row_can_be_chosen_and_says_its_amount_in_cents(client: Client, customer: Customer) -> None:
    page = client.get("/choosing/").content.decode()
    [key] = keys("I-2")
    assert f'value="{key}" data-row data-cents="20000" data-currency="CNY"' in page
    assert 'formaction="/tell/"' in page
    assert page.count('class="select-cell"') == 4


def test_a_list_without_actions_has_nothing_to_choose(client: Client, customer: Customer) -> None:
    assert "data-row" not in client.get("/ledger/").content.decode()


def test_an_action_receives_the_rows_that_were_chosen(client: Client, customer: Customer) -> None:
    assert told(client, rows=keys("I-1", "I-3")) == "told: I-1 I-3"


def test_rows_of_other_pages_come_in_one_field(client: Client, customer: Customer) -> None:
    assert told(client, rows=",".join(map(str, keys("I-1", "I-2"))), word="now") == "told: I-1 I-2 now"


def test_all_rows_of_the_filter_are_those_of_the_filter(client: Client, customer: Customer) -> None:
    assert told(client, all="1", filter="?q=I-2") == "told: I-2"
    assert told(client, all="1", filter="") == "told: I-1 I-2 I-3"


def test_an_action_that_takes_no_whole_filter_is_not_made_to_by_a_post(client: Client, customer: Customer) -> None:
    assert told(client, "/tell-word/", all="1", filter="", word="now") == "told:  now"
    assert told(client, "/tell-word/", all="1", rows=keys("I-2"), word="now") == "told: I-2 now"


def test_a_filter_that_is_none_chooses_nothing(client: Client, customer: Customer) -> None:
    assert told(client, all="1", filter="?since=never") == "told:"


@pytest.mark.parametrize("rows", ["x", "", "1e9", "-1", str(2**70)])
def test_keys_that_are_none_choose_nothing(client: Client, customer: Customer, rows: str) -> None:
    assert told(client, rows=rows) == "told:"


def test_nobody_chooses_what_is_not_theirs_to_see(client: Client, customer: Customer) -> None:
    client.force_login(a_user(Role.SALESPERSON))
    assert told(client, rows=keys("I-1")) == "told:"
    assert told(client, all="1", filter="") == "told:"


def test_an_action_leads_back_to_the_list_as_it_was(client: Client, customer: Customer) -> None:
    page = client.get("/choosing/?q=I-1&sort=date&page=1").content.decode()
    assert 'name="next" value="/choosing/?q=I-1&amp;sort=date"' in page
    response = client.post("/tell/", {"rows": keys("I-1"), "next": "/choosing/?q=I-1"})
    assert response["Location"] == "/choosing/?q=I-1"
    assert client.post("/tell/", {"next": "https://elsewhere.example/"})["Location"] == "/choosing/"


def test_a_key_that_was_posted_twice_counts_once() -> None:
    from django.http import QueryDict

    assert Chosen.read(QueryDict("rows=1,2&rows=2&rows=3"), whole_filter=True).keys == ["1", "2", "3"]
