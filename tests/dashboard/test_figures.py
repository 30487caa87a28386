"""The dashboard's figures in worked numbers: each is the total of its list, and none adds up two currencies."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import Role, User
from dashboard.queries.debtors import a_month_before, debtors
from dashboard.queries.figures import LABELS, by_salesperson, entries_of, figures, total_of
from ledger.documents import Instalment
from queues.cards import queue_cards
from tests.build import a_customer, a_team, a_user
from tests.ledger.desk import Desk, day, money

pytestmark = pytest.mark.django_db


@pytest.fixture
def finance() -> User:
    return a_user(Role.FINANCE)


@pytest.fixture
def seller() -> User:
    return a_user(team=a_team())


@pytest.fixture
def books(seller: User) -> Desk:
    """Unbilled 200; receivable 1,000 + 600 + 50 = 1,650; overdue 1,000 + 250 = 1,250; unsent 1,000; unreceived 600;
    unapplied 30.
    """
    desk = Desk(a_customer(owner=seller))
    far = timezone.localdate() + timedelta(days=60)
    desk.shipment(200, "2026-01-01")
    desk.invoice(1000, "2026-01-01")
    parts = [Instalment(day("2026-02-01"), money(250)), Instalment(far, money(350))]
    desk.invoice(600, "2026-01-02", instalments=parts, sent_on=day("2026-01-03"))
    desk.invoice(50, "2026-01-02", due_date=far, sent_on=day("2026-01-03"), received_on=day("2026-01-04"))
    desk.payment(30, "2026-01-05", automatic=False)
    return desk


def amounts(user: User, currency: str = "CNY") -> dict[str, tuple[Decimal, int]]:
    found = figures(user, on=timezone.localdate()).get(currency, [])
    return {figure.key: (figure.amount, figure.count) for figure in found}


def get(user: User, name: str, *args: Any, **asked: Any) -> Any:
    client = Client()
    client.force_login(user)
    return client.get(reverse(name, args=args), asked)


def test_each_figure_in_worked_numbers(books: Desk, finance: User) -> None:
    assert amounts(finance) == {
        "receivable": (money(1650), 4),
        "overdue": (money(1250), 2),
        "unbilled": (money(200), 1),
        "unsent": (money(1000), 1),
        "unreceived": (money(600), 2),
        "unapplied": (money(-30), 1),
        "unconfirmed_goods": (money(200), 1),
        "unconfirmed_money": (money(-30), 1),
    }


@pytest.mark.parametrize("key", list(LABELS))
def test_each_figure_opens_exactly_what_it_adds_up(key: str, books: Desk, finance: User) -> None:
    other = Desk(a_customer(owner=books.by, currency="USD"))
    other.invoice(77, "2026-01-01")
    amount, count = amounts(finance)[key]
    rows = entries_of(key, finance, on=timezone.localdate()).filter(currency="CNY")
    assert rows.count() == count
    assert list(total_of(key, rows).values()) == [amount]
    page = get(finance, "dashboard:figure", key, currency="CNY")
    assert page.context["table"].paginator.count == count
    assert amount in [total for _column, total in page.context["totals"]]
    address = f"{reverse('dashboard:figure', args=[key])}?currency=CNY"
    assert address in get(finance, "dashboard:home").content.decode()


def test_currencies_stay_apart(books: Desk, finance: User) -> None:
    Desk(a_customer(owner=books.by, currency="USD")).invoice(77, "2026-01-01")
    assert amounts(finance, "USD")["receivable"] == (money(77), 1)
    assert amounts(finance)["receivable"] == (money(1650), 4)
    assert list(figures(finance, on=timezone.localdate())) == ["CNY", "USD"], "the home currency first"
    without = get(finance, "dashboard:figure", "receivable")
    assert without.context["totals"] == [], "no total over two currencies"


def test_each_sees_the_own_numbers(books: Desk, seller: User, finance: User) -> None:
    colleague = a_user(team=seller.team)
    Desk(a_customer(owner=colleague)).invoice(10, "2026-01-01")
    elsewhere = a_user(team=a_team())
    Desk(a_customer(owner=elsewhere)).invoice(5, "2026-01-01")
    seen = {
        user: amounts(user)["receivable"][0]
        for user in (
            seller,
            colleague,
            elsewhere,
            a_user(Role.MANAGER, team=seller.team),
            finance,
            a_user(Role.AUDITOR),
        )
    }
    assert list(seen.values()) == [money(n) for n in (1650, 10, 5, 1660, 1665, 1665)]
    assert get(elsewhere, "dashboard:figure", "receivable").context["table"].paginator.count == 1


def test_salespeople_add_up_to_the_figures(books: Desk, seller: User, finance: User) -> None:
    colleague = a_user(team=seller.team)
    Desk(a_customer(owner=colleague)).invoice(400, "2026-03-01")
    nobodys = Desk(a_customer(), by=finance)
    nobodys.invoice(9, "2026-01-01")
    today = timezone.localdate()
    rows = by_salesperson(finance, currency="CNY", on=today)
    whole = amounts(finance)
    assert [row.salesperson for row in rows] == [seller.pk, colleague.pk, None], "the most overdue first"
    assert sum(row.overdue for row in rows) == whole["overdue"][0]
    assert sum(row.receivable for row in rows) == whole["receivable"][0]
    assert sum(row.unbilled for row in rows) == whole["unbilled"][0]
    assert sum(row.owed for row in rows) == sum(whole[key][0] for key in ("receivable", "unbilled", "unapplied"))
    first = rows[0]
    assert (first.owed, first.overdue, first.unbilled) == (money(1820), money(1250), money(200))
    assert first.overdue_share is not None
    assert round(first.overdue_share, 2) == Decimal("75.76")
    assert first.oldest_due == day("2026-01-31")
    assert [row.salesperson for row in by_salesperson(seller, currency="CNY", on=today)] == [seller.pk]
    assert by_salesperson(finance, currency="EUR", on=today) == []


def test_what_is_settled_is_in_no_figure(books: Desk, finance: User) -> None:
    for _figure in figures(finance, on=timezone.localdate())["CNY"]:
        pass
    books.payment(2000, timezone.localdate().isoformat())
    left = amounts(finance)
    assert left["receivable"] == (money(0), 0)
    assert left["unsent"] == (money(0), 0)


def test_debtors_and_who_moved_worst(finance: User, seller: User) -> None:
    today = timezone.localdate()
    before = a_month_before(today)
    large, worse, better = (Desk(a_customer(owner=seller, name=name)) for name in ("large", "worse", "better"))
    large.invoice(900, "2026-01-01", due_date=before - timedelta(days=5))
    worse.invoice(300, "2026-01-01", due_date=before + timedelta(days=5))
    better.invoice(200, "2026-01-01", due_date=before - timedelta(days=5))
    better.payment(150, (before + timedelta(days=1)).isoformat())
    found = debtors(finance, currency="CNY", on=today)
    assert [(one.name, one.balance) for one in found.biggest] == [
        ("large", money(900)),
        ("worse", money(300)),
        ("better", money(50)),
    ]
    assert [(one.name, one.overdue_before, one.overdue) for one in found.worst_moving] == [
        ("worse", money(0), money(300))
    ]
    assert debtors(a_user(), currency="CNY", on=today).biggest == []


@pytest.mark.parametrize(
    ("today", "before"),
    [
        ("2026-03-31", "2026-02-28"),
        ("2024-03-30", "2024-02-29"),
        ("2026-01-15", "2025-12-15"),
        ("2026-05-31", "2026-04-30"),
    ],
)
def test_a_month_ago_is_a_day_that_there_was(today: str, before: str) -> None:
    assert a_month_before(day(today)) == day(before)


# --- the page ---------------------------------------------------------------------------------------------------


def test_the_day_begins_where_the_role_has_its_work() -> None:
    Desk(a_customer(owner=a_user())).invoice(100, "2026-01-01")
    for role, name in (
        (Role.SALESPERSON, "desk"),
        (Role.MANAGER, "desk"),
        (Role.FINANCE, "dashboard:home"),
        (Role.AUDITOR, "dashboard:home"),
        (Role.ADMINISTRATOR, "dashboard:home"),
    ):
        assert get(a_user(role), "home")["Location"] == reverse(name)


def test_who_keeps_the_books_of_an_empty_ledger_is_led_to_the_first_steps() -> None:
    a_customer(owner=a_user())
    for role in Role:
        begins = get(a_user(role), "home")["Location"]
        assert (begins == reverse("start")) == (role in (Role.FINANCE, Role.ADMINISTRATOR))


@pytest.mark.parametrize("part", ["dashboard-figures", "dashboard-changes", "dashboard-chart", "dashboard-debtors"])
def test_each_part_comes_by_itself(part: str, books: Desk, finance: User) -> None:
    client = Client()
    client.force_login(finance)
    answer = client.get(reverse("dashboard:home"), headers={"HX-Request": "true", "HX-Target": part})
    assert answer.status_code == 200
    assert f'id="{part}"' in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_the_bars_lead_to_the_report_of_their_day(books: Desk, finance: User) -> None:
    client = Client()
    client.force_login(finance)
    headers = {"HX-Request": "true", "HX-Target": "dashboard-chart"}
    chart = client.get(reverse("dashboard:home"), headers=headers).context["chart"]
    assert len(chart.columns) == 12
    assert f"as_of={timezone.localdate()}" in chart.columns[-1].url
    assert chart.columns[-1].total == money(1820)
    assert client.get(chart.columns[0].url).status_code == 200


@pytest.mark.parametrize(
    "asked", ["currency=%00%00%00", "currency=<x>", "since=yesterday", "since=0001-01-01", "since=9999-12-31"]
)
def test_a_strange_address_is_answered(asked: str, books: Desk, finance: User) -> None:
    client = Client()
    client.force_login(finance)
    assert client.get(f"{reverse('dashboard:home')}?{asked}").status_code == 200
    assert client.get(f"{reverse('dashboard:changes')}?{asked}").status_code == 200
    assert client.get(reverse("dashboard:figure", args=["nonsense"])).status_code == 404


def test_each_queue_card_counts_and_adds_up_the_list_that_it_opens(finance: User, seller: User) -> None:
    desk = Desk(a_customer(owner=seller))
    desk.shipment(200, "2026-01-01")
    desk.shipment(40, "2026-01-09")
    desk.invoice(1000, "2026-01-01")
    desk.invoice(600, "2026-01-02", sent_on=day("2026-01-03"))
    desk.payment(30, "2026-01-05", automatic=False)
    abroad = Desk(a_customer(owner=seller, currency="USD"))
    abroad.shipment(7, "2026-01-01")
    # Nothing is open that this could be allocated to: it is unapplied, but no work.
    Desk(a_customer(owner=seller)).payment(5, "2026-01-05")
    cards = {str(card.label): card for card in queue_cards(finance)}
    assert {label: (card.count, dict(card.sums)) for label, card in cards.items()} == {
        "To allocate": (1, {"CNY": money(30)}),
        "Money to confirm": (2, {"CNY": money(35)}),
        "Goods to confirm": (3, {"CNY": money(240), "USD": money(7)}),
        "Invoices to issue": (2, {"CNY": money(240), "USD": money(7)}),
        "Invoices to send": (1, {"CNY": money(1000)}),
        "Receipts to record": (1, {"CNY": money(600)}),
    }
    client = Client()
    client.force_login(finance)
    for card in cards.values():
        assert len(client.get(card.url).context["table"].rows) == card.count
