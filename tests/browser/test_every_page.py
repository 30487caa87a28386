"""Every page of the product, light and dark, at a desk and on a phone: no barrier (axe-core), none too wide.

What it sees stands in var/screenshots/.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, expect

from customers.models import Role, User
from tests.browser.chromium import DESK, PHONE, SCREENSHOTS, Window
from tests.browser.people import PASSWORD, person
from tests.test_query_budgets import BUDGETS, Firm, a_firm, a_job, address_of

pytestmark = [pytest.mark.any_engine, pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WCAG = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
# In the other scheme nothing but the colours differs.
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
AXE = Axe()


def pages(firm: Firm, user: User) -> Iterator[tuple[str, str]]:
    """The name and address of whatever answers with a whole page: no file, no part of a page, no other address."""
    client, job = Client(), a_job(user)
    client.force_login(user)
    for route, budget in BUDGETS.items():
        if budget is None:
            continue
        address = address_of(route, firm, job)
        answer = client.get(address)
        for close in answer._resource_closers:  # type: ignore[attr-defined]
            close()
        if answer.status_code == 200 and not answer.streaming and b"<!doctype html>" in answer.content:
            yield route, address


def barriers(window: Window, rules: dict[str, Any]) -> list[str]:
    answer = AXE.run(window.page, options={"runOnly": rules, "resultTypes": ["violations"]}).response
    return [
        f"{window.page.url} {rule['id']}: {node['html'][:200]} -- {node['failureSummary'].splitlines()[-1].strip()}"
        for rule in answer["violations"]
        for node in rule["nodes"]
    ]


def seen(window: Window, name: str) -> list[str]:
    """The barriers of the page that is open, photographed; in Chinese in both schemes, which no language changes."""
    wrong = []
    schemes = [("light", WCAG), ("dark", COLOURS)] if window.language == "zh-CN" else [("light", WCAG)]
    for scheme, rules in schemes:
        window.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        wrong += barriers(window, rules)
        path = SCREENSHOTS / f"{name.replace(':', '-')}.{window.language[:2]}.{window.size[0]}.{scheme}.png"
        window.page.screenshot(path=path, full_page=True)
    wider = window.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [*wrong, f"{window.page.url} is {wider} pixels wider than {window.size[0]}"] if wider > 0 else wrong


# A row that is half behind the total that sticks to the lower edge is no small target: one scrolls.
TALL_DESK = (DESK[0], 2400)


@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
@pytest.mark.parametrize("size", [TALL_DESK, PHONE], ids=["desk", "phone"])
def test_no_page_has_a_barrier(live_server: Any, browser: Browser, size: tuple[int, int], language: str) -> None:
    firm = a_firm()
    # An administrator sees every page; what the others see is a part of it.
    admin = person(Role.ADMINISTRATOR, username="admin", last_name="林")
    window = Window(browser, live_server.url, language=language, size=size)
    window.page.goto("/login/")
    wrong = seen(window, "login")
    window.sign_in("admin", PASSWORD)
    for route, address in pages(firm, admin):
        window.page.goto(address)
        expect(window.page.locator(".htmx-request")).to_have_count(0)  # charts come after the page
        wrong += seen(window, route)
    wrong += window.troubles
    assert not wrong, "\n".join(wrong)
    window.close()
