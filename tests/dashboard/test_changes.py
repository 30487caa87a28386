"""What changed and who did it: grouped by person and act, an import as one line, a reversal in sight."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config import live
from customers.models import Role, User
from dashboard.acts import ACTS
from dashboard.queries.changes import changes_since, people_at_work
from dashboard.queries.unfolding import latest_lines
from ledger import documents
from ledger.confirmation import confirm, withdraw
from ledger.forms.base import PostingForm
from ledger.invoice_way import record_step
from ledger.models import Posting
from ledger.posting import lock_customers, open_book, write
from queues import accepting
from tests.build import a_customer, a_team, a_user
from tests.ledger.desk import Desk, day, money

pytestmark = pytest.mark.django_db


@pytest.fixture
def finance() -> User:
    return a_user(Role.FINANCE, last_name="徐", first_name="海燕")


@pytest.fixture
def seller() -> User:
    return a_user(team=a_team(), last_name="王", first_name="小明")


@pytest.fixture
def desk(seller: User) -> Desk:
    return Desk(a_customer(owner=seller))


def said(user: User) -> dict[str, dict[str, Any]]:
    people = changes_since(user, timezone.localdate())
    return {person.name: {one.act: (one.count, one.sums) for one in person.changes} for person in people}


def changes(user: User, **asked: Any) -> Any:
    client = Client()
    client.force_login(user)
    return client.get(reverse("dashboard:changes"), asked)


def test_acts_are_grouped_by_person_and_kind_with_their_sums(desk: Desk, finance: User) -> None:
    invoice = desk.invoice(100, "2026-01-01")
    desk.invoice(50, "2026-01-02")
    Desk(desk.customer, by=finance).payment(30, "2026-01-03", automatic=False)
    record_step(by=finance, invoice=invoice.invoice, step="sent", date=timezone.localdate())
    assert said(finance) == {
        "王小明": {"invoice": (2, {"CNY": money(150)})},
        "徐海燕": {"payment": (1, {"CNY": money(-30)}), "step-sent": (1, {})},
    }


def test_a_reversal_and_an_allocation_say_what_they_are(desk: Desk) -> None:
    invoice = desk.invoice(100, "2026-01-01")
    payment = desk.payment(40, "2026-01-02", automatic=False)
    allocation = desk.allocate(payment, invoice, 40)
    desk.undo(allocation)
    desk.reverse(payment)
    [person] = changes_since(desk.by, timezone.localdate())
    found = {one.act: one for one in person.changes}
    assert {act: one.is_undoing for act, one in found.items()} == {
        "invoice": False,
        "payment": False,
        "allocate": False,
        "undo_allocation": True,
        "reverse": True,
    }
    assert found["reverse"].sums == {"CNY": money(40)}
    shown = changes(desk.by).content.decode()
    assert shown.count('class="badge bad"') == 2


def recorded(desk: Desk, act: str, on: datetime, *numbers: str) -> Posting:
    """Shipments of 5.00 under one act that was recorded at some moment."""
    with transaction.atomic():
        customer = lock_customers([desk.customer.pk])[desk.customer.pk]
        book = open_book(act, by=desk.by, key=uuid.uuid4(), digest="", now=on)
        book.load_open_items([customer.pk])
        for number in numbers:
            documents.shipment(book, customer, number=number, date=day("2026-01-03"), amount=money(5))
        write(book)
    return book.posting


def test_an_import_is_one_line(desk: Desk) -> None:
    recorded(desk, "import", timezone.now(), "S-1", "S-2", "S-3")
    [person] = changes_since(desk.by, timezone.localdate())
    assert [(one.act, one.count, one.entries, one.sums) for one in person.changes] == [
        ("import", 1, 3, {"CNY": money(15)})
    ]
    [row] = changes(desk.by).context["table"].paginated_rows
    assert (row.record.entry_count, row.record.total) == (3, money(15))


def test_nobody_sees_the_acts_on_others_customers(desk: Desk, finance: User) -> None:
    stranger = a_user(team=a_team())
    desk.invoice(100, "2026-01-01")
    assert changes_since(stranger, timezone.localdate()) == []
    assert changes(stranger).context["table"].paginator.count == 0
    assert changes(stranger, customer=desk.customer.pk).context["table"].paginator.count == 0
    assert changes(a_user(Role.MANAGER, team=desk.by.team)).context["table"].paginator.count == 1
    assert changes(a_user(Role.AUDITOR)).context["table"].paginator.count == 1


def test_the_list_is_filtered_by_person_act_customer_and_day(desk: Desk, finance: User) -> None:
    desk.invoice(100, "2026-01-01", number="F-1")
    Desk(desk.customer, by=finance).payment(30, "2026-01-03", automatic=False)
    recorded(Desk(a_customer(owner=desk.by)), "shipment", timezone.now() - timedelta(days=9), "S-1")
    today = timezone.localdate()

    def acts(**asked: Any) -> list[str]:
        return [row.record.act for row in changes(finance, **asked).context["table"].paginated_rows]

    assert acts() == ["payment", "invoice"], "without a day since yesterday"
    assert acts(by=finance.pk) == ["payment"]
    assert acts(act="invoice") == ["invoice"]
    assert acts(customer=desk.customer.pk) == ["payment", "invoice"]
    assert acts(since=today - timedelta(days=10)) == ["payment", "invoice", "shipment"]
    assert acts(since=today - timedelta(days=10), until=today - timedelta(days=8)) == ["shipment"]


def test_the_list_is_exported_as_it_is_seen(desk: Desk, finance: User) -> None:
    desk.invoice(100, "2026-01-01", number="F-1")
    answer = changes(finance, _export="csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "F-1" in text
    assert "100.00" in text
    assert "王小明" in text


def test_the_dashboard_keeps_up_and_says_who(desk: Desk, finance: User) -> None:
    client = Client()
    client.force_login(finance)
    version = client.get(reverse("dashboard:home")).context["live"].version
    headers = {"HX-Request": "true", "HX-Target": "dashboard-figures", live.HEADER: version, "Accept-Language": "en"}
    assert client.get(reverse("dashboard:home"), headers=headers).status_code == 204
    desk.invoice(100, "2026-01-01")
    answer = client.get(reverse("dashboard:home"), headers=headers)
    assert "1 change by 王小明" in answer.content.decode()
    assert "100.00" in answer.content.decode()


def listed(user: User, name: str, **asked: Any) -> list[str]:
    client = Client()
    client.force_login(user)
    answer = client.get(reverse(f"dashboard:{name}"), asked)
    return [row.get_cell_value("act") for row in answer.context["table"].rows]


def test_steps_and_confirmations_have_their_lists(desk: Desk, finance: User, seller: User) -> None:
    invoice = desk.invoice(100, "2026-01-01", number="F-1")
    goods = desk.shipment(50, "2026-01-02", number="S-1")
    money_in = desk.payment(30, "2026-01-03", automatic=False)
    record_step(by=seller, invoice=invoice.invoice, step="sent", date=timezone.localdate(), carrier="顺丰")
    confirm(entries=[goods, money_in], by=finance)
    withdraw(entries=[goods], by=finance)
    assert listed(finance, "steps") == ["Sent"]
    assert listed(finance, "steps", by=finance.pk) == []
    assert listed(finance, "steps", until=timezone.localdate() - timedelta(days=1)) == []
    assert listed(finance, "confirmations") == [
        "Confirmation of goods withdrawn",
        "Money confirmed",
        "Goods confirmed",
    ]
    assert listed(finance, "confirmations", act="confirmed-money", by=finance.pk) == ["Money confirmed"]
    stranger = a_user(team=a_team())
    assert listed(stranger, "steps") == listed(stranger, "confirmations") == []
    assert said(finance)["徐海燕"] == {
        "confirmed-goods": (1, {"CNY": money(50)}),
        "confirmed-money": (1, {"CNY": money(-30)}),
        "withdrawn-goods": (1, {"CNY": money(50)}),
    }


def test_each_group_unfolds_to_its_latest_and_leads_to_its_list(desk: Desk, finance: User, seller: User) -> None:
    invoice = desk.invoice(100, "2026-01-01", number="F-1")
    goods = desk.shipment(50, "2026-01-02", number="S-1")
    record_step(by=seller, invoice=invoice.invoice, step="sent", date=timezone.localdate())
    confirm(entries=[goods], by=finance)
    payment = desk.payment(30, "2026-01-03", automatic=False)
    desk.allocate(payment, invoice, 30)
    today = timezone.localdate()
    for person in changes_since(finance, today):
        for one in person.changes:
            lines = latest_lines(finance, by=person.pk, act=one.act, since=today)
            assert len(lines) == one.count, one.act
            assert {line.name for line in lines} == {desk.customer.name}
            client = Client()
            client.force_login(finance)
            address = f"{reverse(one.list_name)}?by={person.pk}&{one.filter}&since={today}"
            assert client.get(address).context["table"].paginator.count == one.count, address
            shown = client.get(
                reverse("dashboard:unfolded"), {"by": f"{person.pk or 0}", "act": one.act, "since": f"{today}"}
            )
            assert desk.customer.name in shown.content.decode()
    assert latest_lines(a_user(team=a_team()), by=seller.pk, act="invoice", since=today) == []


def test_every_act_of_the_code_has_a_name() -> None:
    """What has none would be shown as it is stored, in English."""
    posted = (form.act.__name__ for form in all_forms(PostingForm) if hasattr(form, "act"))
    acts = {"allocate_to_several", accepting.ACT, *posted}
    assert acts <= set(ACTS)


def all_forms(form: Any) -> list[Any]:
    return [one for sub in form.__subclasses__() for one in (sub, *all_forms(sub))]


def test_an_act_in_two_currencies_is_one_act_and_its_sums_stand_apart(seller: User, finance: User) -> None:
    yuan, dollars = a_customer(owner=seller), a_customer(owner=seller, currency="USD")
    with transaction.atomic():
        locked = lock_customers([yuan.pk, dollars.pk])
        book = open_book("grid", by=seller, key=uuid.uuid4(), digest="", now=timezone.now())
        for customer, amount in ((yuan, 100), (dollars, 50)):
            number = f"S-{customer.pk}"
            documents.shipment(book, locked[customer.pk], date=day("2026-01-01"), number=number, amount=money(amount))
        write(book)
    assert said(finance)[str(seller)]["grid"] == (1, {"CNY": money(100), "USD": money(50)})
    [row] = list(changes(finance).context["table"].data.data)
    assert (row.money, row.total, row.entry_count) == (None, None, 2)


def test_a_salesperson_looks_for_the_acts_of_the_own_people_alone(seller: User, finance: User) -> None:
    stranger = a_user(username="stranger")
    Desk(a_customer(owner=stranger)).invoice(1, "2026-01-01")
    Desk(a_customer(owner=seller)).invoice(1, "2026-01-01")
    offered = set(people_at_work(seller))
    assert stranger not in offered
    assert {seller, finance} <= offered
    assert stranger in set(people_at_work(finance))
