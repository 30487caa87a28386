"""The pages of trends and expected cash: who sees them, where their points lead, and the files."""

import io
import re
from html import unescape
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import Role, User
from tests.build import a_customer, a_team, a_user
from tests.ledger.desk import Desk, day

pytestmark = pytest.mark.django_db

# A Wednesday.
TODAY = day("2026-04-15")


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *_moment: TODAY)


@pytest.fixture
def desk() -> Desk:
    """1,000 sold in January, due in February; 400 paid in March; 600 sold in April, due on 20 April."""
    desk = Desk(a_customer(code="C1", name="One", owner=a_user(language="en"), region="East"))
    first = desk.invoice(1000, "2026-01-10", due_date=day("2026-02-10"), number="I-1")
    desk.payment(400, "2026-03-10", invoices=[(first, None)])
    desk.invoice(600, "2026-04-01", due_date=day("2026-04-20"), number="I-2")
    return desk


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def finance(desk: Desk) -> Client:
    return signed_in(a_user(Role.FINANCE, language="en"))


def page(client: Client, name: str, **said: Any) -> str:
    response = client.get(reverse(f"trends:{name}"), said)
    assert response.status_code == 200
    return unescape(response.content.decode())


# --- trends ---------------------------------------------------------------------------------------------------


def test_the_page_tells_each_measure_of_today(finance: Client) -> None:
    """1,200 owed of 1,600 sold in ninety days (since 16 January: 600 only): 1,200 / 600 x 90 = 180 days."""
    html = page(finance, "trends")
    for said in ("180.0", "DSO", "Countback DSO", "Average days delinquent", "Overdue share", "50.0"):
        assert said in html


def test_a_point_leads_to_the_aging_report_of_its_day_and_of_the_same_customers(finance: Client, desk: Desk) -> None:
    html = page(finance, "trends", region="East", salesperson=desk.by.pk)
    address = (
        f"{reverse('aging:report')}?as_of=2026-03-31&currency=CNY&meaning=owner&salesperson={desk.by.pk}&region=East"
    )
    assert address in html
    report = unescape(finance.get(address).content.decode())
    assert "2026-03-31" in report
    assert "600.00" in report


def test_a_series_of_two_years_has_a_row_for_each_month(finance: Client) -> None:
    assert page(finance, "trends", months="24").count('<tr><th scope="row"><a href="/aging/') >= 24
    assert "2024-05-31" in page(finance, "trends", months="24")
    assert "2025-04-30" not in page(finance, "trends", months="12")


def test_what_is_no_choice_is_refused_with_a_sentence(finance: Client) -> None:
    for asked in ({"months": "13"}, {"region": "nowhere"}, {"salesperson": "x"}, {"currency": "DOLLARS"}):
        for name in ("trends", "cash"):
            if name == "trends" or "months" not in asked:
                assert 'class="errors"' in page(finance, name, **asked)


def test_a_firm_without_books_is_told_so() -> None:
    client = signed_in(a_user(Role.MANAGER, language="en"))
    assert "No trends yet." in page(client, "trends")
    assert "Nothing is expected." in page(client, "cash")


def test_currencies_have_a_tab_each(finance: Client, desk: Desk) -> None:
    Desk(a_customer(owner=desk.by, currency="USD")).invoice(7777, "2026-04-01", due_date=day("2026-04-20"))
    for name in ("trends", "cash"):
        assert "currency=USD" in page(finance, name)
    assert "7,777.00" in page(finance, "trends", currency="USD")
    assert "7,777.00" not in page(finance, "trends", currency="CNY")
    assert "7,777.00" in page(finance, "cash", currency="USD")


