"""The aging page: what each role sees, what can be chosen, where each number leads, and the files."""

import io
import re
from datetime import timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from aging import workbook
from config.jobs.models import Job
from customers.models import Customer, Role
from tests.build import a_customer, a_user
from tests.ledger.desk import Desk, day

pytestmark = pytest.mark.django_db

FEB = "2025-02-10"


@pytest.fixture
def firm() -> dict[str, Any]:
    li = a_user(username="li", language="en")
    zhao = a_user(username="zhao", language="en")
    one = a_customer(code="001", name="=One & Co", owner=li, region="East")
    two = a_customer(code="002", name="Two", owner=zhao, region="West")
    moved = a_customer(code="003", name="Moved", owner=li)
    Desk(one).invoice(100, "2025-01-01", number="I-1", due_date=day("2025-01-31"))
    Desk(one).shipment(30, "2025-02-01")
    Desk(one).payment(25, "2025-02-05", automatic=False)
    Desk(two).invoice(7, "2025-01-01", due_date=day("2025-03-31"))
    Desk(moved).invoice(4000, "2024-01-01", due_date=day("2024-01-31"))
    Customer.objects.filter(pk=moved.pk).update(owner=zhao)
    return {"li": li, "zhao": zhao, "one": one, "two": two, "moved": moved}


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def finance() -> Client:
    return signed_in(a_user(Role.FINANCE, language="en"))


def page(client: Client, address: str = "", **said: Any) -> str:
    response = client.get(address or reverse("aging:report"), said or None)
    assert response.status_code == 200
    return unescape(response.content.decode())


def body(html: str) -> str:
    return html.partition("<tbody>")[2].partition("</tbody>")[0]


def links(html: str) -> list[tuple[str, Decimal]]:
    """Every number that leads somewhere."""
    found = re.findall(r'<a href="(/aging/items/[^"]+)"><span class="money[^"]*">([-\d,.]+)</span></a>', html)
    return [(url, Decimal(amount.replace(",", ""))) for url, amount in found]


def test_nobody_sees_it_without_signing_in(client: Client) -> None:
    assert client.get(reverse("aging:report")).status_code == 302


def test_the_page_of_today_shows_the_customers_that_owe_most_first(firm: dict[str, Any], finance: Client) -> None:
    html = page(finance)
    assert timezone.localdate().isoformat() in html
    assert re.findall(r'class="sub aging-sub"><span>(\d+)', body(html)) == ["003", "001", "002"]


