"""A manager's Monday in a real browser, in both languages: aging beside last month end, down to the entries and back,
trends, expected cash, a view that is saved, shared and sent.
"""

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect

from config.saved.models import SavedView, Schedule
from config.saved.sending import send_due
from customers.models import Role, User
from tests.browser.chromium import PHONE, Window
from tests.browser.people import PASSWORD, person
from tests.build import a_customer, a_team
from tests.ledger.desk import Desk, day

pytestmark = [pytest.mark.any_engine, pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BOTH = pytest.mark.parametrize("language", ["zh-CN", "en-US"])
ROWS = "#list table.list tbody tr"


@pytest.fixture
def firm() -> None:
    """Li has One in the East (100 due in January, 60 of it left; 20 more in February) and Two in the West (50, paid);
    Zhao has Three in the East (7 in February).
    """
    team = a_team()
    person(Role.MANAGER, username="boss", last_name="Boss", team=team)
    li = person(Role.SALESPERSON, username="li", last_name="Li", team=team)
    zhao = person(Role.SALESPERSON, username="zhao", last_name="Zhao", team=team)
    person(Role.FINANCE, username="sun", last_name="Sun")
    one, two = (a_customer(code=f"00{n}", name=name, owner=li) for n, name in ((1, "One"), (2, "Two")))
    one.region, two.region = "East", "West"
    one.save()
    two.save()
    three = a_customer(code="003", name="Three", owner=zhao, region="East")
    Desk(one).invoice(100, "2025-01-01", number="I-1", due_date=day("2025-01-31"))
    Desk(two).invoice(50, "2025-01-01", number="I-2", due_date=day("2025-01-30"))
    Desk(one).payment(40, "2025-02-10")
    Desk(two).payment(50, "2025-02-11")
    Desk(one).invoice(20, "2025-02-20", number="I-3", due_date=day("2025-03-20"))
    Desk(three).invoice(7, "2025-02-20", number="I-4", due_date=day("2025-03-20"))


@pytest.fixture
def window(live_server: Any, browser: Browser, firm: None, language: str) -> Iterator[Window]:
    """The manager's, whose console stays silent."""
    open_one = Window(browser, live_server.url, language=language)
    open_one.sign_in("boss", PASSWORD)
    yield open_one
    assert open_one.troubles == []
    open_one.close()


def names(page: Page) -> list[str]:
    return page.locator(f"{ROWS} td.what > a").all_inner_texts()


def amounts(row: Locator) -> list[str]:
    return row.locator("td.money-cell").all_inner_texts()


def fetched(page: Page) -> openpyxl.Workbook:
    with page.expect_download() as download:
        page.locator("#list .exports a").filter(has_text="Excel").click()
    return openpyxl.load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()), data_only=True)


@BOTH
def test_aging_beside_last_month_end_to_the_entries_and_back_and_as_a_workbook(window: Window) -> None:
    page = window.page
    page.goto("/aging/?as_of=2025-02-28")
    expect(page.locator(ROWS)).to_have_count(2)
    page.locator(".aging-head .tabs a[href*='compare=2025-01-31']").click()
    # The worst first: what became overdue.
    expect(page.locator(".aging-changes tbody tr")).to_have_count(4)
    assert names(page) == ["One", "Three", "Two"]
    one = page.locator(ROWS).first
    assert amounts(one) == ["80.00", "100.00", "-20.00", "-20.0%", "60.00", "0.00", "+60.00", "–"]
    totals = page.locator(".aging-changes tbody tr")
    assert amounts(totals.nth(0))[-2:] == ["87.00", "60.00"]
    assert amounts(totals.nth(1))[-2:] == ["150.00", "50.00"]

    # Another order, which the way back keeps.
    page.locator("#list thead th a[href*='sort=']").first.click()
    page.wait_for_url("**sort=name**")
    assert names(page) == ["One", "Three", "Two"]
    page.locator("#list thead th a[href*='sort=-name']").click()
    page.wait_for_url("**sort=-name**")
    expect(page.locator(f"{ROWS} td.what > a").first).to_have_text("Two")
    here = page.url
    page.locator(ROWS).last.locator("td.money-cell a").first.click()
    page.wait_for_url("**/aging/items/**")
    assert page.locator(f"{ROWS} td.what > a").all_inner_texts() == ["I-1", "I-3"]
    expect(page.locator("#list tfoot")).to_contain_text("80.00")
    page.locator(f"{ROWS} td.what > a").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("I-1")
    page.go_back()
    page.wait_for_url("**/aging/items/**")
    page.locator("[data-back]").click()
    page.wait_for_url(here)
    assert names(page) == ["Two", "Three", "One"]

    made = fetched(page)
    compared = made.worksheets[-2]
    found: Any = {row[0]: row[3:7] for row in compared.iter_rows(min_row=4, values_only=True)}
    assert [float(value) for value in found["001"]] == [80, 100, -20, -20]


