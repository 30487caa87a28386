"""The command palette with the keyboard alone, with a thumb, and without JavaScript."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from customers.models import Customer, User
from tests.browser.chromium import PHONE, Window
from tests.browser.people import PASSWORD
from tests.build import a_customer
from tests.ledger.desk import Desk

pytestmark = [pytest.mark.any_engine, pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def opened(page: Page) -> Any:
    page.keyboard.press("Control+k")
    palette = page.locator("#palette")
    expect(palette).to_be_visible()
    expect(palette.get_by_role("combobox")).to_be_focused()
    return palette


@pytest.fixture
def window(live_server: Any, browser: Browser, salesperson: User) -> Any:
    window = Window(browser, live_server.url, language="en-US")
    window.sign_in("wang", PASSWORD)
    yield window
    assert window.troubles == []
    window.close()


def test_a_customer_is_opened_and_a_payment_begun_with_the_keyboard_alone(window: Window, customer: Customer) -> None:
    page = window.page
    palette = opened(page)
    page.keyboard.type("hzjc")
    chosen = palette.locator("[aria-selected=true]")
    expect(chosen).to_contain_text(customer.name)
    expect(palette.get_by_role("combobox")).to_have_attribute("aria-activedescendant", "palette-customers-1")
    page.keyboard.press("Tab")
    expect(palette.locator(".palette-within")).to_contain_text("C0001")
    for _step in range(10):
        if "Payment for" in (chosen.text_content() or ""):
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/ledger/payments/new/?customer={customer.pk}")


def test_an_act_for_a_customer_is_typed_in_one_go(window: Window, customer: Customer) -> None:
    palette = opened(window.page)
    window.page.keyboard.type("pay 锦程")
    expect(palette.locator("[aria-selected=true]")).to_contain_text(f"Payment for {customer.name}")
    window.page.keyboard.press("Enter")
    window.page.wait_for_url(f"**/ledger/payments/new/?customer={customer.pk}")


def test_an_invoice_is_found_by_its_last_digits(window: Window, customer: Customer) -> None:
    entry = Desk(customer).invoice("12345.67", "2026-01-05", number="26332000000012345678")
    for typed in ("345678", "12,345.67"):
        palette = opened(window.page)
        window.page.keyboard.type(typed)
        expect(palette.locator("[aria-selected=true]")).to_contain_text("26332000000012345678")
        window.page.keyboard.press("Enter")
        window.page.wait_for_url(f"**/ledger/{entry.pk}/")


def test_escape_goes_back_a_level_then_closes_and_gives_the_focus_back(window: Window, customer: Customer) -> None:
    page = window.page
    page.focus("main [name=q]")
    palette = opened(page)
    page.keyboard.type("hzjc")
    expect(palette.locator("[aria-selected=true]")).to_contain_text(customer.name)
    page.keyboard.press("Tab")
    expect(palette.locator(".palette-within")).to_be_visible()
    page.keyboard.press("Escape")
    expect(palette.locator(".palette-within")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(palette).to_be_hidden()
    expect(page.locator("main [name=q]")).to_be_focused()


def test_what_was_opened_lately_stands_first_and_carries_no_amount(window: Window, customer: Customer) -> None:
    Desk(customer).invoice("98765.43", "2026-01-05", number="INV-1")
    page = window.page
    page.goto(f"/customers/{customer.pk}/")
    page.goto("/customers/")
    palette = opened(page)
    expect(palette.locator("[aria-selected=true]")).to_contain_text(customer.name)
    kept = page.evaluate("JSON.stringify(sessionStorage)")
    assert customer.name in kept
    assert "98" not in kept
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/customers/{customer.pk}/")


def test_only_the_answer_to_the_latest_words_is_shown(window: Window, customer: Customer) -> None:
    """The first answer is held back until the second one has come."""
    page = window.page
    late: list[Any] = []

    def hold(route: Any) -> None:
        if "q=hz" in route.request.url and "hzjc" not in route.request.url:
            late.append(route)
        else:
            route.continue_()

    palette = opened(page)
    page.route(re.compile("/search/palette/"), hold)
    with page.expect_request(lambda request: request.url.endswith("q=hz")):
        page.keyboard.type("hz")
    page.keyboard.type("jc")
    expect(palette.locator("[aria-selected=true]")).to_contain_text(customer.name)
    assert late
    for route in late:
        route.fulfill(body="late", content_type="text/html")
    page.wait_for_load_state("networkidle")
    expect(palette.get_by_role("listbox")).not_to_contain_text("late")


def test_enter_without_a_hit_leads_to_the_page_of_the_search(window: Window) -> None:
    palette = opened(window.page)
    window.page.keyboard.type("nobody knows")
    expect(palette.locator("[aria-disabled=true]")).to_be_visible()
    window.page.keyboard.press("Enter")
    window.page.wait_for_url("**/search/?q=nobody+knows")


def test_the_box_of_the_top_bar_opens_the_palette_with_its_words(window: Window, customer: Customer) -> None:
    page = window.page
    page.locator(".top-search input").click()
    palette = page.locator("#palette")
    expect(palette.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("hzjc")
    expect(palette.locator("[aria-selected=true]")).to_contain_text(customer.name)


def test_another_s_customer_is_not_offered(window: Window) -> None:
    a_customer(name="杭州锦程之外", code="X1")
    palette = opened(window.page)
    window.page.keyboard.type("X1")
    expect(palette.locator("[aria-disabled=true]")).to_be_visible()


def test_with_a_thumb_a_customer_s_actions_are_a_button_away(
    live_server: Any, browser: Browser, customer: Customer
) -> None:
    window = Window(browser, live_server.url, language="zh-CN", size=PHONE)
    window.sign_in("wang", PASSWORD)
    page = window.page
    palette = opened(page)
    box = palette.bounding_box()
    assert box
    assert (box["width"], box["x"]) == (PHONE[0], 0)
    palette.get_by_role("combobox").fill("C0001")
    expect(palette.locator("[aria-selected=true]")).to_contain_text(customer.name)
    palette.locator(".palette-more").click()
    expect(palette.locator(".palette-within")).to_contain_text("C0001")
    window.photograph("palette")
    palette.locator("a[href*='payments/new']").click()
    page.wait_for_url(f"**/ledger/payments/new/?customer={customer.pk}")
    assert window.troubles == []
    window.close()


def test_the_search_works_without_a_script(live_server: Any, browser: Browser, customer: Customer) -> None:
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False, locale="en-US")
    page = context.new_page()
    page.goto("/login/?next=/search/")
    page.fill("[name=username]", "wang")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.fill("main [name=q]", "锦程")
    page.click("main button[type=submit]")
    expect(page.get_by_role("link", name=customer.name)).to_be_visible()
    context.close()
