"""Two finance people work in one queue: each sees what the other does, and neither loses what they are doing."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from customers.models import Customer, Role
from ledger.models import Allocation, Entry
from tests.browser.chromium import Window
from tests.browser.people import PASSWORD, person
from tests.ledger.desk import Desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def two(live_server: Any, browser: Browser) -> Iterator[tuple[Window, Window]]:
    person(Role.FINANCE, username="xu", last_name="徐", first_name="海燕")
    person(Role.FINANCE, username="lin", last_name="林", first_name="思远")
    windows = [Window(browser, live_server.url, language=language) for language in ("en-US", "zh-CN")]
    yield windows[0], windows[1]
    for window in windows:
        assert window.troubles == []
        window.close()


def ask(window: Window) -> None:
    """What the page does by itself every twenty seconds."""
    window.page.evaluate("document.dispatchEvent(new Event('live:ask'))")


def test_one_confirms_while_the_other_chooses(two: tuple[Window, Window], customer: Customer) -> None:
    desk = Desk(customer)
    goods = [desk.shipment(10 * n, f"2026-03-0{n}", number=f"FH-{n}") for n in range(1, 4)]
    one, other = two
    one.sign_in("xu", PASSWORD, to="/queues/confirm/")
    other.sign_in("lin", PASSWORD, to="/queues/confirm/")
    row = f"#row-{goods[0].pk}"

    # The other is at nothing: the list keeps up by itself.
    one.page.locator(f"{row} input[data-row]").click()
    one.page.locator("#selection button.primary").click()
    expect(one.page.locator(row)).to_have_count(0)
    ask(other)
    expect(other.page.locator(row)).to_have_count(0)

    # The other has chosen rows: nothing is taken away, a bar tells.
    for entry in goods[1:]:
        other.page.locator(f"#row-{entry.pk} input[data-row]").click()
    one.page.locator(f"#row-{goods[1].pk} input[data-row]").click()
    one.page.locator("#selection button.primary").click()
    expect(one.page.locator(f"#row-{goods[1].pk}")).to_have_count(0)
    ask(other)
    expect(other.page.locator("[data-live-bar]")).to_be_visible()
    expect(other.page.locator("[data-live-said]")).to_contain_text("徐海燕")
    expect(other.page.locator(f"#row-{goods[1].pk} input[data-row]")).to_be_checked()

    # And acts on both: what is done already is told by whom, the other one is confirmed.
    other.page.locator("#selection button.primary").click()
    expect(other.page.locator(".toast", has_text="徐海燕")).to_be_visible()
    assert not Entry.objects.unconfirmed().exists()
    assert [entry.confirmations.count() for entry in goods] == [1, 1, 1]


def test_one_accepts_what_the_other_accepts(two: tuple[Window, Window], customer: Customer) -> None:
    desk = Desk(customer)
    desk.invoice(100, "2026-03-01", number="FP-0001")
    desk.invoice(40, "2026-03-02", number="FP-0002")
    credit = desk.payment(100, "2026-04-01", number="SK-1", automatic=False)
    desk.payment(7, "2026-04-02", number="SK-2", automatic=False)
    one, other = two
    one.sign_in("xu", PASSWORD, to="/queues/allocate/")
    other.sign_in("lin", PASSWORD, to="/queues/allocate/")
    accept = f"#row-{credit.pk} form button"
    one.page.locator(accept).click()
    expect(one.page.locator(f"#row-{credit.pk}")).to_have_count(0)
    other.page.locator(accept).click()
    expect(other.page.locator(".toast", has_text="徐海燕")).to_be_visible()
    expect(other.page.locator(f"#row-{credit.pk}")).to_have_count(0)
    assert Allocation.objects.count() == 1


def test_a_number_that_is_being_typed_is_never_lost(two: tuple[Window, Window], customer: Customer) -> None:
    desk = Desk(customer)
    desk.shipment(100, "2026-03-01")
    field = f"#number-{customer.pk}-2026-03"
    one, other = two
    one.sign_in("xu", PASSWORD, to="/queues/issue/")
    one.page.fill(field, "FP-77")
    Desk(customer, by=person(Role.FINANCE, last_name="王", first_name="小明")).shipment(5, "2026-02-01")
    ask(one)
    expect(one.page.locator("[data-live-bar]")).to_be_visible()
    expect(one.page.locator(field)).to_have_value("FP-77")
    one.page.locator("#issue button").click()
    expect(one.page.locator(".toast.success")).to_be_visible()
    assert Entry.objects.filter(number="FP-77").exists()
    other.sign_in("lin", PASSWORD, to="/queues/issue/")
    expect(other.page.locator(field)).to_have_count(0)
    for window, name in ((one, "queue-issue"), (other, "queue-issue")):
        window.photograph(name)


def test_many_are_sent_with_numbers_from_a_pasted_column(two: tuple[Window, Window], customer: Customer) -> None:
    desk = Desk(customer)
    bills = [desk.invoice(10 * n, f"2026-03-0{n}", number=f"FP-{n}") for n in (1, 2)]
    one, _other = two
    one.sign_in("xu", PASSWORD, to="/queues/send/")
    one.page.locator("[data-row-page]").click()
    one.page.locator("[data-dialog=dialog-queues-mark-sent]").click()
    dialog = one.page.locator("#dialog-queues-mark-sent")
    dialog.locator("[name=carrier]").fill("顺丰")
    dialog.locator("[name=tracking]").fill("SF1\nSF2")
    dialog.locator("button.primary").click()
    expect(one.page.locator(f"[name=tracking-{bills[1].pk}]")).to_have_value("SF2")
    one.photograph("queue-send-grid")
    one.page.locator("form .btn.primary").click()
    expect(one.page.locator(".toast.success")).to_be_visible()
    expect(one.page.locator("#list tbody tr")).to_have_count(0)