def test_totals_are_those_of_the_whole_result_not_of_the_page(
    firm: dict[str, Any], finance: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("config.lists.paging.SIZES", (1,))
    html = page(finance, as_of=FEB)
    assert len(re.findall("<tr", body(html))) == 1
    assert "4,112.00" in html.partition("<tfoot>")[2]


def test_each_number_leads_to_items_that_add_up_to_it(firm: dict[str, Any], finance: Client) -> None:
    for said in (
        {"as_of": FEB},
        {"as_of": FEB, "by": "region", "unbilled": "aged"},
        {"as_of": FEB, "by": "salesperson"},
    ):
        found = links(page(finance, **said))
        assert len(found) > 8
        for url, amount in found:
            foot = page(finance, url).partition("<tfoot>")[2]
            [total] = re.findall(r'class="money[^"]*">([-\d,.]+)<', foot)
            assert Decimal(total.replace(",", "")) == amount


def test_items_lead_to_their_entries(firm: dict[str, Any], finance: Client) -> None:
    html = page(finance, reverse("aging:items"), as_of=FEB, column="1-30", row=firm["one"].pk)
    [address] = re.findall(r'href="(/ledger/\d+/)">I-1<', html)
    assert finance.get(address).status_code == 200


def test_rows_of_salespeople_and_regions_lead_to_their_customers(firm: dict[str, Any], finance: Client) -> None:
    for by, name, codes in (("salesperson", "li", ["003", "001"]), ("region", "West", ["002"])):
        html = page(finance, as_of=FEB, by=by)
        [address] = re.findall(rf'href="([^"]+)">{name}</a>', body(html))
        assert re.findall(r'class="sub aging-sub"><span>(\d+)', body(page(finance, address))) == codes


def test_the_order_of_rows_is_in_the_address(firm: dict[str, Any], finance: Client) -> None:
    for sort, codes in (
        ("overdue", ["002", "001", "003"]),
        ("-not_due", ["002", "003", "001"]),
        ("name", ["001", "003", "002"]),
    ):
        assert re.findall(r'class="sub aging-sub"><span>(\d+)', body(page(finance, as_of=FEB, sort=sort))) == codes


def test_a_salesperson_chooses_between_the_own_customers_and_the_own_sales(firm: dict[str, Any]) -> None:
    li = signed_in(firm["li"])
    html = page(li, as_of=FEB)
    assert re.findall(r'class="sub aging-sub"><span>(\d+)', body(html)) == ["001"]
    [sales] = re.findall(r'href="([^"]+)">My sales</a>', html)
    assert re.findall(r'class="sub aging-sub"><span>(\d+)', body(page(li, sales))) == ["003", "001"]
    assert re.findall(r'href="([^"]+)"[^>]*>My customers</a>', page(li, sales))
    assert 'name="salesperson"' not in html


def test_the_tabs_keep_the_other_choices_and_come_with_the_fragment(firm: dict[str, Any]) -> None:
    li = signed_in(firm["li"])
    said = {"as_of": FEB, "region": "East", "unbilled": "aged"}
    response = li.get(reverse("aging:report"), said, headers={"HX-Request": "true", "HX-Target": "list"})
    [sales] = re.findall(r'href="([^"]+)">My sales</a>', unescape(response.content.decode()))
    assert {"region=East", "unbilled=aged", f"as_of={FEB}", "meaning=sale"} <= set(sales.partition("?")[2].split("&"))


def test_chips_say_what_was_chosen_and_not_what_is_usual(firm: dict[str, Any], finance: Client) -> None:
    def chips(client: Client, **said: Any) -> list[tuple[str, str]]:
        return [(chip.label, chip.value) for chip in client.get(reverse("aging:report"), said).context["chips"]]

    usual = {
        "as_of": timezone.localdate(),
        "by": "customer",
        "basis": "due",
        "unbilled": "column",
        "meaning": "owner",
    }
    assert chips(finance, **usual, currency="CNY") == []
    assert chips(finance, by="salesperson", meaning="sale") == [("Rows", "salesperson")]
    assert chips(finance, as_of=FEB, meaning="sale", overdue_only="on") == [
        ("As of", "10 Feb 2025"), ("Salesperson means", "who answered for the sale"), ("", "Overdue only"),
    ]  # fmt: skip
    assert chips(signed_in(firm["li"]), meaning="sale") == []


def test_a_customer_out_of_sight_is_not_told_from_one_that_is_none(firm: dict[str, Any]) -> None:
    li = signed_in(firm["li"])
    assert "There is no customer “002”." in page(li, as_of=FEB, customer="002")
    assert li.get(reverse("aging:items"), {"as_of": FEB, "customer": "002"}).status_code == 404


def test_a_customer_that_was_handed_over_is_found_by_who_made_the_sale(firm: dict[str, Any]) -> None:
    html = page(signed_in(firm["li"]), as_of=FEB, customer="003", meaning="sale")
    assert re.findall(r'class="sub aging-sub"><span>(\d+)', body(html)) == ["003"]


def test_another_s_items_are_not_shown(firm: dict[str, Any]) -> None:
    li = signed_in(firm["li"])
    assert "I-1" not in page(signed_in(firm["zhao"]), reverse("aging:items"), as_of=FEB, row=firm["one"].pk)
    assert "I-1" in page(li, reverse("aging:items"), as_of=FEB, row=firm["one"].pk)


def test_filters_narrow_the_report(firm: dict[str, Any], finance: Client) -> None:
    for said, codes in (
        ({"region": "East"}, ["001"]),
        ({"region": "-"}, ["003"]),
        ({"customer": "002"}, ["002"]),
        ({"salesperson": firm["zhao"].pk}, ["003", "002"]),
        ({"salesperson": firm["zhao"].pk, "meaning": "sale"}, ["002"]),
        ({"key_account": "yes"}, []),
        ({"overdue_only": "on"}, ["003", "001"]),
    ):
        assert re.findall(r'class="sub aging-sub"><span>(\d+)', body(page(finance, as_of=FEB, **said))) == codes


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"as_of": "2025-02-30"}, "“2025-02-30” is not a date"),
        ({"known_on": "yesterday"}, "“yesterday” is not a date"),
        ({"as_of": "0001-01-01"}, "is not between"),
        ({"as_of": "2090-01-01"}, "is not between"),
        ({"customer": "no such"}, "There is no customer “no such”."),
        ({"by": "colour"}, "Select a valid choice"),
        ({"customer": "\x00"}, "Null characters are not allowed."),
    ],
)
def test_a_question_that_makes_no_sense_is_answered_by_a_sentence(
    said: dict[str, str], sentence: str, finance: Client
) -> None:
    assert sentence in page(finance, **said)
    assert finance.get(reverse("aging:report"), {**said, "_export": "xlsx"}).status_code == 302


@pytest.mark.parametrize(
    "said",
    [{"column": "0-31"}, {"row": "x"}, {"row": "99999999999999999999"}, {"row": "-5"}, {"as_of": "never"},
     {"by": "region", "row": "\x00"}],
)  # fmt: skip
def test_an_address_of_no_number_is_not_found(said: dict[str, str], finance: Client) -> None:
    assert finance.get(reverse("aging:items"), said).status_code == 404


