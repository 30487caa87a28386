"""Rows of a list chosen by mouse and by keys, over several pages."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from customers.models import Customer, User
from tests.browser.chromium import Window
from tests.browser.people import PASSWORD
from tests.ledger.desk import Desk
from tests.lists.conftest import choosing

__all__ = ["choosing"]

pytestmark = [
    pytest.mark.any_engine,
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("choosing"),
]


@pytest.fixture
def window(
    choosing: None, live_server: Any, browser: Browser, customer: Customer, salesperson: User
) -> Iterator[Any]:
    desk = Desk(customer)
    for n in range(1, 56):
        desk.invoice(n, "2026-03-01", number=f"I-{n:02}")
    opened = Window(browser, live_server.url, language="en-US")
    opened.sign_in("wang", PASSWORD, to="/choosing/?sort=date")
    yield opened
    assert opened.troubles == []
    opened.close()


def test_rows_are_chosen_over_pages_and_their_sum_is_said(window: Window) -> None:
    page = window.page
    said = page.locator(".selection-said")
    boxes = page.locator("#list input[data-row]")
    expect(said).to_be_hidden()
    boxes.nth(0).click()
    expect(said).to_have_text("1 chosen · 1.00 CNY")
    boxes.nth(3).click(modifiers=["Shift"])
    expect(said).to_have_text("4 chosen · 10.00 CNY")
    page.get_by_role("link", name="2", exact=True).click()
    expect(boxes).to_have_count(5)
    expect(said).to_have_text("4 chosen · 10.00 CNY")
    page.locator("[data-row-page]").click()
    expect(said).to_have_text("9 chosen · 275.00 CNY")
    window.photograph("choosing")
    page.get_by_role("button", name="Tell", exact=True).click()
    expect(page.locator(".toast p")).to_have_text("Told: I-01 I-02 I-03 I-04 I-51 I-52 I-53 I-54 I-55")
    assert page.url.endswith("/choosing/?sort=date&page=2")
    expect(said).to_be_hidden()


def test_another_filter_begins_with_nothing_chosen(window: Window) -> None:
    page = window.page
    page.locator("#list input[data-row]").nth(0).click()
    page.fill("#filters [name=q]", "I-5")
    expect(page.locator("#list tbody tr")).to_have_count(6)
    expect(page.locator(".selection-said")).to_be_hidden()


def test_every_row_of_the_filter_is_chosen_at_once(window: Window) -> None:
    page = window.page
    page.fill("#filters [name=q]", "I-5")
    expect(page.locator("#list tbody tr")).to_have_count(6)
    page.locator("#list input[data-row]").nth(0).click()
    page.locator("#selection [name=all]").click()
    expect(page.locator(".selection-said")).to_have_text("All rows of this filter")
    page.get_by_role("button", name="Tell", exact=True).click()
    expect(page.locator(".toast p")).to_have_text("Told: I-50 I-51 I-52 I-53 I-54 I-55")


def test_a_range_is_chosen_by_space_and_shift(window: Window) -> None:
    page = window.page
    boxes = page.locator("#list input[data-row]")
    boxes.nth(1).focus()
    page.keyboard.press("Space")
    expect(page.locator(".selection-said")).to_have_text("1 chosen · 2.00 CNY")
    page.get_by_role("button", name="Choose none").click()
    expect(page.locator(".selection-said")).to_be_hidden()
