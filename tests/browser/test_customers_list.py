"""A salesperson compares the own customer's list: choose, look, compare, pair two lines by hand, accept."""

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from customers.models import Customer, User
from tests.browser.chromium import Window
from tests.browser.people import PASSWORD
from tests.ledger.desk import Desk
from tests.reconciliation.comparison.build import a_file

pytestmark = [pytest.mark.any_engine, pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_from_the_file_to_an_accepted_bridge(
    live_server: Any, browser: Browser, customer: Customer, salesperson: User
) -> None:
    desk = Desk(customer)
    desk.invoice(1130, "2026-03-02", number="FP-20260301")
    desk.invoice(75, "2026-03-25", number="FP-20260309")
    file = a_file("2026-03-05,记-3,FP-20260301,采购入库,,1130.00,", "2026-01-28,记-12,,运费,,70.00,")
    window = Window(browser, live_server.url, language="en-US")
    window.sign_in("wang", PASSWORD, to="/reconciliation/comparison/new/")
    page = window.page
    page.fill("[name=customer_search]", "C0001")
    page.get_by_role("button", name="杭州锦程").click()
    sent = {"name": "明细账.csv", "mimeType": "text/csv", "buffer": file.read()}
    page.set_input_files("[name=file]", sent)  # type: ignore[arg-type]
    page.get_by_role("button", name="Look at the file").click()
    expect(page.get_by_label("发票号")).to_have_value("our_number")
    page.get_by_role("button", name="Compare", exact=True).click()
    bridge = page.locator(".bridge")
    expect(bridge).to_contain_text("+75.00")
    bridge.get_by_role("link", name="Invoice not received").click()
    expect(page.locator("#list tbody tr")).to_have_count(1)
    page.locator(".tabs").get_by_role("link", name="Differences").click()
    boxes = page.locator("#list input[data-row]")
    expect(boxes).to_have_count(2)
    boxes.nth(0).click()
    boxes.nth(1).click()
    page.get_by_role("button", name="Pair…").click()
    page.fill("#pair-reason", "freight")
    page.get_by_role("button", name="Pair", exact=True).click()
    expect(bridge).to_contain_text("+5.00")
    expect(bridge).to_contain_text("Amount differs")
    page.get_by_role("button", name="Accept").first.click()
    page.locator("#accept").get_by_role("button", name="Accept").click()
    expect(page.locator(".bridge")).to_contain_text("Accepted on")
    window.photograph("customers-list")
    assert window.troubles == []
    window.close()
