"""Who a customer is, who may say so, and whom to call there."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from customers.models import Contact, Customer, Role, User
from customers.services import save_customer
from tests.build import a_customer, a_team, a_user
from tests.ledger.desk import Desk
from tests.ledger.filling import filled

pytestmark = pytest.mark.django_db


@pytest.fixture
def finance(client: Client) -> Client:
    client.force_login(a_user(Role.FINANCE))
    return client


def send(client: Client, url: str, **typed: Any) -> Any:
    return client.post(url, filled(client.get(url).context["form"], **typed))


def edit(customer: Customer) -> str:
    return reverse("customers:edit", args=[customer.pk])


def test_finance_records_a_customer(finance: Client) -> None:
    owner = a_user()
    response = send(
        finance,
        reverse("customers:new"),
        code=" 0200769623 ",
        name="Blue Mill",
        owner=str(owner.pk),
        terms_kind="end_of_month",
        terms_days="15",
        credit_limit="50000",
        currency="usd",
        tax_id="91330106MA2B1C3D45",
    )
    customer = Customer.objects.get()
    assert response["Location"] == reverse("customers:detail", args=[customer.pk])
    assert (customer.code, customer.owner, customer.currency) == ("0200769623", owner, "USD")
    assert (customer.terms_kind, customer.terms_days) == ("end_of_month", 15)
    assert customer.credit_limit == Decimal("50000.00")


def test_codes_that_differ_by_leading_zeros_are_two_customers_and_warned_about(finance: Client) -> None:
    a_customer(code="0200769623", name="Blue Mill")
    data = filled(finance.get(reverse("customers:new")).context["form"], code="200769623", name="Red Mill")
    page = finance.post(reverse("customers:new"), data, follow=True).content.decode()
    assert "leading zeros" in page
    assert Customer.objects.count() == 2


def test_a_manager_is_not_warned_about_a_customer_of_another_team(client: Client) -> None:
    manager = a_user(Role.MANAGER, team=a_team())
    client.force_login(manager)
    a_customer(code="0200769623", name="Blue Mill", owner=a_user(team=a_team()))
    data = filled(client.get(reverse("customers:new")).context["form"], code="200769623", name="Red Mill")
    page = client.post(reverse("customers:new"), data, follow=True).content.decode()
    assert "Red Mill was saved" in page
    assert "leading zeros" not in page


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"code": ""}, "code"),
        ({"code": "C-1"}, "code"),
        ({"name": ""}, "name"),
        ({"currency": "RMB"}, "currency"),
        ({"currency": "KWD"}, "currency"),
        ({"credit_limit": "-1"}, "credit_limit"),
        ({"credit_limit": "1.234"}, "credit_limit"),
        ({"terms_kind": "day_of_next_month", "terms_days": "32"}, "terms_days"),
        ({"tax_id": "91330106MA2B1C3D4X"}, "tax_id"),
        ({"parent_code": "nobody"}, "parent_code"),
    ],
)
def test_a_fact_that_makes_no_sense_is_refused_at_its_field(
    finance: Client, typed: dict[str, str], field: str
) -> None:
    a_customer(code="C-1")
    response = send(finance, reverse("customers:new"), **{"code": "C-2", "name": "kept as typed", **typed})
    assert field in response.context["form"].errors
    if field != "name":
        assert 'value="kept as typed"' in response.content.decode()
    assert Customer.objects.count() == 1


def test_a_customer_is_changed(finance: Client) -> None:
    parent = a_customer(code="P-1")
    customer = a_customer(owner=a_user())
    assert send(finance, edit(customer), name="New name", parent_code="P-1", key_account=True).status_code == 302
    customer.refresh_from_db()
    assert (customer.name, customer.parent, customer.key_account) == ("New name", parent, True)


def test_two_people_at_once_keep_each_others_changes(finance: Client) -> None:
    customer = a_customer(owner=a_user(), region="East")
    page = finance.get(edit(customer)).context["form"]
    assert 'name="initial-region"' in finance.get(edit(customer)).content.decode()
    other = a_user()
    Customer.objects.filter(pk=customer.pk).update(owner=other)
    assert finance.post(edit(customer), filled(page, region="West")).status_code == 302
    customer.refresh_from_db()
    assert (customer.region, customer.owner) == ("West", other)


def test_what_two_people_say_together_must_make_sense(finance: Client) -> None:
    customer = a_customer(owner=a_user(), terms_days=15)
    page = finance.get(edit(customer)).context["form"]
    Customer.objects.filter(pk=customer.pk).update(terms_days=60)
    response = finance.post(edit(customer), filled(page, terms_kind="day_of_next_month"))
    assert "between 1 and 31" in str(response.context["form"].errors["terms_days"])
    customer.refresh_from_db()
    assert (customer.terms_kind, customer.terms_days) == ("net", 60)


def test_a_customer_is_not_its_own_parent(finance: Client) -> None:
    customer = a_customer(code="C-1", owner=a_user())
    response = send(finance, edit(customer), parent_code="C-1")
    assert "own parent" in str(response.context["form"].errors["parent_code"])


def test_the_currency_stays_once_there_are_entries(finance: Client) -> None:
    customer = a_customer(owner=a_user())
    assert send(finance, edit(customer), currency="USD").status_code == 302
    customer.refresh_from_db()
    Desk(customer).invoice(5, "2026-01-01")
    response = send(finance, edit(customer), currency="CNY")
    assert "keeps its currency" in str(response.context["form"].errors["currency"])
    customer.refresh_from_db()
    assert customer.currency == "USD"


def test_a_parent_of_another_team_stays_and_is_named_without_a_link(client: Client) -> None:
    team = a_team()
    parent = a_customer(code="P-1", name="Above All", owner=a_user(team=a_team()))
    customer = a_customer(owner=a_user(team=team), parent=parent)
    client.force_login(a_user(Role.MANAGER, team=team))
    page = client.get(reverse("customers:detail", args=[customer.pk])).content.decode()
    assert "P-1 Above All" in page
    assert reverse("customers:detail", args=[parent.pk]) not in page
    send(client, edit(customer), name="New name")
    customer.refresh_from_db()
    assert (customer.name, customer.parent) == ("New name", parent)


def test_a_manager_gives_customers_to_the_own_team_alone(client: Client) -> None:
    team = a_team()
    mate, stranger = a_user(team=team), a_user()
    client.force_login(a_user(Role.MANAGER, team=team))
    new = reverse("customers:new")
    assert "owner" in send(client, new, code="C-1", name="n", owner=str(stranger.pk)).context["form"].errors
    assert "owner" in send(client, new, code="C-1", name="n", owner=None).context["form"].errors
    assert send(client, new, code="C-1", name="n", owner=str(mate.pk)).status_code == 302
    assert Customer.objects.get().owner == mate


@pytest.mark.parametrize("role", [Role.SALESPERSON, Role.AUDITOR])
def test_terms_and_limits_are_not_for_everyone(client: Client, role: str) -> None:
    user = a_user(role)
    customer = a_customer(owner=user)
    client.force_login(user)
    for url in (reverse("customers:new"), edit(customer)):
        assert client.get(url).status_code == 403
        assert client.post(url, {"name": "mine now"}).status_code == 403
    with pytest.raises(PermissionError):
        save_customer(by=user, customer=customer)


def test_anothers_customer_is_not_found(client: Client) -> None:
    customer = a_customer(owner=a_user())
    client.force_login(a_user(Role.MANAGER, team=a_team()))
    for url in (edit(customer), reverse("customers:contacts", args=[customer.pk])):
        assert client.get(url).status_code == 404
        assert client.post(url).status_code == 404


# --- contacts -----------------------------------------------------------------------------------------------


def contact_rows(*rows: dict[str, str], stored: int = 0) -> dict[str, str]:
    data = {"contacts-TOTAL_FORMS": str(len(rows)), "contacts-INITIAL_FORMS": str(stored)}
    for n, row in enumerate(rows):
        data |= {f"contacts-{n}-{name}": value for name, value in row.items()}
    return data


@pytest.fixture
def owner() -> User:
    return a_user()


def test_only_a_contact_that_is_there_can_be_removed(client: Client, owner: User) -> None:
    customer = a_customer(owner=owner)
    Contact.objects.create(customer=customer, name="Ms Zhang")
    client.force_login(owner)
    page = client.get(reverse("customers:contacts", args=[customer.pk])).content.decode()
    assert 'name="contacts-0-DELETE"' in page
    assert "contacts-1-DELETE" not in page


def test_a_salesperson_keeps_the_contacts_of_the_own_customers(client: Client, owner: User) -> None:
    customer = a_customer(owner=owner)
    url = reverse("customers:contacts", args=[customer.pk])
    client.force_login(owner)
    assert client.get(url).status_code == 200
    assert client.post(url, contact_rows({"name": "Ms Zhang", "phone": "0571-1"})).status_code == 302
    contact = Contact.objects.get()
    kept = {"id": str(contact.pk), "name": "Ms Zhang", "DELETE": "on"}
    client.post(url, contact_rows(kept, {"name": "Mr Wu", "email": "wu@example.com"}, stored=1))
    assert [c.name for c in customer.contacts.all()] == ["Mr Wu"]


def test_a_contact_that_makes_no_sense_is_refused_and_kept(client: Client, owner: User) -> None:
    customer = a_customer(owner=owner)
    url = reverse("customers:contacts", args=[customer.pk])
    client.force_login(owner)
    response = client.post(url, contact_rows({"name": "Ms Zhang", "email": "no address"}))
    assert 'value="no address"' in response.content.decode()
    assert not Contact.objects.exists()


def test_an_auditor_changes_no_contact(client: Client) -> None:
    customer = a_customer()
    client.force_login(a_user(Role.AUDITOR))
    url = reverse("customers:contacts", args=[customer.pk])
    assert client.get(url).status_code == 403
    assert client.post(url, contact_rows({"name": "Ms Zhang"})).status_code == 403