@BOTH
def test_salespeople_by_region_add_up_and_lead_to_their_entries(window: Window) -> None:
    page = window.page
    page.goto("/aging/?as_of=2025-02-28")
    page.select_option("#id_by", "salesperson")
    page.wait_for_url("**by=salesperson**")
    page.select_option("#id_across", "region")
    page.wait_for_url("**across=region**")
    expect(page.locator("#list thead th")).to_have_count(3)
    assert names(page) == ["Li", "Zhao"]
    assert amounts(page.locator(ROWS).first) == ["80.00", "80.00"]
    assert amounts(page.locator("#list tfoot tr")) == ["87.00", "87.00"]
    page.locator(ROWS).first.locator("td.money-cell a").first.click()
    page.wait_for_url("**/aging/items/**")
    assert page.locator(f"{ROWS} td.what > a").all_inner_texts() == ["I-1", "I-3"]
    page.locator("[data-back]").click()
    page.wait_for_url("**across=region**")
    assert names(page) == ["Li", "Zhao"]


@BOTH
def test_on_a_phone_every_row_has_its_name_and_no_page_is_too_wide(
    live_server: Any, browser: Browser, firm: None, language: str
) -> None:
    window = Window(browser, live_server.url, language=language, size=PHONE)
    page = window.page
    window.sign_in("boss", PASSWORD)
    for query in ("", "compare=2025-01-31", "by=salesperson&across=region"):
        page.goto(f"/aging/?as_of=2025-02-28&{query}")
        for row in page.locator(ROWS).all():
            expect(row.locator("td.what > a")).to_be_visible()
        for cell in page.locator("#list tbody td.money-cell:visible").all():
            assert cell.get_attribute("data-label"), "a figure without its heading"
        window.photograph(f"manager-{query.partition('=')[0] or 'aging'}")
    page.goto("/trends/cash/")
    weeks = page.locator(".trends-weeks").first
    assert weeks.evaluate("table => table.offsetWidth - table.parentElement.clientWidth") <= 0
    window.photograph("manager-cash")
    assert window.troubles == []
    window.close()


@BOTH
def test_a_long_table_keeps_its_heads_and_totals_in_sight(window: Window) -> None:
    owner = User.objects.get(username="li")
    for n in range(45):
        Desk(a_customer(code=f"Z{n:03}", name=f"name {n:03}", owner=owner)).invoice(100 + n, "2025-01-05")
    page = window.page
    for width in (1440, 1024):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto("/aging/?as_of=2025-02-28")
        row = page.locator(ROWS).nth(40)
        row.evaluate("row => row.scrollIntoView({ block: 'center' })")
        for part in ("thead th", "tfoot td"):
            expect(page.locator(f"#list {part}").first).to_be_in_viewport()
        assert page.evaluate("scrollY > 0 || document.querySelector('#list .table-wrap').scrollTop > 0")


@BOTH
def test_trends_of_one_and_two_years_lead_to_the_aging_report(window: Window) -> None:
    page = window.page
    page.goto("/trends/")
    expect(page.locator(".figures .figure")).to_have_count(5)
    page.select_option("#id_months", "24")
    page.wait_for_url("**months=24**")
    page.locator(".trends-all > summary").click()
    rows = page.locator(".trends-all tbody tr")
    expect(rows).to_have_count(24)
    sheet = fetched(page).worksheets[0]
    assert sheet.max_row == 25
    # All that is open is overdue by now: the aging report of today says the same.
    expect(rows.first.locator("td").nth(3)).to_have_text("87.00")
    rows.first.locator("th a").click()
    page.wait_for_url("**/aging/**")
    expect(page.locator("#list tfoot")).to_contain_text("87.00")


