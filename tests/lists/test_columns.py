"""Which columns a list leaves out where there is little room."""

import re

import pytest
from django.test import Client

from customers.models import Role
from tests.build import a_customer, a_user
from tests.ledger.desk import Desk

pytestmark = pytest.mark.django_db


def test_columns_that_somebody_chose_stay_on_a_small_desk(client: Client) -> None:
    user = a_user(Role.FINANCE)
    client.force_login(user)
    Desk(a_customer(owner=a_user())).invoice(100, "2026-03-01")
    usual, chosen = (client.get(f"/ledger/{query}").content.decode() for query in ("", "?columns=number,salesperson"))
    assert 'class="table list"' in usual
    assert re.search(r'<td class="[^"]*roomy-only[^"]*" data-label="Salesperson"', usual)
    assert 'class="table list own-columns"' in chosen


def test_a_phone_says_the_currency_where_it_is_not_the_home_currency(client: Client) -> None:
    client.force_login(a_user(Role.FINANCE))
    for currency in ("CNY", "USD"):
        Desk(a_customer(owner=a_user(), currency=currency)).invoice(100, "2026-03-01")
    shown = client.get("/ledger/").content.decode()
    cells = dict(map(reversed, re.findall(r'<td class="([^"]*)" data-label="Currency">(\w+)', shown)))
    assert "wide-only" in cells["CNY"]
    assert "wide-only" not in cells["USD"]