def test_the_fragment_has_the_table_and_not_the_frame(firm: dict[str, Any], finance: Client) -> None:
    response = finance.get(
        reverse("aging:report"), {"as_of": FEB, "region": ""}, headers={"HX-Request": "true", "HX-Target": "list"}
    )
    html = response.content.decode()
    assert html.strip().startswith("<section")
    assert "<html" not in html
    assert response["HX-Push-Url"] == f"/aging/?as_of={FEB}"


def test_every_currency_has_a_report_of_its_own(firm: dict[str, Any], finance: Client) -> None:
    abroad = a_customer(code="U", name="Abroad", owner=firm["li"], currency="USD")
    Desk(abroad).invoice(9, "2025-01-01")
    html = page(finance, as_of=FEB)
    assert "4,112.00" in html
    [dollars] = re.findall(r'href="([^"]+)">USD</a>', html)
    html = page(finance, dollars)
    assert "9.00" in html.partition("<tfoot>")[2]
    assert "4,112.00" not in html


def test_bars_show_the_shares_of_the_ages(firm: dict[str, Any], finance: Client) -> None:
    html = page(finance, as_of=FEB, region="East")
    assert re.findall(r'x="(\d+)" y="0" width="(\d+)" height="10" class="(age-\d)"', body(html)) == [
        ("0", "230", "age-0"), ("230", "769", "age-2"),
    ]  # fmt: skip


@pytest.mark.parametrize("said", [{}, {"as_of": FEB, "by": "salesperson", "known_on": "2025-03-01"},
    {"as_of": FEB, "basis": "shipment", "by": "parent", "customer": "001"}])  # fmt: skip
def test_the_first_screen_takes_at_most_ten_queries(
    said: dict[str, str], firm: dict[str, Any], finance: Client, django_assert_max_num_queries: Any
) -> None:
    for n in range(60):
        Desk(a_customer(owner=firm["li"], region=f"R{n}")).invoice(5, "2025-01-01")
    with django_assert_max_num_queries(10):
        page(finance, **said)
    with django_assert_max_num_queries(10):
        page(finance, reverse("aging:items"), **said)


# --- files ---------------------------------------------------------------------------------------------------


def test_the_rows_can_be_had_as_lines(firm: dict[str, Any], finance: Client) -> None:
    response = finance.get(reverse("aging:report"), {"as_of": FEB, "_export": "csv", "sort": "name"})
    lines = b"".join(response).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("customer code,customer name,currency,unbilled,not due,1–30 days")
    assert lines[1] == "001,'=One & Co,CNY,30.00,0.00,100.00,0.00,0.00,0.00,0.00,0.00,-25.00,105.00,100.00"
    assert len(lines) == 4


def test_a_small_workbook_comes_at_once(firm: dict[str, Any], finance: Client) -> None:
    response = finance.get(reverse("aging:report"), {"as_of": FEB, "_export": "xlsx"})
    made = openpyxl.load_workbook(io.BytesIO(b"".join(response)))
    assert made.sheetnames == ["About", "By customer", "By salesperson", "Open items"]
    assert not Job.objects.exists()


def test_a_large_workbook_is_a_job(
    firm: dict[str, Any], finance: Client, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setattr(workbook, "LARGE", 2)
    with django_capture_on_commit_callbacks():
        response = finance.get(reverse("aging:report"), {"as_of": FEB, "region": "East", "_export": "xlsx"})
    job = Job.objects.get()
    assert (job.kind, job.params["as_of"], job.params["region"]) == ("aging_report", FEB, "East")
    assert response.status_code == 302
    assert response["Location"] == reverse("jobs:detail", args=[job.pk])


def test_items_can_be_had_as_a_sheet(firm: dict[str, Any], finance: Client) -> None:
    response = finance.get(reverse("aging:items"), {"as_of": FEB, "column": "1-30", "_export": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response))).worksheets[0]
    assert [cell.value for cell in sheet[1]][:4] == ["number", "kind", "customer code", "customer"]
    assert [cell.value for cell in sheet[2]][:4] == ["I-1", "invoice", "001", "=One & Co"]
    assert sheet["D2"].data_type == "s"


def test_a_day_of_the_future_is_answered(firm: dict[str, Any], finance: Client) -> None:
    as_of = (timezone.localdate() + timedelta(days=300)).isoformat()
    assert "4,112.00" in page(finance, as_of=as_of)


@pytest.mark.parametrize("query", ["customer=NOPE", "as_of=2026-13-45", "known_on=abc"])
def test_a_question_that_makes_no_sense_gets_no_report(client: Client, query: str) -> None:
    client.force_login(a_user(Role.FINANCE))
    page = client.get(f"{reverse('aging:report')}?{query}").content.decode()
    assert page.count('class="errors"') == 1
    assert "Nothing is open" not in page
    assert "_export" not in page
