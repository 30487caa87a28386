"""From a number of the report to its entries and back, to the very place that was left."""

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from customers.models import User
from tests.browser.chromium import Window
from tests.browser.people import PASSWORD
from tests.build import a_customer
from tests.ledger.desk import Desk

pytestmark = [pytest.mark.any_engine, pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_way_back_leads_to_the_order_the_page_and_the_height(
    live_server: Any, browser: Browser, salesperson: User
) -> None:
    for n in range(60):
        Desk(a_customer(owner=salesperson, code=f"Z{n:03}", name=f"name {n:03}")).invoice(100 + n, "2025-01-05")
    window = Window(browser, live_server.url, language="en-US", size=(1024, 600))
    page = window.page
    window.sign_in("wang", PASSWORD)
    page.goto("/aging/?as_of=2025-03-31&compare=2025-01-31&sort=name")
    number = page.locator("#list table.list tbody tr").nth(45).locator("td a[href*='/aging/items/']").first
    number.scroll_into_view_if_needed()
    height = page.evaluate("Math.round(window.scrollY)")
    assert height > 300
    number.click()
    page.wait_for_url("**/aging/items/**")
    expect(page.locator("#list tbody tr")).to_have_count(1)
    page.locator("[data-back]").click()
    page.wait_for_url("**sort=name")
    assert abs(page.evaluate("Math.round(window.scrollY)") - height) <= 2
    assert window.troubles == []
    window.close()
