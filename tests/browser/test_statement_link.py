"""A customer without an account opens the link on a phone, and says that the statement agrees."""

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from reconciliation.statements.models import Answer
from tests.browser.barriers import seen
from tests.browser.chromium import PHONE, Window
from tests.reconciliation.statements.building import a_link, a_statement, an_account, path_of

pytestmark = [pytest.mark.any_engine, pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_customer_confirms_on_a_phone(live_server: Any, browser: Browser) -> None:
    statement = a_statement(an_account().customer, language="en")
    sent = a_link(statement)
    window = Window(browser, live_server.url, language="en-US", size=PHONE)
    page = window.page
    page.goto(path_of(sent))
    # The token is gone from the address, and what there is opens nothing for others.
    expect(page).to_have_url(f"{live_server.url}/s/{sent.dispatch.handle}/")
    expect(page.locator(".public-amount")).to_contain_text("680.00")
    expect(page.locator("nav")).to_have_count(1)
    wrong = seen(window, "statement-view", in_the_dark=True)
    page.get_by_role("link", name="No, it does not agree").click()
    expect(page.locator("input[name=line]")).to_have_count(5)
    wrong += seen(window, "statement-differs", in_the_dark=False)
    page.locator("input[name=line]").first.check()
    page.get_by_role("button", name="Next").click()
    wrong += seen(window, "statement-details", in_the_dark=False)
    page.goto(f"/s/{sent.dispatch.handle}/")
    page.get_by_role("link", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    page.get_by_role("link", name="English").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Excel").click()
    assert download.value.suggested_filename == f"{statement.reference}.xlsx"
    page.fill("[name=name]", "Li Na")
    page.locator("form button[type=submit]").dblclick()
    expect(page.locator("#said")).to_contain_text("Li Na")
    expect(page.locator("form")).to_have_count(0)
    assert Answer.objects.get().name == "Li Na"
    wrong += window.troubles
    assert not wrong, "\n".join(wrong)
    window.close()
