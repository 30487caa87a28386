"""From the door to the Excel cell, in a real browser: what a salesperson, a manager and finance do in a day."""

import io
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from customers.models import Customer, Role, User
from flags.sweep import raise_flags
from ledger.models import Entry, Kind
from tests.browser.chromium import DESK, PHONE, Window
from tests.browser.people import PASSWORD, person
from tests.build import a_customer
from tests.ledger.desk import Desk, money

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_from_a_shipment_to_the_excel_cell(
    live_server: Any, browser: Browser, salesperson: User, customer: Customer
) -> None:
    window = Window(browser, live_server.url, language="zh-CN")
    page = window.page
    window.sign_in("wang", PASSWORD, to="/")
    expect(page.get_by_role("heading", name="我的工作台")).to_be_visible()

    # The shipment: the customer is searched while typing, a line is added, the server adds up.
    page.get_by_role("navigation").get_by_text("登记", exact=True).click()
    page.get_by_role("navigation").get_by_role("link", name="发货").click()
    expect(page.get_by_role("heading", name="登记发货")).to_be_visible()
    page.fill("[name=customer_search]", "锦程")
    expect(page.locator(".picker-option")).to_have_count(1)
    page.locator(".picker-option").click()
    expect(page.locator(".picked")).to_contain_text("杭州锦程纺织有限公司")
    shipped = timezone.localdate() - timedelta(days=50)
    page.fill("[name=date]", shipped.isoformat())
    page.fill("[name=number]", "FH-1")
    expect(page.locator("#id_due_date_helptext")).to_contain_text((shipped + timedelta(days=30)).isoformat())
    page.fill("[name=lines-0-product]", "涤纶坯布")
    page.fill("[name=lines-0-quantity]", "800")
    page.fill("[name=lines-0-unit_price]", "12.5")
    page.get_by_role("button", name="增加一行").click()
    expect(page.locator("[name=lines-1-product]")).to_be_visible()
    expect(page.locator("[name=number]")).to_have_value("FH-1")
    page.fill("[name=lines-1-product]", "染色")
    page.fill("[name=lines-1-quantity]", "1")
    page.fill("[name=lines-1-unit_price]", "2000")
    page.press("[name=lines-1-unit_price]", "Tab")
    expect(page.locator("#lines-total")).to_contain_text("12,000.00")
    page.get_by_role("button", name="登记").click()
    expect(page.locator(".toast")).to_contain_text("发货 FH-1 已登记")
    expect(page.locator(".account-figures")).to_contain_text("12,000.00")

    # The invoice bills it: the balance stays, the open item changes hands.
    page.get_by_role("link", name="开具发票").click()
    expect(page.get_by_role("heading", name="登记发票")).to_be_visible()
    expect(page.get_by_role("checkbox", name="发货 FH-1")).to_be_checked()
    page.fill("[name=number]", "26330001")
    page.fill("[name=date]", (shipped + timedelta(days=5)).isoformat())
    page.get_by_role("button", name="登记").click()
    expect(page.locator(".toast")).to_contain_text("发票 26330001 已登记")

    # A payment that is wrong comes back with what was typed, then settles the invoice.
    page.get_by_role("link", name="回款", exact=True).first.click()
    page.fill("[name=amount]", "5000.005")
    page.fill("[name=bank_reference]", "BR-77")
    page.get_by_role("button", name="登记").click()
    expect(page.locator("#id_amount_error")).to_contain_text("最多两位小数")
    expect(page.locator("[name=bank_reference]")).to_have_value("BR-77")
    page.fill("[name=amount]", "5,000.00")
    page.get_by_role("button", name="登记").click()
    expect(page.locator(".toast")).to_contain_text("已登记")

    # Shipped, invoiced, received, balance: the newest first.
    page.click("#tab-ledger")
    rows = page.locator("#ledger tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.nth(0)).to_contain_text("5,000.00")
    expect(rows.nth(0)).to_contain_text("7,000.00")
    expect(rows.nth(1)).to_contain_text("12,000.00")
    invoice = Entry.objects.get(kind=Kind.INVOICE)
    assert (invoice.document_amount, invoice.amount, invoice.open_amount) == (money(12000), money(0), money(7000))

    # The invoice's way: the step that it waits for is one click and one date away.
    page.click("#tab-detail")
    page.get_by_role("link", name="登记寄出").click()
    page.get_by_role("button", name="登记").click()
    expect(page.locator(".way .done")).to_have_count(2)
    window.photograph("entry")

    # The night: what is overdue is on the desk of the salesperson, once, and can be put off with a word.
    for _twice in range(2):
        raise_flags(as_of=timezone.localdate())
    page.get_by_role("navigation").get_by_role("link", name="我的工作台").click()
    flags = page.locator(".flags .flag")
    expect(flags).to_have_count(1)
    expect(flags).to_contain_text("逾期 · 15 天")
    expect(flags).to_contain_text("7,000.00")
    window.photograph("desk")
    flags.locator("summary.btn").click()
    flags.locator("[name=note]").fill("下周到账")
    flags.locator("[name=note]").press("Enter")
    expect(page.locator(".flag.done")).to_be_visible()
    window.close()

    _manager_reads_the_report(
        live_server, browser, person(Role.MANAGER, username="chen", team=salesperson.team), shipped
    )
    assert window.troubles == []


def _manager_reads_the_report(live_server: Any, browser: Browser, manager: User, shipped: date) -> None:
    """In English: the aging as of a day before the payment, down to the invoice, and out to Excel."""
    window = Window(browser, live_server.url, language="en-US")
    page = window.page
    window.sign_in(manager.username, PASSWORD)
    page.get_by_role("navigation").get_by_role("link", name="Aging").click()
    page.wait_for_load_state()
    row = page.locator("#list tbody tr")
    expect(row).to_contain_text("7,000.00")
    past = shipped + timedelta(days=40)
    page.fill("[name=as_of]", past.isoformat())
    expect(row).to_contain_text("12,000.00")
    assert f"as_of={past.isoformat()}" in page.url
    window.photograph("aging")

    with page.expect_download() as download:
        page.get_by_role("link", name="Excel").click()
    book = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))
    values = [value for sheet in book for line in sheet.iter_rows(values_only=True) for value in line]
    assert {12000, "杭州锦程纺织有限公司", "26330001"} <= set(values)

    row.get_by_role("link", name="12,000.00").first.click()
    expect(page.locator("#list tbody tr")).to_contain_text("26330001")
    page.get_by_role("link", name="26330001").click()
    expect(page.get_by_role("heading", name="Invoice 26330001")).to_be_visible()
    assert window.troubles == []
    window.close()


