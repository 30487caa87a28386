"""Two people at work at the same time: each sees what the other records, and loses nothing of the own."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from customers.models import Customer, Role, User
from flags.models import FlagNote
from flags.sweep import raise_flags
from ledger.models import Entry
from tests.browser.chromium import PHONE, Window
from tests.browser.people import PASSWORD, person
from tests.build import a_customer
from tests.ledger.desk import Desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def ask(page: Page) -> None:
    """The poll, now."""
    page.evaluate("document.dispatchEvent(new Event('live:ask'))")


@pytest.fixture
def finance() -> User:
    return person(Role.FINANCE, username="xu", last_name="徐", first_name="海燕")


@pytest.fixture
def owing(customer: Customer, salesperson: User) -> Customer:
    due = timezone.localdate() - timedelta(days=40)
    Desk(customer).invoice(1000, due.isoformat(), number="F-1", due_date=due)
    other = a_customer(owner=salesperson, code="C0009", name="南京中天电缆有限公司")
    Desk(other).invoice(500, due.isoformat(), number="F-9", due_date=due)
    raise_flags(as_of=timezone.localdate())
    return customer


@pytest.fixture
def window(live_server: Any, browser: Browser, owing: Customer) -> Iterator[Window]:
    opened = Window(browser, live_server.url, language="en-US")
    opened.sign_in("wang", PASSWORD, to="/desk/")
    yield opened
    assert opened.troubles == []
    opened.close()


@pytest.fixture
def other(live_server: Any, browser: Browser, finance: User) -> Iterator[Window]:
    opened = Window(browser, live_server.url, language="zh-CN")
    opened.sign_in("xu", PASSWORD)
    yield opened
    assert opened.troubles == []
    opened.close()


def pay(window: Window, customer: Customer, amount: str) -> None:
    window.page.goto(f"/ledger/payments/new/?customer={customer.pk}")
    window.page.fill("[name=amount]", amount)
    window.page.press("[name=amount]", "Enter")
    expect(window.page.locator(".toast")).to_contain_text(amount)


def test_a_payment_of_the_one_appears_at_the_other(window: Window, other: Window, owing: Customer) -> None:
    page = window.page
    expect(page.locator("#owed-CNY")).to_contain_text("1,500.00")
    link = page.locator(f"#block-{owing.pk} .flag-customer")
    link.focus()
    pay(other, owing, "300.00")
    ask(page)
    expect(page.locator("#owed-CNY")).to_contain_text("1,200.00")
    expect(page.locator(f"#block-{owing.pk}")).to_contain_text("700.00")
    expect(page.locator(f"#block-{owing.pk}.live-changed")).to_have_count(1)
    expect(page.locator("#live-said")).to_contain_text("1 change by 徐海燕")
    expect(page.locator(f"#block-{owing.pk} .flag-customer")).to_be_focused()
    assert page.url.endswith("/desk/")


def test_a_half_typed_note_stays_while_the_figures_follow(window: Window, other: Window, owing: Customer) -> None:
    page = window.page
    block = page.locator(f"#block-{owing.pk}")
    block.locator("summary.btn").click()
    block.locator("[name=note]").type("They promise to pa")
    pay(other, owing, "300.00")
    ask(page)
    expect(page.locator("#owed-CNY")).to_contain_text("1,200.00")
    bar = page.locator("#flags [data-live-bar]")
    expect(bar).to_contain_text("1 change by 徐海燕")
    expect(block).to_contain_text("1,000.00")
    expect(block.locator("[name=note]")).to_be_focused()
    block.locator("[name=note]").type("y on Friday")
    expect(block.locator("[name=note]")).to_have_value("They promise to pay on Friday")
    # The news on request, and still nothing is lost.
    bar.locator("[data-live-show]").click()
    expect(block).to_contain_text("700.00")
    expect(bar).to_be_hidden()
    expect(block.locator("[name=note]")).to_have_value("They promise to pay on Friday")
    block.locator("summary.btn").click()
    block.locator("[name=note]").press("Enter")
    expect(page.locator(f"#block-{owing.pk}.done")).to_be_visible()
    assert set(FlagNote.objects.values_list("note", flat=True)) == {"They promise to pay on Friday"}


def test_an_undo_brings_the_customer_back_on_the_phone(live_server: Any, browser: Browser, owing: Customer) -> None:
    window = Window(browser, live_server.url, language="zh-CN", size=PHONE)
    window.sign_in("wang", PASSWORD, to="/desk/")
    page = window.page
    block = page.locator(f"#block-{owing.pk}")
    box = block.bounding_box()
    assert box is not None
    assert box["y"] + 100 < PHONE[1], "the first task is in sight without scrolling"
    block.locator("summary.btn").click()
    block.locator("[name=note]").fill("下周到账")
    block.locator("[name=note]").press("Enter")
    expect(page.locator(f"#block-{owing.pk}.done")).to_be_visible()
    page.locator(f"#block-{owing.pk} .flag-undo button").click()
    expect(page.locator(f"#block-{owing.pk} .flag-customer")).to_be_visible()
    window.photograph("desk-after-undo")
    assert window.troubles == []
    window.close()


def test_a_desk_on_which_nothing_happens_is_left_alone(window: Window) -> None:
    page = window.page
    page.evaluate("document.querySelector('#flags').dataset.mine = 'yes'")
    with page.expect_response(lambda response: response.status == 204):
        ask(page)
    expect(page.locator("#flags[data-mine]")).to_have_count(1)


def test_after_a_sign_out_elsewhere_the_desk_says_so_and_keeps_what_was_typed(
    window: Window, other: Window, owing: Customer
) -> None:
    page = window.page
    block = page.locator(f"#block-{owing.pk}")
    block.locator("summary.btn").click()
    block.locator("[name=note]").type("half a")
    window.context.clear_cookies()
    ask(page)
    expect(page.locator("#flags [data-live-bar]")).to_contain_text("signed out")
    expect(block.locator("[name=note]")).to_have_value("half a")
    assert Entry.objects.count() == 2
