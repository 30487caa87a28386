"""Every page at a desk and on a phone: no barrier (axe-core), none too wide."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, expect

from customers.models import Role, User
from tests.browser.barriers import seen
from tests.browser.chromium import DESK, PHONE, Window
from tests.browser.people import PASSWORD, person
from tests.test_query_budgets import BUDGETS, Firm, a_firm, a_job, address_of

pytestmark = [pytest.mark.any_engine, pytest.mark.browser, pytest.mark.django_db(transaction=True)]


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


# A row that is half behind the total that sticks to the lower edge is no small target: one scrolls.
TALL_DESK = (DESK[0], 2400)
LANGUAGES = ("zh-CN", "en-US")


def test_no_page_has_a_barrier_or_is_too_wide(live_server: Any, browser: Browser) -> None:
    """Each page is opened once, in one language or the other, at a desk and then as narrow as on a phone; its marks
    are read at one of both, and the colours of every fourth in the dark, too.
    """
    firm = a_firm()
    # An administrator sees every page; what the others see is a part of it.
    admin = person(Role.ADMINISTRATOR, username="admin", last_name="林")
    windows = [Window(browser, live_server.url, language=language, size=TALL_DESK) for language in LANGUAGES]
    wrong = []
    for window in windows:
        window.page.goto("/login/")
        wrong += seen(window, "login", in_the_dark=True)
        window.sign_in("admin", PASSWORD)
    for number, (route, address) in enumerate(pages(firm, admin)):
        window = windows[number % 2]
        window.page.goto(address)
        expect(window.page.locator(".htmx-request")).to_have_count(0)  # charts come after the page
        # Two after two, so that either language is read at either width.
        for turn, size in enumerate((TALL_DESK, PHONE)):
            window.resize(size)
            if (number // 2) % 2 == turn:
                wrong += seen(window, route, in_the_dark=number % 4 == 0 or route == "design")
            else:
                wrong += window.too_wide()
        window.resize(TALL_DESK)
    for window in windows:
        wrong += window.troubles
        window.close()
    assert not wrong, "\n".join(wrong)
