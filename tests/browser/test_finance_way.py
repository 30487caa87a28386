"""A morning of finance, in a real browser and in both languages: from the dashboard to each queue and back."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from customers.models import Customer, Role, User
from ledger.models import Allocation, Entry
from tests.browser.chromium import PHONE, Window
from tests.browser.people import PASSWORD, person
from tests.ledger.desk import Desk

pytestmark = [pytest.mark.any_engine, pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def finance() -> User:
    return person(Role.FINANCE, username="xu", last_name="徐", first_name="海燕")


@pytest.fixture
def desk(customer: Customer, finance: User) -> Desk:
    return Desk(customer)


@pytest.fixture(params=["zh-CN", "en-US"])
def window(request: Any, live_server: Any, browser: Browser, finance: User) -> Iterator[Window]:
    opened = Window(browser, live_server.url, language=request.param)
    yield opened
    assert opened.troubles == []
    opened.close()


def ask(page: Page) -> None:
    """What a page does by itself every twenty seconds."""
    page.evaluate("document.dispatchEvent(new Event('live:ask'))")


def days_ago(n: int) -> str:
    return (timezone.localdate() - timedelta(days=n)).isoformat()


def test_from_a_figure_to_its_list_and_from_the_work_to_its_queue(window: Window, desk: Desk) -> None:
    desk.invoice(1000, days_ago(60), number="FP-1", due_date=timezone.localdate() - timedelta(days=30))
    desk.shipment(200, days_ago(3), number="FH-1")
    desk.payment(40, days_ago(1), number="SK-1", automatic=False)
    window.sign_in("xu", PASSWORD, to="/dashboard/")
    page = window.page
    expect(page.locator("#dashboard-chart svg").first).to_be_visible()
    expect(page.locator("#dashboard-debtors tbody tr").first).to_contain_text("1,160.00")
    for figure, amount, number in (
        ("overdue", "1,000.00", "FP-1"),
        ("unconfirmed_goods", "200.00", "FH-1"),
        ("unconfirmed_money", "40.00", "SK-1"),
    ):
        page.locator(f"#figure-{figure}-CNY a").click()
        expect(page.locator("#list tbody tr")).to_have_count(1)
        expect(page.locator("#list tbody")).to_contain_text(number)
        expect(page.locator("#list tfoot")).to_contain_text(amount)
        page.go_back()
    # The work that waits, each card as its own queue adds up.
    for place, shown in (("/queues/allocate/", "SK-1"), ("what=money", "SK-1"), ("what=goods", "FH-1")):
        page.locator(f".dashboard-queues a[href*='{place}']").click()
        expect(page.locator("#list tbody tr")).to_have_count(1)
        expect(page.locator("#list tbody")).to_contain_text(shown)
        page.go_back()
    window.photograph("dashboard-finance")


def test_the_dashboard_keeps_up_and_each_group_unfolds(window: Window, desk: Desk) -> None:
    desk.invoice(1000, days_ago(2), number="FP-1")
    window.sign_in("xu", PASSWORD, to="/dashboard/")
    page = window.page
    expect(page.locator("#dashboard-debtors tbody tr").first).to_contain_text("1,000.00")
    group = page.locator(f"#changed-{desk.by.pk}-invoice")
    group.locator("summary").click()
    expect(group.locator(".dashboard-lines")).to_contain_text("FP-1")
    desk.invoice(500, days_ago(1), number="FP-2")
    ask(page)
    expect(page.locator("#dashboard-debtors tbody tr").first).to_contain_text("1,500.00")
    expect(page.locator("#figure-receivable-CNY")).to_contain_text("1,500.00")
    # What was unfolded stays so, and shows the new one.
    expect(group.locator(".dashboard-lines")).to_contain_text("FP-2")
    group.locator("a", has_text="").last.click()
    expect(page.locator("#list tbody tr")).to_have_count(2)


def test_after_each_row_the_next_one_has_the_focus(window: Window, desk: Desk) -> None:
    for n in (1, 2, 3):
        desk.invoice(100 * n, days_ago(20 - n), number=f"FP-{n}")
    unapplied = [desk.payment(100 * n, days_ago(3), number=f"SK-{n}", automatic=False) for n in (3, 2, 1)]
    window.sign_in("xu", PASSWORD, to="/queues/allocate/")
    page = window.page
    page.locator(f"#row-{unapplied[0].pk} form button").click()
    expect(page.locator(f"#row-{unapplied[0].pk}")).to_have_count(0)
    expect(page.locator(f"#row-{unapplied[1].pk} form button")).to_be_focused()
    # By the form, and back to the same place; Enter alone goes on.
    page.locator(f"#row-{unapplied[1].pk} .suggested-acts a").click()
    page.locator("main form label", has_text="FP-2").click()
    page.locator("main form .form-foot [type=submit]").click()
    expect(page.locator(f"#row-{unapplied[1].pk}")).to_have_count(0)
    expect(page.locator(f"#row-{unapplied[2].pk} form button")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#list tbody tr")).to_have_count(0)
    assert Allocation.objects.count() == 3


def test_all_exact_ones_are_accepted_at_once(window: Window, desk: Desk) -> None:
    for n in (1, 2):
        desk.invoice(100 * n + 1, days_ago(20), number=f"FP-{n}")
        desk.payment(100 * n + 1, days_ago(3), number=f"SK-{n}", automatic=False)
    window.sign_in("xu", PASSWORD, to="/queues/allocate/")
    window.page.locator("#accept-all button").click()
    expect(window.page.locator(".toast.success")).to_contain_text("302.00")
    assert not Entry.objects.open().exists()


def test_a_pasted_column_fills_the_numbers_below(window: Window, desk: Desk) -> None:
    for month in ("01", "02", "03"):
        desk.shipment(100, f"2026-{month}-10", number=f"FH-{month}")
    window.sign_in("xu", PASSWORD, to="/queues/issue/")
    page = window.page
    fields = page.locator("#list input[data-column]")
    expect(fields).to_have_count(3)
    paste(page, fields.nth(0), "FP-11\\r\\nFP-12\\r\\n")
    assert [fields.nth(n).input_value() for n in range(3)] == ["FP-11", "FP-12", ""]
    page.locator("#issue button").click()
    expect(page.locator("#list tbody tr")).to_have_count(1)
    assert set(Entry.objects.filter(kind="invoice").values_list("number", flat=True)) == {"FP-11", "FP-12"}


def paste(page: Page, field: Any, text: str) -> None:
    field.evaluate(
        f"""field => {{
            const data = new DataTransfer();
            data.setData("text/plain", "{text}");
            const facts = {{ clipboardData: data, bubbles: true, cancelable: true }};
            field.dispatchEvent(new ClipboardEvent("paste", facts));
        }}"""
    )


def test_rows_are_chosen_by_key_and_the_count_follows_a_colleague(window: Window, desk: Desk) -> None:
    goods = [desk.shipment(10 * n, days_ago(9 - n), number=f"FH-{n}") for n in (1, 2)]
    desk.payment(5, days_ago(1), number="SK-1", automatic=False)
    window.sign_in("xu", PASSWORD, to="/queues/confirm/")
    page = window.page
    expect(page.locator("#list-count")).to_contain_text("3")
    for key in ("j", "x", "j", "x", "j", "x"):
        page.keyboard.press(key)
    said = page.locator("#selection [data-said]")
    # Goods with goods, money with money.
    expect(said).to_contain_text("30.00 CNY")
    expect(said).to_contain_text("5.00 CNY")
    page.keyboard.press("x")
    expect(said).not_to_contain_text("5.00 CNY")
    page.locator("#selection button.primary").click()
    expect(page.locator("#list tbody tr")).to_have_count(1)
    desk.shipment(77, days_ago(0), number="FH-9")
    ask(page)
    expect(page.locator("#list tbody tr")).to_have_count(2)
    expect(page.locator("#list-count")).to_contain_text("2")
    expect(page.locator("#list-sums")).to_contain_text("77.00")
    assert [entry.confirmations.count() for entry in goods] == [1, 1]


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_the_pages_of_finance_fit_a_phone(live_server: Any, browser: Browser, desk: Desk, scheme: Any) -> None:
    desk.invoice(1000, days_ago(20), number="26312000073993300002")
    desk.shipment(200, days_ago(3), number="FH-1")
    desk.payment(1000, days_ago(1), number="SK-1", automatic=False)
    window = Window(browser, live_server.url, language="zh-CN", size=PHONE)
    window.page.emulate_media(color_scheme=scheme)
    window.sign_in("xu", PASSWORD, to="/dashboard/")
    expect(window.page.locator("#dashboard-chart svg").first).to_be_visible()
    window.photograph(f"dashboard-{scheme}")
    for name in ("allocate", "confirm", "issue", "send"):
        window.page.goto(f"/queues/{name}/")
        window.photograph(f"queue-{name}-{scheme}")
    assert window.troubles == []
    window.close()
