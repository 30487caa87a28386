"""An empty firm is led from its people to its first shipment."""

import pytest
from django.test import Client
from django.urls import reverse

from customers.models import Role
from tests.build import a_customer, a_user
from tests.ledger.desk import Desk

pytestmark = pytest.mark.django_db


def page(client: Client) -> str:
    return client.get(reverse("start")).content.decode()


def test_each_step_says_when_it_is_done() -> None:
    admin = a_user(Role.ADMINISTRATOR)
    client = Client()
    client.force_login(admin)
    assert page(client).count("is-done") == 0
    assert "look around first" in page(client)
    salesperson = a_user()
    assert page(client).count("is-done") == 1
    customer = a_customer(owner=salesperson)
    assert page(client).count("is-done") == 2
    assert reverse("ledger:shipment-new") in page(client)
    Desk(customer).opening(100, "2026-01-01")
    assert page(client).count("is-done") == 3
    assert "look around first" not in page(client)
    Desk(customer).shipment(100, "2026-01-02")
    assert page(client).count("is-done") == 4


def test_who_only_reads_is_offered_nothing_to_record() -> None:
    a_customer()
    client = Client()
    client.force_login(a_user(Role.AUDITOR))
    shown = page(client)
    assert "Import a workbook" not in shown
    assert "Record a shipment" not in shown
    assert "look around first" not in shown
    assert "admin:customers_user_add" not in shown


def test_the_desk_and_the_customers_of_an_empty_firm_lead_there() -> None:
    client = Client()
    client.force_login(a_user(Role.FINANCE))
    for name in ("desk", "customers:list"):
        assert f'href="{reverse("start")}"' in client.get(reverse(name)).content.decode()
    Desk(a_customer(owner=a_user())).opening(100, "2026-01-01")
    for name in ("desk", "customers:list"):
        assert f'href="{reverse("start")}"' not in client.get(reverse(name)).content.decode()


def test_a_salesperson_without_customers_reads_who_hands_them_over() -> None:
    Desk(a_customer(owner=a_user())).opening(100, "2026-01-01")
    client = Client()
    client.force_login(a_user(Role.SALESPERSON))
    for name in ("desk", "customers:list"):
        assert f'href="{reverse("start")}"' not in client.get(reverse(name)).content.decode()
    assert "No customer is yours yet." in client.get(reverse("customers:list")).content.decode()
    # A filter that finds nothing says so, and stays.
    assert "No customer matches." in client.get(reverse("customers:list"), {"q": "x"}).content.decode()
