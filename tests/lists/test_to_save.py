"""What "Save this view" keeps of a list: its columns by name."""

from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import reverse

from config.saved.models import SavedView
from config.saved.services import keep_columns
from customers.models import Role
from tests.build import a_user

pytestmark = pytest.mark.django_db


def test_a_view_names_the_columns_that_were_seen(client: Client) -> None:
    finance = a_user(Role.FINANCE)
    keep_columns(user=finance, page="customers:list", columns="customer,balance")
    client.force_login(finance)
    page = client.get(reverse("customers:list"), {"sort": "code"})
    at = page.context["to_save"]
    assert unquote(at) == "/customers/?sort=code&columns=" + ",".join(
        column.name for column in page.context["table"].columns
    )
    client.post(reverse("saved:new"), {"at": at, "name": "Mine", "shared": "on"})
    # What its owner makes usual later changes no view.
    keep_columns(user=finance, page="customers:list", columns="customer,region")
    view = SavedView.objects.get()
    seen = client.get(view.url).context["table"]
    assert [column.name for column in seen.columns] == [column.name for column in page.context["table"].columns]


def test_columns_that_the_address_names_are_kept_as_they_are(client: Client) -> None:
    client.force_login(a_user(Role.FINANCE))
    at = client.get("/customers/?columns=balance,region&page=1").context["to_save"]
    assert at == "/customers/?columns=balance,region"


def test_a_report_without_a_choice_of_columns_names_none(client: Client) -> None:
    client.force_login(a_user(Role.FINANCE))
    assert client.get("/aging/?by=region").context["to_save"] == "/aging/?by=region"
