"""The list page: page or fragment, sorting, paging, chips, and the address that says what is shown."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from config.lists import exporting
from customers.models import Role
from tests.build import a_customer, a_user

pytestmark = pytest.mark.django_db
FRAGMENT = {"HX-Request": "true", "HX-Target": "list"}


@pytest.fixture
def url(client: Client) -> str:
    client.force_login(a_user(Role.FINANCE))
    return reverse("customers:list")


def without_token(page: str) -> str:
    """A form's token is another one in every answer."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


def names(response: Any) -> list[str]:
    return [row.record.name for row in response.context["table"].paginated_rows]


def test_htmx_receives_the_list_alone_and_the_address_without_what_is_empty(client: Client, url: str) -> None:
    a_customer(name="Blue Mill")
    response = client.get(url, {"q": "blue", "region": "", "page": "1"}, headers=FRAGMENT)
    page = response.content.decode()
    assert page.lstrip().startswith('<section id="list"')
    assert "<html" not in page
    assert response["HX-Push-Url"] == f"{url}?q=blue"
    assert "HX-Request" in response["Vary"]


def test_the_address_of_a_fragment_says_which_page_it_is(client: Client, url: str) -> None:
    for n in range(51):
        a_customer(code=f"Z{n:03}")
    response = client.get(url, {"sort": "-code", "page": "2"}, headers=FRAGMENT)
    assert response["HX-Push-Url"] == f"{url}?sort=-code&page=2"
    assert client.get(url, {"page": "99"}, headers=FRAGMENT)["HX-Push-Url"] == f"{url}?page=2"


def test_page_and_fragment_show_the_same_list(client: Client, url: str) -> None:
    a_customer(name="Blue Mill")
    fragment = without_token(client.get(url, headers=FRAGMENT).content.decode())
    assert fragment.strip() in without_token(client.get(url).content.decode())


def test_a_page_holds_fifty_rows_and_leads_to_the_next(client: Client, url: str) -> None:
    for n in range(51):
        a_customer(code=f"Z{n:03}", name=f"name {n}")
    first = client.get(url, {"q": "name"})
    assert len(names(first)) == 50
    assert "51 rows" in first.content.decode()
    assert names(client.get(url, {"q": "name", "page": "2"})) == ["name 50"]
    assert "q=name&amp;page=2" in first.content.decode()


@pytest.mark.parametrize("page", ["0", "-1", "99", "x"])
def test_a_page_that_is_none_shows_one_that_is(client: Client, url: str, page: str) -> None:
    a_customer(name="only")
    assert names(client.get(url, {"page": page})) == ["only"]


def test_sorting_keeps_the_filter_and_begins_again_at_the_first_page(client: Client, url: str) -> None:
    a_customer(name="Blue Mill")
    page = client.get(url, {"q": "blue", "page": "1"}).content.decode()
    assert "?q=blue&amp;sort=-code" in page
    assert "sort=-code&amp;page" not in page


def test_a_column_that_is_none_does_not_sort(client: Client, url: str) -> None:
    a_customer(name="only")
    assert names(client.get(url, {"sort": "owner__password"})) == ["only"]


def test_a_chip_says_what_is_filtered_and_leads_to_the_list_without(client: Client, url: str) -> None:
    owner = a_user(last_name="王", first_name="小明")
    a_customer(owner=owner, region="East")
    response = client.get(url, {"owner": str(owner.pk), "region": "East", "overdue": "no"})
    chips = [(chip.label, chip.value, chip.url) for chip in response.context["chips"]]
    assert chips == [
        ("Salesperson", "王小明", "?region=East&overdue=no"),
        ("Region", "East", f"?owner={owner.pk}&overdue=no"),
        ("Has overdue", "no", f"?owner={owner.pk}&region=East"),
    ]


def test_an_empty_list_says_so(client: Client, url: str) -> None:
    a_customer()
    assert "No customer matches" in client.get(url, {"q": "nobody"}).content.decode()


def test_an_export_that_is_too_long_is_refused_in_words(
    client: Client, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "LARGEST", 1)
    for _n in range(2):
        a_customer(region="East")
    response = client.get(url, {"_export": "xlsx", "region": "East"}, follow=True)
    assert response.redirect_chain == [(f"{url}?region=East", 302)]
    assert "narrow the filters" in response.content.decode()


def test_an_export_of_a_kind_that_is_none_shows_the_page(client: Client, url: str) -> None:
    assert client.get(url, {"_export": "exe"}).status_code == 200
