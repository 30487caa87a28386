"""Addresses and data that no page of ours would send: a plain refusal, never a failure."""

import pytest
from django.test import Client
from django.urls import reverse

from customers.models import Role
from tests.build import a_customer, a_user
from tests.ledger.desk import Desk
from tests.ledger.filling import filled

pytestmark = [pytest.mark.any_engine, pytest.mark.django_db]
HUGE = "9" * 30


@pytest.fixture
def desk(client: Client) -> Desk:
    user = a_user(Role.FINANCE)
    client.force_login(user)
    return Desk(a_customer(), by=user)


@pytest.mark.parametrize(
    "path",
    [
        f"/customers/{HUGE}/",
        f"/customers/{HUGE}/edit/",
        f"/ledger/{HUGE}/",
        f"/ledger/{HUGE}/reverse/",
        f"/ledger/allocations/{HUGE}/undo/",
        f"/ledger/payments/new/?customer={HUGE}",
        "/ledger/payments/new/?customer=1%00",
    ],
)
def test_what_cannot_exist_is_not_found(client: Client, desk: Desk, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        f"/customers/?owner={HUGE}&region=%00&q=%00",
        f"/customers/?q={'a+' * 500}",
        f"/ledger/?customer={HUGE}&salesperson=x&since=2026-99-99&page={HUGE}",
        "/ledger/?q=%00&sort=%00&kind=&state=nothing",
        f"/customers/options/?customer_search=%00{'a+' * 500}",
    ],
)
def test_a_list_that_is_asked_nonsense_answers(client: Client, desk: Desk, path: str) -> None:
    desk.invoice(5, "2026-01-01")
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("name", ["reverses", "invoice"])
def test_a_form_does_not_follow_a_document_that_cannot_exist(client: Client, desk: Desk, name: str) -> None:
    page = reverse("ledger:credit-note-new")
    assert client.get(f"{page}?customer={desk.customer.pk}&{name}={HUGE}").status_code == 404


@pytest.mark.parametrize("page", ["ledger:shipment-new", "ledger:invoice-new", "ledger:payment-new"])
def test_a_form_without_its_parts_is_refused_and_not_posted(client: Client, desk: Desk, page: str) -> None:
    address = reverse(page)
    for data in (
        {},
        {"customer": desk.customer.pk},
        {"customer": desk.customer.pk, "_redraw": "x"},
        {"customer": desk.customer.pk, "_add": "lines", "lines-TOTAL_FORMS": "x"},
        {"customer": desk.customer.pk, "_add": "lines", "lines-TOTAL_FORMS": HUGE},
        {"customer": desk.customer.pk, "_add": "lines", "lines-TOTAL_FORMS": "9" * 5_000},
        {"customer": desk.customer.pk, "shipments": [HUGE], "shipment": HUGE, "key": "no key", "memo": "\x00"},
    ):
        assert client.post(address, data).status_code == 200


def test_a_text_that_is_too_long_is_refused_at_its_field(client: Client, desk: Desk) -> None:
    address = reverse("ledger:payment-new")
    form = client.get(f"{address}?customer={desk.customer.pk}").context["form"]
    response = client.post(address, filled(form, amount="5", number="x" * 61, memo="y" * 201))
    assert set(response.context["form"].errors) == {"number", "memo"}


def test_markup_in_names_stays_text(client: Client, desk: Desk) -> None:
    desk.customer.name = "<script>alert(1)</script>"
    desk.customer.save()
    entry = desk.invoice(5, "2026-01-01", number="<b>I</b>", memo="<i>memo</i>")
    for address in (
        reverse("customers:list"),
        reverse("customers:detail", args=[desk.customer.pk]),
        reverse("customers:options"),
        reverse("ledger:entries"),
        reverse("ledger:entry", args=[entry.pk]),
        f"{reverse('ledger:payment-new')}?customer={desk.customer.pk}",
    ):
        page = client.get(address).content.decode()
        assert "<script>alert" not in page
        assert "<b>I" not in page
        assert "<i>memo" not in page
