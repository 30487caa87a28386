"""`?` says what the keys of a page do, and leads into the manual."""

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from customers.models import Customer
from tests.browser.chromium import PHONE, Window
from tests.browser.people import PASSWORD

pytestmark = [pytest.mark.any_engine, pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("language", ["en-US", "zh-CN"])
def test_the_question_mark_opens_help_and_leads_to_the_manual_and_its_pictures(
    live_server: Any, browser: Browser, customer: Customer, language: str
) -> None:
    window = Window(browser, live_server.url, language=language)
    window.sign_in("wang", PASSWORD)
    page = window.page
    page.fill("main [name=q]", "?")
    help_dialog = page.locator("#help")
    expect(help_dialog).to_be_hidden()
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(help_dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(help_dialog).to_be_hidden()
    page.locator("[data-help]").click()
    expect(help_dialog).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url("**/help/salesperson/")
    picture = page.locator(".manual-text img").first
    picture.scroll_into_view_if_needed()
    page.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=picture.element_handle())
    window.photograph("manual")
    assert window.troubles == []
    window.close()


def test_the_manual_fits_a_phone_and_is_open_at_the_door(live_server: Any, browser: Browser) -> None:
    window = Window(browser, live_server.url, language="zh-CN", size=PHONE)
    window.page.goto("/help/")
    window.page.locator(".manual-text a[href$='/finance/']").click()
    window.page.wait_for_url("**/help/finance/")
    window.photograph("manual-finance")
    assert window.troubles == []
    window.close()


def test_keys_of_a_single_character_can_be_switched_off_and_on(
    live_server: Any, browser: Browser, customer: Customer
) -> None:
    """WCAG 2.1.4: speech input and a stiff hand must not set them off."""
    window = Window(browser, live_server.url, language="en-US")
    window.sign_in("wang", PASSWORD, to="/customers/?q=")
    page, help_dialog, cursor = window.page, window.page.locator("#help"), window.page.locator("#list tr.cursor")
    page.keyboard.press("?")
    help_dialog.locator("[name=keys][value=off]").click()
    expect(page.locator("html")).to_have_attribute("data-letter-keys", "off")
    page.keyboard.press("?")
    page.keyboard.press("j")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_be_visible()
    page.keyboard.press("Escape")
    expect(help_dialog).to_be_hidden()
    expect(cursor).to_have_count(0)
    page.locator("[data-help]").click()
    help_dialog.locator("[name=keys][value=on]").click()
    expect(page.locator("html")).not_to_have_attribute("data-letter-keys", "off")
    page.keyboard.press("j")
    expect(cursor).to_have_count(1)
    assert window.troubles == []
    window.close()
