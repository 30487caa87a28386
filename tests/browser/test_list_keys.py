"""A list by keyboard alone, and the menus that stand beside it."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from customers.models import User
from tests.browser.chromium import Window
from tests.browser.people import PASSWORD
from tests.build import a_customer

pytestmark = [pytest.mark.any_engine, pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def window(live_server: Any, browser: Browser, salesperson: User) -> Iterator[Window]:
    for n in range(60):
        a_customer(owner=salesperson, code=f"Z{n:03}", name=f"name {n}")
    opened = Window(browser, live_server.url, language="en-US")
    opened.sign_in("wang", PASSWORD, to="/customers/")
    yield opened
    assert opened.troubles == []
    opened.close()


def test_rows_are_walked_and_opened_by_keys(window: Window) -> None:
    page = window.page
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("k")
    expect(page.locator("#list tr.cursor")).to_contain_text("Z001")
    expect(page.get_by_role("link", name="name 1", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="name 1", exact=True)).to_be_visible()


def test_pages_are_turned_and_the_cursor_goes_along(window: Window) -> None:
    page = window.page
    page.keyboard.press("j")
    page.keyboard.press("]")
    expect(page.locator("#list tr.cursor")).to_contain_text("Z050")
    page.keyboard.press("[")
    expect(page.locator("#list tr.cursor")).to_contain_text("Z000")


def test_the_search_takes_letters_as_letters(window: Window) -> None:
    page = window.page
    page.keyboard.press("/")
    expect(page.locator("#filters [name=q]")).to_be_focused()
    page.keyboard.type("jkx/")
    expect(page.locator("#filters [name=q]")).to_have_value("jkx/")
    expect(page.locator("#list tr.cursor")).to_have_count(0)


def test_columns_are_chosen_in_a_menu_and_stand_in_the_address(window: Window) -> None:
    page = window.page
    page.get_by_text("Columns", exact=True).first.click()
    page.get_by_role("checkbox", name="Salesperson").uncheck()
    page.get_by_role("checkbox", name="Credit limit").check()
    page.get_by_role("button", name="Show these columns").click()
    expect(page.get_by_role("columnheader", name="Credit limit")).to_be_visible()
    expect(page.get_by_role("columnheader", name="Salesperson")).to_have_count(0)
    assert "credit_limit" in page.url
    page.go_back()
    expect(page.get_by_role("columnheader", name="Salesperson")).to_be_visible()


def test_a_view_is_saved_from_its_menu_and_found_there(window: Window) -> None:
    page = window.page
    page.fill("#filters [name=q]", "name 1")
    expect(page.locator("#list tbody tr")).to_have_count(15)
    page.locator(".views-menu summary").click()
    page.get_by_role("link", name="Save this view").click()
    page.fill("[name=name]", "Ones")
    page.press("[name=name]", "Enter")
    expect(page.locator("#list tbody tr")).to_have_count(15)
    page.locator(".views-menu summary").click()
    expect(page.locator(".views-menu").get_by_role("link", name="Ones")).to_be_visible()