@pytest.mark.parametrize("role", Role.values)
def test_each_sees_the_own(role: str, desk: Desk) -> None:
    team = a_team()
    desk.by.team = team
    desk.by.save()
    Desk(a_customer(owner=a_user())).invoice(50_000, "2026-04-01", due_date=day("2026-04-20"), number="SECRET-9")
    person = desk.by if role == Role.SALESPERSON else a_user(role=role, team=team, language="en")
    narrow = role in (Role.SALESPERSON, Role.MANAGER)
    client = signed_in(person)
    for name in ("trends", "cash"):
        assert ("50,600.00" in page(client, name)) is not narrow
    listed = page(client, "expected", week="2026-05-18", currency="CNY")
    assert "I-2" in listed
    assert ("SECRET-9" in listed) is not narrow


def test_a_salesperson_is_not_asked_for_one(desk: Desk) -> None:
    assert 'name="salesperson"' not in page(signed_in(desk.by), "trends")


def test_htmx_receives_the_part_that_changes(finance: Client) -> None:
    for name in ("trends", "cash"):
        response = finance.get(
            reverse(f"trends:{name}"), {"region": "East"}, headers={"HX-Request": "true", "HX-Target": "list"}
        )
        assert b"<html" not in response.content
        assert b'id="list"' in response.content
        assert response["HX-Push-Url"] == f"{reverse(f'trends:{name}')}?region=East"


def test_month_ends_that_are_being_made_again_are_said_and_left_out(
    finance: Client, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aging.history import keeping

    page(finance, "trends")
    monkeypatch.setattr(keeping, "PATIENCE", -1)
    desk.payment(100, "2026-02-20")
    html = re.sub("<[^>]+>", "", page(finance, "trends"))
    assert "Month ends from 28 Feb 2026 on are being reckoned again" in html
    keeping.refresh()
    assert "being reckoned again" not in page(finance, "trends")


# --- files ----------------------------------------------------------------------------------------------------


def rows(response: Any) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(response.getvalue()))
    return list(book.worksheets[0].values)


def test_the_workbook_holds_every_month_as_numbers(finance: Client) -> None:
    found = rows(finance.get(reverse("trends:trends"), {"_export": "xlsx"}))
    assert found[0][0] == "date"
    assert len(found) == 13
    latest = dict(zip(found[0], found[-1], strict=True))
    assert (latest["receivable"], latest["overdue"], latest["DSO (days)"]) == (1200, 600, 180)
    assert latest["Overdue share (%)"] == 50


def test_the_lines_hold_the_same(finance: Client) -> None:
    response = finance.get(reverse("trends:trends"), {"_export": "csv", "months": "24"})
    lines = response.getvalue().decode().splitlines()
    assert len(lines) == 25
    assert lines[-1].startswith("2026-04-15,600.00,600.00,0.00,0.00,600.00,600.00,1200.00,0.00,180.0")


def test_expected_cash_and_its_entries_are_files_too(finance: Client) -> None:
    """600 due on 20 April and overdue by 64 days; who paid once counts as all do: 28 days late."""
    found = rows(finance.get(reverse("trends:cash"), {"_export": "xlsx"}))
    assert len(found) == 18
    assert found[2][0] == "W17"
    assert [row[3] for row in found[1:4]] == [0, 600, 0]
    assert sum(row[6] for row in found[1:13]) == 1200
    # What stands aside, and the balance that all of it adds up to.
    assert [row[6] for row in found[13:]] == [0, 0, 0, 0, 1200]
    week = {"week": "2026-05-13", "currency": "CNY", "_export": "xlsx"}
    entries = rows(finance.get(reverse("trends:expected"), week))
    assert [row[0] for row in entries[1:]] == ["I-1"]


# --- expected cash --------------------------------------------------------------------------------------------


def test_expected_cash_says_its_rule_and_what_it_is(finance: Client) -> None:
    html = page(finance, "cash")
    assert "An expectation, not a promise" in html
    assert "by which all customers were, 28 days" in html
    assert "How past expectations turned out" in html