@BOTH
def test_expected_cash_leads_to_the_debts_of_a_week_and_back(window: Window) -> None:
    today = timezone.localdate()
    owner = User.objects.get(username="li")
    soon = a_customer(code="009", name="Soon", owner=owner)
    Desk(soon).invoice(
        500, (today - timedelta(days=5)).isoformat(), number="I-9", due_date=today + timedelta(days=21)
    )
    page = window.page
    page.goto("/trends/cash/")
    # What is overdue since long is given up, by name; all of it together is the balance of the aging report.
    given_up = page.locator("table", has=page.get_by_role("link", name="One", exact=True)).locator("tbody tr")
    expect(given_up.first).to_contain_text("80.00")
    expect(page.locator(".trends-said").nth(1)).to_contain_text("587.00")
    # Due as agreed in one week, expected by habit perhaps in another.
    expect(page.locator(".trends-weeks").first.locator("tbody tr", has_text="500.00")).not_to_have_count(0)
    expected = page.locator(".trends-weeks").first.locator("tbody tr:has(strong .money:not(.zero))")
    expect(expected).to_have_count(1)
    expected.locator("th a").click()
    page.wait_for_url("**/trends/cash/entries/**")
    expect(page.locator(f"{ROWS} td.what > a")).to_have_text("I-9")
    page.locator(".crumbs a").click()
    page.wait_for_url("**/trends/cash/?**")
    sheet = fetched(page).worksheets[0]
    last: Any = [row[-1] for row in sheet.iter_rows(min_row=2, values_only=True)]
    # Twelve weeks, what stands aside of them, and the balance that they add up to.
    assert (sum(last[:12]), sum(last[:-1]), last[-1]) == (500, 587, 587)


@BOTH
def test_trends_of_a_region_are_saved_as_a_view(window: Window) -> None:
    page = window.page
    page.goto("/trends/")
    page.select_option("#id_region", "East")
    page.wait_for_url("**region=East**")
    page.locator(".views-menu > summary").click()
    page.locator(".views-menu .menu-foot a").first.click()
    page.fill("[name=name]", "East, month by month")
    page.locator("main form button.primary").click()
    page.wait_for_url("**/trends/?**region=East**")
    expect(page.locator("#id_region")).to_have_value("East")


@BOTH
def test_a_view_is_saved_shared_opened_by_another_and_sent(
    window: Window, live_server: Any, browser: Browser, language: str
) -> None:
    page = window.page
    page.goto("/customers/")
    page.select_option("#id_region", "East")
    page.wait_for_url("**region=East**")
    page.locator(".columns-menu > summary").click()
    page.locator(".columns-menu input[value=unapplied]").uncheck()
    page.locator(".columns-menu button.primary").click()
    page.wait_for_url("**columns=**")
    heads = page.locator("#list thead th").all_inner_texts()
    page.locator(".views-menu > summary").click()
    page.locator(".views-menu .menu-foot a").first.click()
    page.wait_for_url("**/views/new/**")
    page.fill("[name=name]", "East")
    page.check("[name=shared]")
    page.locator("main form button.primary").click()
    page.wait_for_url("**region=East**")

    view = SavedView.objects.get()
    page.goto(f"/views/{view.pk}/")
    link = page.locator("#view-link").input_value()
    page.select_option("[name=every]", "day")
    page.locator("[name=recipients]").first.check()
    page.locator("form[action*=schedule] button.primary").click()
    expect(page.locator("form[action*=schedule] .badge.good")).to_be_visible()

    other = Window(browser, live_server.url, language=language)
    other.sign_in("sun", PASSWORD)
    other.page.goto(link)
    assert other.page.locator("#list thead th").all_inner_texts() == heads
    expect(other.page.locator("#list tbody tr")).to_have_count(2)
    assert other.troubles == []
    other.close()

    Schedule.objects.update(next_run=timezone.now())
    assert send_due() == 1
    [message] = mail.outbox
    [(_name, content, _type)] = message.attachments
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    assert sheet.max_row == 3
    page.reload()
    expect(page.locator(f"td:has-text('{timezone.localdate().year}')").first).to_be_visible()
