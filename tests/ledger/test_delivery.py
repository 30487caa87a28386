"""The day on which goods arrived, recorded after they were shipped."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import Role
from ledger.delivery import record_delivery
from ledger.errors import InvalidDocument, NotPermitted
from ledger.models import Shipment
from tests.build import a_customer, a_user
from tests.ledger.desk import Desk, day

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return Desk(a_customer(owner=a_user(role=Role.SALESPERSON)))


def delivered_on(shipment: Shipment) -> date | None:
    return Shipment.objects.get(pk=shipment.pk).delivered_on


def test_a_delivery_is_recorded_and_recorded_anew(desk: Desk) -> None:
    goods = desk.shipment(100, "2026-01-05").shipment
    record_delivery(by=desk.by, shipment=goods, date=day("2026-01-09"))
    record_delivery(by=desk.by, shipment=goods, date=day("2026-01-08"))
    assert delivered_on(goods) == day("2026-01-08")


def test_goods_arrive_neither_before_they_are_shipped_nor_in_the_future(desk: Desk) -> None:
    goods = desk.shipment(100, "2026-01-05").shipment
    for on in (day("2026-01-04"), timezone.localdate() + timedelta(days=1)):
        with pytest.raises(InvalidDocument):
            record_delivery(by=desk.by, shipment=goods, date=on)
    assert delivered_on(goods) is None


def test_nothing_of_a_reversed_shipment_is_delivered(desk: Desk) -> None:
    goods = desk.shipment(100, "2026-01-05")
    desk.reverse(goods, "2026-01-06")
    with pytest.raises(InvalidDocument, match="reversed"):
        record_delivery(by=desk.by, shipment=goods.shipment, date=day("2026-01-07"))
    assert delivered_on(goods.shipment) is None


def test_nobody_records_a_delivery_to_another_salespersons_customer(desk: Desk) -> None:
    goods = desk.shipment(100, "2026-01-05").shipment
    with pytest.raises(NotPermitted):
        record_delivery(by=a_user(role=Role.SALESPERSON), shipment=goods, date=day("2026-01-06"))
    assert delivered_on(goods) is None


def test_the_delivery_is_recorded_on_a_page_of_its_own(client: Client, desk: Desk) -> None:
    client.force_login(desk.by)
    goods = desk.shipment(100, "2026-01-05")
    page = reverse("ledger:delivery", args=[goods.pk])
    assert page in client.get(reverse("ledger:entry", args=[goods.pk])).content.decode()
    refusal = client.post(page, {"date": "2026-01-04"})
    assert "before they are shipped" in refusal.content.decode()
    assert client.post(page, {"date": "2026-01-06"}).status_code == 302
    assert delivered_on(goods.shipment) == day("2026-01-06")
    assert client.get(reverse("ledger:delivery", args=[desk.invoice(1, "2026-01-05").pk])).status_code == 404
