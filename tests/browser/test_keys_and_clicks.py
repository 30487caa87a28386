"""What a key or a click does where a browser and htmx have a say: Enter, typing, clicking while a list is drawn."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from customers.models import Customer, User
from ledger.models import Entry
from tests.browser.chromium import Window
from tests.browser.people import PASSWORD
from tests.build import a_customer

pytestmark = [pytest.mark.any_engine, pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def window(live_server: Any, browser: Browser, salesperson: User, customer: Customer) -> Iterator[Window]:
    opened = Window(browser, live_server.url, language="en-US")
    opened.sign_in("wang", PASSWORD)
    yield opened
    assert opened.troubles == []
    opened.close()


@pytest.mark.parametrize("field", ["number", "date", "lines-0-quantity"])
def test_enter_records_the_document(window: Window, customer: Customer, field: str) -> None:
    page = window.page
    page.goto(f"/ledger/shipments/new/?customer={customer.pk}")
    page.fill("[name=number]", "S-1")
    page.fill("[name=lines-0-product]", "cloth")
    page.fill("[name=lines-0-unit_price]", "5")
    page.fill("[name=lines-0-quantity]", "3")
    page.press(f"[name={field}]", "Enter")
    expect(page.locator(".toast")).to_contain_text("Shipment S-1 was recorded")
    assert Entry.objects.get().customer == customer


def test_enter_in_a_form_that_came_back_records_it(window: Window, customer: Customer) -> None:
    page = window.page
    page.goto(f"/ledger/payments/new/?customer={customer.pk}")
    page.fill("[name=amount]", "0.005")
    page.press("[name=amount]", "Enter")
    expect(page.locator("#id_amount_error")).to_be_visible()
    expect(page.locator("[name=amount]")).to_be_focused()
    page.fill("[name=amount]", "70")
    page.press("[name=bank_reference]", "Enter")
    expect(page.locator(".toast")).to_contain_text("Payment of 70.00")
    assert Entry.objects.get().customer == customer


def test_a_customer_is_chosen_by_keys_and_stays_with_the_address_and_the_language(
    window: Window, customer: Customer
) -> None:
    page = window.page
    page.goto("/ledger/payments/new/")
    page.fill("[name=customer_search]", "C0001")
    expect(page.locator(".picker-option")).to_have_count(1)
    page.press("[name=customer_search]", "Enter")
    page.press(".picker-option", "Enter")
    expect(page.locator(".picked")).to_contain_text(customer.name)
    assert page.url.endswith(f"/ledger/payments/new/?customer={customer.pk}")
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("heading", name="登记回款")).to_be_visible()
    expect(page.locator(".picked")).to_contain_text(customer.name)
    page.locator(".picked button").click()
    expect(page.locator("[name=customer_search]")).to_be_focused()
    assert page.url.endswith("/ledger/payments/new/")


def test_an_added_row_and_a_wrong_field_have_the_focus(window: Window, customer: Customer) -> None:
    page = window.page
    page.goto(f"/ledger/shipments/new/?customer={customer.pk}")
    page.get_by_role("button", name="Add a line").click()
    expect(page.get_by_role("textbox", name="Product, row 2")).to_be_focused()
    page.fill("[name=number]", "S-1")
    page.fill("[name=lines-0-product]", "cloth")
    page.press("[name=number]", "Enter")
    expect(page.locator("[name=lines-0-quantity]")).to_be_focused()


def test_the_first_click_after_a_search_arrives(window: Window, salesperson: User) -> None:
    for n in range(60):
        a_customer(owner=salesperson, code=f"Z{n:03}", name=f"name {n}")
    page = window.page
    page.goto("/customers/")
    page.locator("#filters [name=q]").press_sequentially("Z00", delay=30)
    rows = page.locator("#list tbody tr")
    expect(rows).to_have_count(10)
    page.wait_for_load_state("networkidle")
    link = rows.nth(3).get_by_role("link").first
    box = link.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    page.wait_for_timeout(500)
    page.mouse.up()
    expect(page.get_by_role("heading", name="name 3")).to_be_visible()


def test_a_filter_keeps_the_order_and_a_page_begins_at_its_top(window: Window, salesperson: User) -> None:
    for n in range(120):
        a_customer(owner=salesperson, code=f"Z{n:03}", name=f"name {n}")
    page = window.page
    page.goto("/customers/")
    rows = page.locator("#list tbody tr")
    page.get_by_role("link", name="Customer code").click()
    expect(rows.first).to_contain_text("Z119")
    page.fill("#filters [name=q]", "name")
    expect(rows.first).to_contain_text("Z119")
    page.wait_for_url("**/customers/?q=name&sort=-code")
    page.get_by_role("link", name="2", exact=True).click()
    expect(rows.first).to_contain_text("Z069")
    assert page.evaluate("scrollY") < 200
    assert page.url.endswith("?q=name&sort=-code&page=2")
    page.reload()
    expect(rows.first).to_contain_text("Z069")
