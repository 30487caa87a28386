import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from customers.models import Role
from ledger.models import Allocation, Billing, Entry
from ledger.verification import LAWS, breaches
from tests.build import a_customer, a_user
from tests.ledger.desk import Desk, day, money

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return Desk(a_customer(owner=a_user(role=Role.SALESPERSON)))


def broken() -> set[str]:
    return {breach.law for breach in breaches()}


def verify(**options: Any) -> str:
    out = StringIO()
    call_command("verify_ledger", stdout=out, **options)
    return out.getvalue()


def test_sound_books_pass(desk: Desk) -> None:
    desk.invoice(100, "2026-01-01")
    desk.payment(40, "2026-01-10")
    assert json.loads(verify(format="json")) == {"ok": True, "laws": list(LAWS), "breaches": []}
    assert "laws hold" in verify()


def test_a_changed_open_amount_is_found_and_the_exit_status_says_so(desk: Desk) -> None:
    bill = desk.invoice(100, "2026-01-01")
    Entry.objects.filter(pk=bill.pk).update(open_amount=money(90))
    assert broken() == {"open_amount", "balance"}
    out = StringIO()
    with pytest.raises(CommandError) as failure:
        call_command("verify_ledger", format="json", stdout=out)
    assert failure.value.returncode == 1
    answer = json.loads(out.getvalue())
    assert not answer["ok"]
    assert {"law": "open_amount", "key": bill.pk, "found": "9000", "expected": "10000"}.items() <= answer["breaches"][
        0
    ].items()


def test_a_wrong_closing_day_is_found(desk: Desk) -> None:
    bill = desk.invoice(100, "2026-01-01")
    desk.payment(100, "2026-01-10")
    Entry.objects.filter(pk=bill.pk).update(closed_on=day("2026-01-11"))
    assert broken() == {"closed_on"}


def test_an_allocation_smuggled_past_the_services_is_found(desk: Desk) -> None:
    bill, payment = desk.invoice(100, "2026-01-01"), desk.payment(300, "2026-01-10", automatic=False)
    Allocation.objects.create(
        posting=bill.posting,
        customer=desk.customer,
        from_entry=payment,
        to_entry=bill,
        amount=money(-150),
        date=day("2026-02-01"),
        recorded_at=timezone.now(),
    )
    assert broken() == {"open_amount", "sign"}


def test_goods_billed_beyond_their_worth_are_found(desk: Desk) -> None:
    goods = desk.shipment(100, "2026-01-01")
    bill = desk.invoice(100, "2026-01-05", shipments=[goods])
    Billing.objects.create(
        posting=bill.posting,
        customer=desk.customer,
        invoice=bill,
        shipment=goods,
        amount=money(1),
        date=day("2026-02-01"),
        recorded_at=timezone.now(),
    )
    assert broken() == {"billed", "owed_once"}


def test_lines_that_do_not_add_up_are_found(desk: Desk) -> None:
    goods = desk.shipment(100, "2026-01-01")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_shipmentline (shipment_id, position, product, quantity, unit, unit_price, amount)"
            " VALUES (%s, 1, 'bolt', 10000, '', 1000000, 9999)",
            [goods.pk],
        )
    assert broken() == {"lines"}
