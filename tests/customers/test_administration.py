"""Django's administration: for administrators alone, and never a way around the books."""

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from customers.models import Customer, Role, User
from tests.build import a_customer, a_user
from tests.ledger.desk import Desk

# Django's own templates leave variables undefined.
pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

READ = ["ledger_entry", "ledger_allocation", "ledger_posting"]
EDITED = ["customers_user", "customers_team", "customers_customer"]


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(a_user(Role.ADMINISTRATOR))
    return client


@pytest.mark.parametrize("role", [role for role in Role.values if role != Role.ADMINISTRATOR])
def test_nobody_else_comes_in(client: Client, role: str) -> None:
    client.force_login(a_user(role, is_staff=True, is_superuser=True))
    for name in ("index", "customers_user_changelist", "ledger_entry_changelist"):
        assert client.get(reverse(f"admin:{name}"), follow=True).status_code == 403


def test_an_administrator_needs_no_flag_besides_the_role(administrator: Client) -> None:
    assert administrator.get(reverse("admin:index")).status_code == 200


@pytest.mark.parametrize("model", [*READ, *EDITED])
def test_every_list_opens(administrator: Client, model: str) -> None:
    desk = Desk(a_customer(owner=a_user()))
    desk.invoice(100, "2026-01-01")
    desk.payment(5, "2026-01-02")
    assert administrator.get(reverse(f"admin:{model}_changelist")).status_code == 200


@pytest.mark.parametrize("model", EDITED)
def test_people_and_customers_are_added(administrator: Client, model: str) -> None:
    assert administrator.get(reverse(f"admin:{model}_add")).status_code == 200


def test_a_user_is_given_a_role(administrator: Client) -> None:
    user = a_user()
    url = reverse("admin:customers_user_change", args=[user.pk])
    data = {"username": user.username, "role": Role.FINANCE, "is_active": "on", "language": "zh-hans"}
    assert administrator.post(url, data).status_code == 302
    assert User.objects.get(pk=user.pk).role == Role.FINANCE


def test_a_customer_is_changed(administrator: Client) -> None:
    customer = a_customer()
    url = reverse("admin:customers_customer_change", args=[customer.pk])
    data = {
        "code": customer.code,
        "name": "Renamed",
        "currency": "CNY",
        "terms_kind": "net",
        "terms_days": "30",
        "contacts-TOTAL_FORMS": "0",
        "contacts-INITIAL_FORMS": "0",
    }
    assert administrator.post(url, data).status_code == 302
    assert Customer.objects.get().name == "Renamed"


@pytest.mark.parametrize("model", READ)
def test_what_was_posted_is_read_and_never_changed(administrator: Client, model: str) -> None:
    desk = Desk(a_customer(owner=a_user()))
    entry = desk.invoice(100, "2026-01-01")
    paid = desk.payment(5, "2026-01-02")
    pk = {"ledger_entry": entry.pk, "ledger_allocation": paid.allocations_out.get().pk}.get(model, entry.posting_id)
    change = reverse(f"admin:{model}_change", args=[pk])
    assert administrator.get(change).status_code == 200
    assert administrator.post(change, {"amount": "1"}).status_code == 403
    assert administrator.get(reverse(f"admin:{model}_add")).status_code == 403
    assert administrator.post(reverse(f"admin:{model}_delete", args=[pk])).status_code == 403


def test_the_first_person_of_an_installation_is_an_administrator(client: Client) -> None:
    call_command("createsuperuser", "--noinput", username="first", email="first@example.com")
    client.force_login(User.objects.get(username="first"))
    assert client.get(reverse("admin:index")).status_code == 200
