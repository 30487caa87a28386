"""The list of customers and one customer's ledger."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import Contact, Customer, Role, User
from ledger.models import Entry
from ledger.queries.accounts import Position, customers_with_totals, ledger_page, open_items
from tests.build import a_customer, a_team, a_user
from tests.ledger.desk import Desk, balance, money

pytestmark = pytest.mark.django_db
LIST = "customers:list"


@pytest.fixture
def desk() -> Desk:
    return Desk(a_customer(owner=a_user(), name="Blue Mill", code="0100", region="East"))


@pytest.fixture
def salesperson(client: Client, desk: Desk) -> Client:
    client.force_login(desk.by)
    return client


def page_of(client: Client, customer: Customer, query: str = "", section: str = "detail", **headers: str) -> Any:
    return client.get(f"{reverse(f'customers:{section}', args=[customer.pk])}{query}", headers=headers)


def names(response: Any) -> list[str]:
    return [row.record.name for row in response.context["table"].paginated_rows]


def test_the_list_shows_what_each_customer_owes(salesperson: Client, desk: Desk) -> None:
    desk.invoice(100, "2026-01-01")
    desk.shipment(30, "2026-01-02")
    desk.payment(20, "2026-01-03", automatic=False)
    future = timezone.localdate() + timedelta(days=9)
    desk.invoice(7, "2026-01-04", due_date=future)
    row = salesperson.get(reverse(LIST)).context["table"].paginated_rows[0].record
    assert (row.balance, row.overdue, row.receivable) == (money(117), money(100), money(107))
    assert (row.unbilled, row.unapplied) == (money(30), money(-20))


def test_the_totals_are_those_of_the_whole_result(client: Client) -> None:
    client.force_login(a_user(Role.FINANCE))
    owner = a_user()
    for _n in range(52):
        Desk(a_customer(owner=owner)).invoice(10, "2026-01-01")
    response = client.get(reverse(LIST))
    assert len(names(response)) == 50
    totals = {column.name: total for column, total in response.context["totals"]}
    assert totals["balance"] == money(520)


def test_documents_dated_ahead_are_named_as_such(salesperson: Client, desk: Desk) -> None:
    desk.invoice(100, "2026-01-01")
    assert not page_of(salesperson, desk.customer).context["customer"].has_documents_ahead
    desk.invoice(7, (timezone.localdate() + timedelta(days=1)).isoformat())
    assert "dated after today" in page_of(salesperson, desk.customer).content.decode()


def test_two_currencies_are_never_added_up(client: Client) -> None:
    client.force_login(a_user(Role.FINANCE))
    owner = a_user()
    for currency in ("CNY", "EUR"):
        Desk(a_customer(owner=owner, currency=currency)).invoice(10, "2026-01-01")
    assert not any(total for _column, total in client.get(reverse(LIST)).context["totals"])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "blue"}, ["Blue Mill"]),
        ({"q": "0200"}, ["Red Mill"]),
        ({"q": "mill 01"}, ["Blue Mill"]),
        ({"region": "West"}, ["Red Mill"]),
        ({"overdue": "yes"}, ["Blue Mill"]),
        ({"overdue": "no"}, ["Red Mill"]),
        ({"key_account": "yes"}, ["Red Mill"]),
        ({"q": "nobody"}, []),
    ],
)
def test_the_list_is_filtered(salesperson: Client, desk: Desk, query: dict[str, str], found: list[str]) -> None:
    desk.invoice(100, "2026-01-01")
    a_customer(owner=desk.by, name="Red Mill", code="0200", region="West", key_account=True)
    assert names(salesperson.get(reverse(LIST), query)) == found


def test_the_list_is_filtered_by_salesperson(client: Client, desk: Desk) -> None:
    client.force_login(a_user(Role.FINANCE))
    a_customer(owner=a_user(), name="Red Mill")
    assert names(client.get(reverse(LIST), {"owner": desk.by.pk})) == ["Blue Mill"]


def test_the_list_is_sorted_by_what_is_owed(salesperson: Client, desk: Desk) -> None:
    Desk(a_customer(owner=desk.by, name="Red Mill")).invoice(5, "2026-01-01")
    assert names(salesperson.get(reverse(LIST), {"sort": "-balance"})) == ["Red Mill", "Blue Mill"]


def test_everyone_sees_the_customers_that_are_theirs(client: Client, desk: Desk) -> None:
    team = a_team()
    of_team = a_customer(owner=a_user(team=team), name="Of the team")

    def seen(user: User) -> set[str]:
        client.force_login(user)
        return set(names(client.get(reverse(LIST))))

    assert seen(desk.by) == {"Blue Mill"}
    assert seen(a_user(Role.MANAGER, team=team)) == {of_team.name}
    for role in (Role.FINANCE, Role.AUDITOR, Role.ADMINISTRATOR):
        assert seen(a_user(role)) == {"Blue Mill", of_team.name}


def test_the_cost_of_the_list_does_not_grow_with_its_rows(
    salesperson: Client, desk: Desk, django_assert_max_num_queries: Any
) -> None:
    for _n in range(20):
        Desk(a_customer(owner=desk.by)).invoice(10, "2026-01-01")
    with django_assert_max_num_queries(9):
        salesperson.get(reverse(LIST))


def test_the_ledger_says_what_each_document_says_beside_the_balance(salesperson: Client, desk: Desk) -> None:
    desk.opening(10, "2026-01-01")
    goods = desk.shipment(100, "2026-01-02")
    desk.invoice(100, "2026-01-03", shipments=[goods])
    desk.payment(60, "2026-01-04")
    desk.goods_return(5, "2026-01-05")
    desk.discount(2, "2026-01-06")
    lines = page_of(salesperson, desk.customer, section="ledger").context["ledger"].lines
    shown = [(line.shipped, line.invoiced, line.received, line.other, line.balance) for line in lines]
    assert shown == [
        (None, None, None, money(-2), money(43)),
        (money(-5), None, None, None, money(45)),
        (None, None, money(60), None, money(50)),
        (None, money(100), None, None, money(110)),
        (money(100), None, None, None, money(110)),
        (None, None, None, money(10), money(10)),
    ]


def test_the_running_balance_carries_on_over_the_pages(desk: Desk) -> None:
    for n in range(1, 8):
        desk.invoice(n, f"2026-01-0{(n + 1) // 2}")
    first = ledger_page(desk.customer, balance=balance(desk.customer), size=3)
    assert first.older is not None
    second = ledger_page(
        desk.customer, balance=balance(desk.customer), before=Position.read(str(first.older)), size=3
    )
    assert second.older is not None
    third = ledger_page(desk.customer, balance=balance(desk.customer), before=second.older, size=3)
    lines = [*first.lines, *second.lines, *third.lines]
    assert [line.balance for line in lines] == [money(n) for n in (28, 21, 15, 10, 6, 3, 1)]
    assert third.older is None


def test_older_lines_come_as_a_fragment(salesperson: Client, desk: Desk) -> None:
    for n in range(60):
        desk.invoice(1, "2026-01-01", number=f"I-{n}")
    response = page_of(salesperson, desk.customer, section="ledger")
    older = response.context["ledger"].older
    asked = {"HX-Request": "true", "HX-Target": "ledger"}
    fragment = page_of(salesperson, desk.customer, f"?before={older}", "ledger", **asked)
    page = fragment.content.decode()
    assert page.lstrip().startswith("<section")
    assert "I-9<" in page
    assert "I-10<" not in page
    whole = page_of(salesperson, desk.customer, f"?before={older}", "ledger").content.decode()
    assert "<html" in whole
    assert "I-9<" in whole


@pytest.mark.parametrize("before", ["yesterday", "2026-01-01", "2026-01-01.x", "2026-13-01.5"])
def test_a_place_in_the_ledger_that_is_none_is_not_found(salesperson: Client, desk: Desk, before: str) -> None:
    assert page_of(salesperson, desk.customer, f"?before={before}", "ledger").status_code == 404


def test_the_totals_say_what_is_open(salesperson: Client, desk: Desk) -> None:
    desk.invoice(100, "2026-01-01")
    desk.shipment(30, "2026-01-02")
    desk.payment(20, "2026-01-03", automatic=False)
    totals = page_of(salesperson, desk.customer).context["heading"].totals
    assert totals.balance == balance(desk.customer) == money(110)
    assert (totals.receivable, totals.overdue, totals.unbilled, totals.unapplied) == (
        money(100),
        money(100),
        money(30),
        money(-20),
    )


def test_open_items_say_how_long_they_are_overdue_and_what_their_invoice_waits_for(desk: Desk) -> None:
    today = timezone.localdate()
    desk.invoice(100, "2026-01-01", due_date=today - timedelta(days=3))
    desk.invoice(
        50, "2026-01-02", due_date=today + timedelta(days=1), sent_on=today - timedelta(days=2), number="sent one"
    )
    late, early = open_items(desk.customer, on=today).debts
    assert (late.days_past_due, late.is_overdue, late.next_step) == (3, True, "sent")
    assert (early.days_past_due, early.is_overdue, early.next_step) == (-1, False, "received")


def test_a_shipment_that_is_billed_in_part_says_so(salesperson: Client, desk: Desk) -> None:
    part, none = desk.shipment(100, "2026-01-01"), desk.shipment(100, "2026-01-02")
    desk.invoice(40, "2026-01-03", shipments=[part])
    debts = open_items(desk.customer, on=timezone.localdate()).debts
    assert {item.entry for item in debts if item.is_partly_billed} == {part}
    assert none in {item.entry for item in debts}
    assert page_of(salesperson, desk.customer).content.decode().count(">partly billed<") == 1


@pytest.mark.parametrize(
    ("kind", "days", "said"),
    [
        ("net", 30, "net 30 days"),
        ("end_of_month", 15, "end of month plus 15 days"),
        ("day_of_next_month", 5, "day 5 of the next month"),
    ],
)
def test_terms_are_said_in_words(salesperson: Client, desk: Desk, kind: str, days: int, said: str) -> None:
    Customer.objects.filter(pk=desk.customer.pk).update(terms_kind=kind, terms_days=days)
    assert said in page_of(salesperson, desk.customer).content.decode()


def test_more_open_items_than_fit_are_pointed_to(desk: Desk) -> None:
    for _n in range(4):
        desk.invoice(1, "2026-01-01")
    found = open_items(desk.customer, on=timezone.localdate(), most=3)
    assert (len(found.debts), found.is_cut) == (3, True)


def test_the_page_offers_the_step_that_the_invoice_waits_for(salesperson: Client, desk: Desk) -> None:
    bill = desk.invoice(100, "2026-01-01")
    page = page_of(salesperson, desk.customer).content.decode()
    assert f"{reverse('ledger:step', args=[bill.pk])}?step=sent" in page


def test_contacts_and_terms_stand_on_the_page(salesperson: Client, desk: Desk) -> None:
    Contact.objects.create(customer=desk.customer, name="Ms Zhang", phone="0571-1234")
    page = page_of(salesperson, desk.customer).content.decode()
    assert "Ms Zhang" in page
    assert 'href="tel:0571-1234"' in page


def test_anothers_customer_is_not_found(client: Client, desk: Desk) -> None:
    client.force_login(a_user())
    assert page_of(client, desk.customer).status_code == 404
    assert page_of(client, desk.customer, "?before=2026-01-01.1", "ledger").status_code == 404


def test_an_auditor_reads_and_is_offered_nothing_to_write(client: Client, desk: Desk) -> None:
    desk.invoice(100, "2026-01-01")
    client.force_login(a_user(Role.AUDITOR))
    page = page_of(client, desk.customer).content.decode()
    for name in ("payment-new", "shipment-new", "invoice-new"):
        assert reverse(f"ledger:{name}") not in page
    assert "?step=" not in page


def test_credits_are_allocated_automatically_by_one_button(salesperson: Client, desk: Desk) -> None:
    bill = desk.invoice(100, "2026-01-01")
    desk.payment(60, "2026-01-02", automatic=False)
    key = page_of(salesperson, desk.customer).context["automatic"]["key"].value()
    url = reverse("ledger:allocate-automatically", args=[desk.customer.pk])
    for _twice in range(2):
        response = salesperson.post(url, {"key": str(key)}, follow=True)
    assert "1 allocation" in response.content.decode()
    assert Entry.objects.get(pk=bill.pk).open_amount == Decimal("40.00")


def test_nobody_allocates_for_anothers_customer(client: Client, desk: Desk) -> None:
    url = reverse("ledger:allocate-automatically", args=[desk.customer.pk])
    client.force_login(a_user())
    assert client.post(url).status_code == 404
    client.force_login(a_user(Role.AUDITOR))
    assert client.post(url).status_code == 403


def test_the_figures_of_the_list_are_those_of_the_page(salesperson: Client, desk: Desk) -> None:
    desk.invoice(100, "2026-01-01")
    desk.payment(250, "2026-01-02")
    desk.shipment(70, "2026-02-01")
    row = customers_with_totals(desk.by, on=timezone.localdate()).get()
    totals = page_of(salesperson, desk.customer).context["heading"].totals
    for figure in ("balance", "receivable", "overdue", "unbilled", "unapplied"):
        assert getattr(row, figure) == getattr(totals, figure)
