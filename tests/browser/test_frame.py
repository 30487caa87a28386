"""The frame by keyboard and by thumb: menus, dialogs, the sheet of a phone, light and dark."""

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from customers.models import Role, User
from tests.browser.chromium import PHONE, Window
from tests.browser.people import PASSWORD, person

pytestmark = [pytest.mark.any_engine, pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_chosen_scheme_stays_with_the_page_and_the_visitor(
    live_server: Any, browser: Browser, salesperson: User
) -> None:
    window = Window(browser, live_server.url, language="en-US")
    page = window.page
    window.sign_in("wang", PASSWORD, to="/customers/?q=mill")
    assert page.locator("html").get_attribute("data-scheme") == "system"
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator(".top details.menu > summary").press("Enter")
    page.get_by_role("button", name="Dark").press("Enter")
    expect(page.locator("html")).to_have_attribute("data-scheme", "dark")
    assert page.url.endswith("/customers/?q=mill")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
    page.goto("/ledger/")
    expect(page.locator("html")).to_have_attribute("data-scheme", "dark")
    assert window.troubles == []
    window.close()


def test_dialogs_and_menus_give_the_focus_back(live_server: Any, browser: Browser) -> None:
    person(Role.ADMINISTRATOR, username="admin")
    window = Window(browser, live_server.url, language="en-US")
    page = window.page
    window.sign_in("admin", PASSWORD, to="/design/")
    opener = page.locator("[data-dialog=light-dialog]")
    dialog = page.locator("#light-dialog")
    opener.press("Enter")
    expect(dialog).to_be_visible()
    assert page.evaluate("document.getElementById('light-dialog').contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()
    opener.click()
    dialog.locator(".dialog-foot [data-close-dialog]").first.click()
    expect(dialog).to_be_hidden()
    opener.click()
    page.mouse.click(5, 5)
    expect(dialog).to_be_hidden()

    record = page.locator(".side-record > summary")
    record.press("Enter")
    expect(page.locator(".side-record .menu-panel")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator(".side-record .menu-panel a").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".side-record .menu-panel")).to_be_hidden()
    expect(record).to_be_focused()
    assert window.troubles == []
    window.close()


def test_where_there_is_less_room_the_name_of_an_icon_comes_with_the_focus(
    live_server: Any, browser: Browser, salesperson: User
) -> None:
    window = Window(browser, live_server.url, language="en-US", size=(1024, 800))
    page = window.page
    window.sign_in("wang", PASSWORD)
    link = page.get_by_role("navigation", name="Main").get_by_role("link", name="Aging")
    assert link.locator(".side-label").evaluate("e => getComputedStyle(e).opacity") == "0"
    page.keyboard.press("Tab")
    link.focus()
    expect(link.locator(".side-label")).to_have_css("opacity", "1")
    window.close()


def test_on_a_phone_five_things_are_at_the_thumb_and_record_opens_a_sheet(
    live_server: Any, browser: Browser, salesperson: User
) -> None:
    window = Window(browser, live_server.url, language="en-US", size=PHONE)
    page = window.page
    window.sign_in("wang", PASSWORD)
    places = [place for place in page.locator(".side .side-link").all() if place.is_visible()]
    boxes = [box for place in places if (box := place.bounding_box())]
    assert len(boxes) == 5
    assert all(box["height"] >= 44 and box["width"] >= 44 for box in boxes)
    record = page.locator(".side-record > summary")
    middle = record.bounding_box()
    assert middle is not None
    assert abs(middle["x"] + middle["width"] / 2 - PHONE[0] / 2) < 2
    record.click()
    page.get_by_role("link", name="Payment", exact=True).click()
    page.wait_for_url("**/ledger/payments/new/")
    assert window.troubles == []
    window.close()