def test_expected_cash_adds_up_to_the_aging_report_and_says_what_is_given_up(finance: Client, desk: Desk) -> None:
    """500 of an old debt are given up; 1,200 + 500 - 50 that nobody owes are the balance of the aging report."""
    Desk(a_customer(code="C2", name="Gone", owner=desk.customer.owner)).invoice(
        500, "2025-01-10", due_date=day("2025-02-10")
    )
    Desk(a_customer(code="C3", name="Ahead", owner=desk.customer.owner)).payment(50, "2026-04-01")
    html = page(finance, "cash")
    cash = finance.get(reverse("trends:cash")).context["cash"]
    assert (str(cash.total), str(cash.not_expected), str(cash.balance)) == ("1200.00", "500.00", "1650.00")
    assert str(cash.credits_left) == "-50.00"
    assert [(one.name, str(one.since), str(one.amount)) for one in cash.given_up] == [
        ("Gone", "2025-02-10", "500.00")
    ]
    assert (cash.others, str(cash.others_amount)) == (0, "0.00")
    text = re.sub("<[^>]+>", "", html)
    assert "together 1,650.00, the balance of today's aging report" in text
    assert "Credits of -50.00 are in the balance beyond what their customers owe." in text
    [aging] = re.findall('href="([^"]+)">balance of today', html)
    totals = finance.get(aging).context["report"].totals
    assert str(totals.balance) == "1650.00"
    foot = html.partition("<tfoot>")[2].partition("</tfoot>")[0]
    assert re.findall(r"[\d,]+\.\d\d", foot) == ["600.00", "600.00", "600.00", "1,200.00"]


def test_only_the_largest_of_what_is_given_up_are_named(finance: Client, desk: Desk) -> None:
    for n in range(12):
        Desk(a_customer(code=f"G{n:02}", owner=desk.customer.owner)).invoice(
            100 + n, "2025-01-10", due_date=day("2025-02-10")
        )
    cash = finance.get(reverse("trends:cash")).context["cash"]
    assert [int(one.amount) for one in cash.given_up] == [*range(111, 101, -1)]
    assert (cash.others, str(cash.others_amount)) == (2, "201.00")
    assert "2 others" in page(finance, "cash")


def test_a_week_leads_to_its_entries_and_back(finance: Client) -> None:
    html = page(finance, "cash", region="East")
    address = f"{reverse('trends:expected')}?region=East&currency=CNY&week=2026-05-18"
    assert address in html
    listed = unescape(finance.get(address).content.decode())
    assert "I-2" in listed
    assert "2026-05-18" in listed
    assert f"{reverse('trends:cash')}?region=East&currency=CNY" in listed


@pytest.mark.parametrize("week", ["x", "2026-04-06", "2026-07-06", "2027-01-01"])
def test_a_week_that_is_not_among_the_twelve_is_not_found(finance: Client, week: str) -> None:
    assert finance.get(reverse("trends:expected"), {"week": week}).status_code == 404


@pytest.mark.parametrize("place", ["", "later", "not-expected", "unbilled", "2026-04-15", "2026-04-13", "2026-06-29"])
def test_what_stands_aside_and_each_week_can_be_listed(finance: Client, place: str) -> None:
    page(finance, "expected", week=place, currency="CNY")


def test_an_address_without_a_currency_means_the_one_that_the_firm_has() -> None:
    desk = Desk(a_customer(owner=a_user(Role.SALESPERSON), currency="USD"))
    desk.invoice(100, "2026-03-01", number="I-usd")
    client = Client()
    client.force_login(a_user(Role.FINANCE))
    response = client.get(reverse("trends:expected"), {"week": "not-expected"})
    assert response.context["currency"] == "USD"


def test_the_entries_are_sorted_by_every_column(finance: Client) -> None:
    for column in (
        "number",
        "customer_name",
        "salesperson",
        "due_date",
        "delay",
        "expected_on",
        "open",
        "remains",
    ):
        page(finance, "expected", week="2026-05-18", currency="CNY", sort=f"-{column}")