@pytest.mark.any_engine
def test_the_pages_fit_a_desk_and_a_phone_in_both_languages(
    live_server: Any, browser: Browser, salesperson: User, customer: Customer
) -> None:
    desk = Desk(customer)
    for n in range(1, 5):
        goods = desk.shipment(10_000 * n, f"2026-0{n}-03", number=f"FH-{n}")
        desk.invoice(10_000 * n, f"2026-0{n}-10", number=f"2633000{n}", shipments=[goods])
    paid = desk.payment(12_345, "2026-03-20", number="HK-1")
    desk.payment(5_000, "2026-04-20", number="HK-2", automatic=False)
    desk.shipment(777, "2026-05-03", number="FH-9")
    raise_flags(as_of=timezone.localdate())
    pages = {
        "desk": "/desk/",
        "aging": "/aging/",
        "flags": "/flags/",
        "import": "/imports/",
        "customers": "/customers/",
        "customer": f"/customers/{customer.pk}/",
        "contacts": f"/customers/{customer.pk}/contacts/",
        "entries": "/ledger/",
        "payment": f"/ledger/{paid.pk}/",
        "new-shipment": f"/ledger/shipments/new/?customer={customer.pk}",
        "new-invoice": f"/ledger/invoices/new/?customer={customer.pk}",
        "new-payment": f"/ledger/payments/new/?customer={customer.pk}",
        "choose-customer": "/ledger/payments/new/",
    }
    for language in ("zh-CN", "en-US"):
        window = Window(browser, live_server.url, language=language)
        window.page.goto("/login/")
        window.photograph("door", DESK, PHONE)
        window.sign_in("wang", PASSWORD)
        for name, path in pages.items():
            window.page.goto(path)
            window.photograph(name, PHONE, DESK)
        window.resize(PHONE)
        more = window.page.get_by_role("navigation").locator("summary").last
        box = more.bounding_box()
        assert box is not None
        assert box["height"] >= 44, "a thumb needs room"
        assert box["y"] > PHONE[1] - 80, "and reach"
        assert window.troubles == []
        window.close()


def test_a_list_is_filtered_sorted_and_paged_without_leaving_the_page(
    live_server: Any, browser: Browser, salesperson: User
) -> None:
    for n in range(60):
        a_customer(owner=salesperson, code=f"Z{n:03}", name=f"客户 {n}", region="浙江" if n % 2 else "江苏")
    window = Window(browser, live_server.url, language="zh-CN")
    page = window.page
    window.sign_in("wang", PASSWORD)
    page.goto("/customers/")
    rows = page.locator("#list tbody tr")
    expect(rows).to_have_count(50)
    page.evaluate("window.stayed = true")
    page.get_by_role("link", name="2", exact=True).click()
    expect(rows).to_have_count(10)
    page.select_option("[name=region]", "浙江")
    expect(rows).to_have_count(30)
    assert page.url.endswith("/customers/?region=%E6%B5%99%E6%B1%9F")
    page.get_by_role("link", name="客户编码").click()
    expect(rows.first).to_contain_text("Z059")
    page.fill("#filters [name=q]", "Z001")
    expect(rows).to_have_count(1)
    assert page.evaluate("window.stayed")
    page.locator(".chip", has_text="Z001").click()
    expect(rows).to_have_count(30)
    page.go_back()
    expect(rows).to_have_count(1)
    assert window.troubles == []
    window.close()


def test_a_session_that_ended_leads_back_to_the_door(
    live_server: Any, browser: Browser, salesperson: User, customer: Customer
) -> None:
    window = Window(browser, live_server.url, language="en-US")
    window.sign_in("wang", PASSWORD)
    window.page.goto("/customers/")
    window.context.clear_cookies(name="sessionid")
    window.page.fill("#filters [name=q]", "anything")
    window.page.wait_for_url("**/login/**")
    expect(window.page.get_by_role("button", name="Sign in")).to_be_visible()
    window.close()
