"""What opens over a page, and a sheet full of mistakes: no barrier (axe-core), light, dark, desk and phone."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from customers.models import Role
from tests.browser.barriers import seen
from tests.browser.chromium import DESK, PHONE, Window
from tests.browser.people import PASSWORD, person
from tests.test_query_budgets import Firm, a_firm

pytestmark = [pytest.mark.any_engine, pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def opens(selector: str) -> Callable[[Page, Firm], None]:
    def click(page: Page, firm: Firm) -> None:
        page.locator(selector).first.click()

    return click


def palette(page: Page, firm: Firm) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type(firm.customer.code)
    expect(page.locator("#palette [aria-selected=true]")).to_contain_text(firm.customer.name)


def acts_for_the_customer(page: Page, firm: Firm) -> None:
    palette(page, firm)
    page.keyboard.press("Tab")
    expect(page.locator("#palette .palette-within")).to_be_visible()


def dialog(page: Page, firm: Firm) -> None:
    page.locator("input[name=rows]").first.check()
    page.locator("#selection [data-dialog]").first.click()
    expect(page.locator("dialog.dialog[open]")).to_be_visible()


def mistakes(page: Page, firm: Firm) -> None:
    page.fill("#cell-1-customer", "nobody")
    page.fill("#cell-1-amount", "abc")
    page.fill("#cell-2-customer", firm.customer.code)
    page.locator("[name=_check]").click()
    expect(page.locator("#cell-1-amount")).to_have_attribute("aria-invalid", "true")


EVERYWHERE = [
    ("palette", "/dashboard/", palette),
    ("palette-acts", "/dashboard/", acts_for_the_customer),
    ("columns-menu", "/ledger/", opens(".columns-menu > summary")),
    ("views-menu", "/ledger/", opens(".views-menu > summary")),
    ("help", "/ledger/", opens("[data-help]")),
    # Over nothing that is clicked: axe would find it half hidden, and too small.
    ("account-menu", "/views/", opens(".top .menu > summary")),
    ("record-menu", "/ledger/", opens(".side-record > summary")),
    ("dialog", "/queues/send/", dialog),
    ("grid-mistakes", "/ledger/grid/payments/", mistakes),
]
ON_A_PHONE = [("more-sheet", "/ledger/", opens(".side-more > summary"))]


@pytest.mark.parametrize(("size", "things"), [(DESK, EVERYWHERE[::2]), (PHONE, EVERYWHERE[1::2] + ON_A_PHONE)])
def test_nothing_that_opens_has_a_barrier(
    live_server: Any,
    browser: Browser,
    size: tuple[int, int],
    things: list[tuple[str, str, Callable[[Page, Firm], None]]],
) -> None:
    firm = a_firm()
    person(Role.FINANCE, username="sun", last_name="孙")
    window = Window(browser, live_server.url, language="zh-CN", size=size)
    window.sign_in("sun", PASSWORD)
    # What fades in has its colours only at the end.
    window.page.emulate_media(reduced_motion="reduce")
    wrong = []
    for name, address, open_it in things:
        window.page.goto(address)
        expect(window.page.locator(".htmx-request")).to_have_count(0)
        open_it(window.page, firm)
        wrong += seen(window, f"open-{name}", in_the_dark=True, full_page=False)
    wrong += window.troubles
    assert not wrong, "\n".join(wrong)
    window.close()
