"""Goods that wait for their invoice: by customer and month, one by its form, several with their numbers typed in."""

import uuid
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.utils import timezone

from customers.models import Role, User
from ledger.models import Entry, Kind
from ledger.verification import breaches
from tests.build import a_customer, a_user
from tests.ledger.desk import Desk, balance, money

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return Desk(a_customer(owner=a_user(role=Role.SALESPERSON), name="杭州锦程"))


@pytest.fixture
def finance(client: Client) -> User:
    user = a_user(Role.FINANCE)
    client.force_login(user)
    return user


def issue(client: Client, *rows: tuple[Desk, str, str, str], **facts: Any) -> Any:
    data = {"key": uuid.uuid4(), "date": "2026-04-02", **facts}
    for desk, month, amount, number in rows:
        data |= {f"number-{desk.customer.pk}-{month}": number, f"amount-{desk.customer.pk}-{month}": amount}
    return client.post("/queues/issue/several/", data)


def invoices() -> list[tuple[str, Any]]:
    found = Entry.objects.filter(kind=Kind.INVOICE).order_by("number")
    return list(found.values_list("number", "document_amount"))


def test_goods_are_gathered_by_customer_and_month(client: Client, desk: Desk, finance: User) -> None:
    desk.shipment(100, "2026-03-01")
    part = desk.shipment(40, "2026-03-31")
    # Paid in part, it is billed whole.
    desk.allocate(desk.payment(15, "2026-04-01", automatic=False), part, 15)
    desk.shipment(7, "2026-02-28")
    billed = desk.shipment(9, "2026-03-05")
    desk.invoice(9, "2026-03-06", shipments=[billed])
    desk.reverse(desk.shipment(11, "2026-03-07"))
    shown = client.get("/queues/issue/").content.decode()
    assert shown.index("2026-02") < shown.index("140.00")
    assert f'name="number-{desk.customer.pk}-2026-03"' in shown
    assert f'name="amount-{desk.customer.pk}-2026-03" value="140.00"' in shown
    assert shown.count("data-live-row") == 2


def test_a_row_leads_to_the_form_with_its_goods_chosen(client: Client, desk: Desk, finance: User) -> None:
    goods = [desk.shipment(100, "2026-03-01"), desk.shipment(40, "2026-03-31")]
    desk.shipment(7, "2026-02-28")
    response = client.get(f"/queues/issue/{desk.customer.pk}/2026-03/")
    assert response["Location"].startswith(f"/ledger/invoices/new/?customer={desk.customer.pk}&")
    chosen = "&".join(f"shipments={entry.pk}" for entry in goods)
    assert f"{chosen}&next=%2Fqueues%2Fissue%2F" in response["Location"]
    assert client.get(response["Location"]).status_code == 200
    assert client.get(f"/queues/issue/{desk.customer.pk}/2026-13/").status_code == 404


def test_several_are_issued_at_once(client: Client, desk: Desk, finance: User) -> None:
    other = Desk(a_customer(owner=desk.by))
    goods = [desk.shipment(100, "2026-03-01"), desk.shipment(40, "2026-03-31"), other.shipment(7, "2026-03-31")]
    desk.shipment(3, "2026-02-01")
    response = issue(
        client, (desk, "2026-03", "140.00", "FP1"), (other, "2026-03", "7.00", "FP2"), (desk, "2026-02", "3.00", "")
    )
    assert response.status_code == 302
    assert [str(m) for m in get_messages(response.wsgi_request)] == ["2 invoices were issued."]
    assert invoices() == [("FP1", money(140)), ("FP2", money(7))]
    assert not Entry.objects.unbilled().filter(pk__in=[entry.pk for entry in goods]).exists()
    assert list(breaches()) == []


def test_the_same_click_twice_issues_once(client: Client, desk: Desk, finance: User) -> None:
    desk.shipment(100, "2026-03-01")
    key = uuid.uuid4()
    for _click in range(2):
        assert issue(client, (desk, "2026-03", "100.00", "FP1"), key=key).status_code == 302
    assert invoices() == [("FP1", money(100))]


