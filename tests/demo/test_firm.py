"""Who works at the demo firm and who buys there."""

from collections import Counter

import pytest
from django.test import Client
from stdnum.cn import uscc

from config.demo import staff
from customers.models import Customer, Role, User
from customers.terms import TermsKind
from tests.demo.conftest import Demo

pytestmark = pytest.mark.django_db


def test_every_role_is_there_and_salespeople_and_managers_have_a_team(demo: Demo) -> None:
    roles = Counter(User.objects.values_list("role", flat=True))
    assert roles == {
        Role.SALESPERSON: 5,
        Role.MANAGER: 2,
        Role.FINANCE: 2,
        Role.AUDITOR: 1,
        Role.ADMINISTRATOR: 1,
    }
    selling = User.objects.filter(role__in=[Role.SALESPERSON, Role.MANAGER])
    assert set(selling.values_list("team__name", flat=True)) == set(staff.TEAMS)
    assert all(user.email.endswith("@example.com") for user in User.objects.all())


def test_everybody_signs_in_with_the_known_password(demo: Demo, client: Client) -> None:
    assert all(user.check_password(staff.PASSWORD) for user in User.objects.all())
    assert client.login(username="lina", password=staff.PASSWORD)


def test_companies_have_names_of_their_own_and_valid_tax_numbers(demo: Demo) -> None:
    customers = Customer.objects.all()
    assert len({customer.name for customer in customers}) == demo.outcome.customers
    chinese = [customer for customer in customers if customer.currency == "CNY"]
    assert all(uscc.is_valid(customer.tax_id) for customer in chinese)
    assert {customer.currency for customer in customers} == {"CNY", "USD", "EUR"}


def test_all_terms_regions_and_sorts_of_customers_occur(demo: Demo) -> None:
    customers = Customer.objects.all()
    assert {customer.terms_kind for customer in customers} == set(TermsKind)
    assert {"华东", "华南", "海外"} <= {customer.region for customer in customers}
    assert customers.filter(key_account=True).exists()
    assert customers.filter(credit_limit__isnull=True).exists()
    assert not customers.filter(contacts__isnull=True).exists()
    assert demo.customers["group"].branches.count() == 3


def test_one_customer_was_handed_over_and_its_old_entries_stay_with_who_sold_them(demo: Demo) -> None:
    sold_by = set(demo.entries("handed over").values_list("salesperson__username", flat=True))
    assert sold_by == {"wangqiang", "lina"}
    owner = demo.customers["handed over"].owner
    assert owner
    assert owner.username == "lina"


def test_one_customer_has_no_salesperson_and_finance_keeps_its_books(demo: Demo) -> None:
    assert demo.customers["nobody's"].owner is None
    entries = demo.entries("nobody's")
    assert not entries.filter(salesperson__isnull=False).exists()
    assert not entries.exclude(posting__by__role=Role.FINANCE).exists()
