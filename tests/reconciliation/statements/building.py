"""Statements as the tests make them."""

from datetime import date, datetime, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from customers.models import Contact, Customer, User
from reconciliation.statements.making import Wish, make
from reconciliation.statements.models import Statement
from reconciliation.statements.sending import Sent, hand_out
from tests.build import a_customer, a_user
from tests.ledger.desk import Desk

JULY, SEPTEMBER = date(2026, 7, 1), date(2026, 9, 30)


def an_account(*, mark: str = "", **facts: Any) -> Desk:
    """A customer who owed 500.00, was shipped 300.00, invoiced 300.00 of it, and paid 200.00 in the third quarter."""
    customer = a_customer(owner=a_user(), **{"name": "杭州锦程纺织有限公司", **facts})
    Contact.objects.create(customer=customer, name="李会计", email="li@example.com")
    desk = Desk(customer)
    desk.opening(500, "2026-06-30", number=f"QC-1{mark}", due_date=date(2026, 6, 30))
    goods = desk.shipment(300, "2026-07-10", number=f"FH-1{mark}")
    desk.invoice(300, "2026-07-20", number=f"FP-1{mark}", shipments=[goods])
    desk.shipment(80, "2026-09-20", number=f"FH-2{mark}")
    desk.payment(200, "2026-08-15", number=f"SK-1{mark}", bank_reference="2026081500001")
    return desk


def a_statement(customer: Customer, by: User | None = None, now: datetime | None = None, **wish: Any) -> Statement:
    asked = Wish(**{"first": JULY, "last": SEPTEMBER, **wish})
    who = by or customer.owner
    assert who is not None
    return make(by=who, customer=customer, wish=asked, now=now)


def a_demand() -> date:
    return timezone.localdate() + timedelta(days=14)


def a_link(statement: Statement) -> Sent:
    assert statement.made_by is not None
    return hand_out(by=statement.made_by, statement=statement)


def path_of(sent: Sent) -> str:
    return "/s/" + sent.url.partition("/s/")[2]


def a_visitor(sent: Sent) -> tuple[Client, str]:
    """A browser that has followed the link, and the address of the page."""
    client = Client()
    return client, client.get(path_of(sent))["Location"]


def close(answer: Any) -> bytes:
    """What a download holds; its file is closed."""
    content = b"".join(answer.streaming_content)
    for closed in answer._resource_closers:
        closed()
    return content


def key_of(page: Any) -> str:
    """The key in the form of a page."""
    text = page.content.decode()
    return str(text.partition('name="key" value="')[2].partition('"')[0])