def test_what_is_refused_is_shown_again_with_its_number_and_the_others_are_issued(
    client: Client, desk: Desk, finance: User
) -> None:
    other = Desk(a_customer(owner=desk.by))
    desk.shipment(100, "2026-03-01")
    desk.invoice(5, "2026-01-01", number="FP-taken")
    other.shipment(7, "2026-03-31")
    response = issue(client, (desk, "2026-03", "100.00", "FP-taken"), (other, "2026-03", "7.00", "FP2"))
    shown = response.content.decode()
    assert response.status_code == 200
    assert 'value="FP-taken"' in shown
    assert "is in the ledger already" in shown
    assert "FP2" not in shown
    assert invoices() == [("FP-taken", money(5)), ("FP2", money(7))]


def test_goods_that_a_colleague_has_billed_or_added_meanwhile_are_not_billed_unseen(
    client: Client, desk: Desk, finance: User
) -> None:
    desk.shipment(100, "2026-03-01")
    desk.shipment(5, "2026-03-02")
    response = issue(client, (desk, "2026-03", "100.00", "FP1"))
    assert "have changed meanwhile" in response.content.decode()
    assert invoices() == []


@pytest.mark.parametrize("amount", ["", "x", "1.005", "-1", "9" * 40, "0"])
def test_a_row_whose_amount_was_tampered_with_is_shown_again(
    client: Client, desk: Desk, finance: User, amount: str
) -> None:
    desk.shipment(100, "2026-03-01")
    response = issue(client, (desk, "2026-03", amount, "FP1"))
    assert response.status_code == 200
    assert 'value="FP1"' in response.content.decode()
    assert invoices() == []


@pytest.mark.parametrize("row", [f"{2**70}-2026-03", "0-2026-03", "-1-2026-03", "x", "1-2026-13", "1-", "²-2026-03"])
def test_a_row_that_is_none_is_passed_over(client: Client, desk: Desk, finance: User, row: str) -> None:
    data = {"key": uuid.uuid4(), "date": "2026-04-02", f"number-{row}": "FP1", f"amount-{row}": "1.00"}
    assert client.post("/queues/issue/several/", data).status_code == 302
    assert invoices() == []


def test_a_day_that_has_not_come_is_refused_and_the_numbers_are_kept(
    client: Client, desk: Desk, finance: User
) -> None:
    desk.shipment(100, "2026-03-01")
    shown = issue(client, (desk, "2026-03", "100.00", "FP1"), date="2199-01-01").content.decode()
    assert 'value="FP1"' in shown
    assert invoices() == []


def test_nobody_issues_for_another(client: Client, desk: Desk) -> None:
    desk.shipment(100, "2026-03-01")
    client.force_login(a_user())
    issue(client, (desk, "2026-03", "100.00", "FP1"))
    assert client.get(f"/queues/issue/{desk.customer.pk}/2026-03/").status_code == 404
    client.force_login(a_user(Role.AUDITOR))
    assert issue(client, (desk, "2026-03", "100.00", "FP1")).status_code == 403
    assert invoices() == []


def test_the_list_is_exported(client: Client, desk: Desk, finance: User) -> None:
    desk.shipment(100, "2026-03-01")
    text = b"".join(client.get("/queues/issue/?_export=csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert "2026-03" in text
    assert "杭州锦程" in text


def test_goods_that_were_paid_before_they_were_billed_are_billed_on_request(
    client: Client, desk: Desk, finance: User
) -> None:
    """100 is open and 40 is paid whole: one bills 100, or both 140; nothing is added to what is owed."""
    day = timezone.localdate().replace(day=1)
    desk.shipment(100, day.isoformat())
    paid = desk.shipment(40, day.isoformat())
    desk.allocate(desk.payment(40, day.isoformat(), automatic=False), paid, 40)
    month = f"{day:%Y-%m}"
    field = f'name="amount-{desk.customer.pk}-{month}" value="{{}}"'
    assert field.format("100.00") in client.get("/queues/issue/").content.decode()
    assert field.format("140.00") in client.get("/queues/issue/?goods=paid").content.decode()
    assert f"shipments={paid.pk}" in client.get(f"/queues/issue/{desk.customer.pk}/{month}/?goods=paid")["Location"]
    before = balance(desk.customer)
    issue(client, (desk, month, "140.00", "FP-1"), date=timezone.localdate(), goods="paid")
    assert invoices() == [("FP-1", money(140))]
    assert balance(desk.customer) == before
    assert client.get("/queues/issue/?goods=paid").context["table"].paginator.count == 0
    assert list(breaches()) == []
