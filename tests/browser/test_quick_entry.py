"""A salesperson records in a few strokes, by thumb or by keyboard alone; nothing is posted twice or lost."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, Locator, Page, expect

from customers.models import Customer, User
from ledger.documents import LineInput
from ledger.models import Entry, Kind, Posting
from tests.browser.chromium import DESK, PHONE, Window
from tests.browser.people import PASSWORD
from tests.build import a_customer
from tests.ledger.desk import Desk, money

pytestmark = [pytest.mark.any_engine, pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAYMENT, SHIPMENT, GRID = "/ledger/quick/payment/", "/ledger/quick/shipment/", "/ledger/grid/payments/"
LANGUAGES = ["zh-CN", "en-US"]


@pytest.fixture
def customers(salesperson: User, customer: Customer) -> list[Customer]:
    """杭州锦程 (hzjc), 苏州恒达 (szhd) and 宁波海曙 (nbhs)."""
    a_customer(owner=salesperson, code="C0003", name="宁波海曙机电有限公司")
    return list(Customer.objects.order_by("code"))


@pytest.fixture
def windows(live_server: Any, browser: Browser, customers: list[Customer]) -> Iterator[Any]:
    opened: list[Window] = []

    def open_window(language: str = "en-US", size: tuple[int, int] = DESK, to: str = PAYMENT) -> Window:
        window = Window(browser, live_server.url, language=language, size=size)
        window.sign_in("wang", PASSWORD, to=to)
        opened.append(window)
        return window

    yield open_window
    for window in opened:
        window.close()


class Strokes:
    """Presses keys one by one, as a person does, and counts them; never the mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.count = 0

    def type(self, text: str) -> None:
        for letter in text:
            self.press(letter)

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.count += 1


def amount(page: Page) -> Locator:
    return page.locator("[name=amount]")


def listed(page: Page) -> Locator:
    return page.locator(".quick-list li")


@pytest.mark.parametrize("language", LANGUAGES)
def test_three_payments_in_a_row_by_keyboard_alone(windows: Any, language: str) -> None:
    window = windows(language)
    page = window.page
    keys = Strokes(page)
    for n, (initials, paid) in enumerate([("hzjc", "5000"), ("szhd", "120.5"), ("nbhs", "99")], start=1):
        expect(page.locator("[name=customer_search]")).to_be_focused()
        keys.type(initials)
        keys.press("Enter")
        expect(amount(page)).to_be_focused()
        keys.type(paid)
        keys.press("Enter")
        expect(listed(page)).to_have_count(n)
    found = Entry.objects.order_by("pk").values_list("customer__code", "document_amount")
    assert list(found) == [("C0001", money(-5000)), ("C0002", money("-120.50")), ("C0003", money(-99))]
    # Four letters, the amount, and two times Enter for each.
    assert keys.count == 3 * (4 + 2) + len("5000") + len("120.5") + len("99")
    window.photograph("quick-payment")
    assert window.troubles == [], "\n".join(window.troubles)


@pytest.mark.parametrize("language", LANGUAGES)
def test_three_payments_in_a_row_by_thumb(windows: Any, customers: list[Customer], language: str) -> None:
    for one in customers:
        Desk(one).invoice(300, "2026-01-05", number=f"INV-{one.code}")
    window = windows(language, PHONE)
    page = window.page
    for n, one in enumerate(customers, start=1):
        # Two taps and the amount: the customer is among those of late, the button is below.
        option = page.locator(f".picker-option[value='{one.pk}']")
        box = option.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        option.tap()
        expect(amount(page)).to_be_focused()
        assert amount(page).get_attribute("inputmode") == "decimal"
        amount(page).press_sequentially("300")
        expect(page.locator("#settles [type=radio]")).to_have_count(2)
        page.locator(".form-foot .primary").tap()
        expect(listed(page)).to_have_count(n)
    assert Entry.objects.filter(kind=Kind.PAYMENT).count() == 3
    window.photograph("quick-payment")
    assert window.troubles == [], "\n".join(window.troubles)


@pytest.mark.parametrize(("language", "size"), [("zh-CN", PHONE), ("en-US", DESK)])
def test_a_shipment_with_the_remembered_price(
    windows: Any, customer: Customer, language: str, size: tuple[int, int]
) -> None:
    lines = [LineInput("轴承 6204", money(10), "件", money("18.10")), LineInput("密封圈", money(5), "件", money(3))]
    Desk(customer).shipment(196, "2026-01-05", number="FH-007", lines=lines)
    window = windows(language, size, SHIPMENT)
    page = window.page
    page.locator("[name=customer_search]").press_sequentially("hzjc")
    page.keyboard.press("Enter")
    product = page.locator("[name=lines-0-product]")
    expect(product).to_be_focused()
    if size == PHONE:
        page.locator(".product-chip").first.tap()
        expect(page.locator("[name=lines-0-quantity]")).to_be_focused()
    else:
        product.press_sequentially("轴")
        page.keyboard.press("Tab")
    expect(product).to_have_value("轴承 6204")
    expect(page.locator("[name=lines-0-unit_price]")).to_have_value("18.1")
    expect(page.locator("[name=lines-0-unit]")).to_have_value("件")
    expect(page.locator("[name=number]")).to_have_value("FH-008")
    page.keyboard.type("200")
    page.keyboard.press("Enter")
    expect(listed(page)).to_have_count(2)
    entry = Entry.objects.latest("pk")
    assert (entry.number, entry.document_amount) == ("FH-008", money(3620))
    assert window.troubles == [], "\n".join(window.troubles)


def test_a_double_tap_posts_once(windows: Any, customer: Customer) -> None:
    window = windows(size=PHONE, to=f"{PAYMENT}?customer={customer.pk}")
    page = window.page
    amount(page).fill("70")
    page.evaluate("const b = document.querySelector('.form-foot .primary'); b.click(); b.click(); b.click()")
    expect(listed(page)).to_have_count(1)
    page.wait_for_load_state("networkidle")
    assert Posting.objects.count() == 1
    assert window.troubles == [], "\n".join(window.troubles)


def test_a_payment_that_looks_recorded_already_is_recorded_by_enter_once_more(
    windows: Any, customer: Customer
) -> None:
    window = windows(to=f"{PAYMENT}?customer={customer.pk}")
    page = window.page
    amount(page).fill("70")
    page.keyboard.press("Enter")
    expect(listed(page)).to_have_count(1)
    page.locator(f".picker-option[value='{customer.pk}']").click()
    expect(amount(page)).to_be_focused()
    amount(page).fill("70")
    page.keyboard.press("Enter")
    expect(page.locator("button[name=sure]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(listed(page)).to_have_count(2)
    expect(page.locator(".quick-just")).to_be_in_viewport()
    assert Posting.objects.count() == 2
    assert window.troubles == [], "\n".join(window.troubles)


def test_a_hasty_tap_on_the_same_place_is_no_answer(windows: Any, customer: Customer) -> None:
    Desk(customer).invoice(50, "2026-01-05")
    window = windows(size=PHONE, to=f"{PAYMENT}?customer={customer.pk}")
    page = window.page
    amount(page).fill("70")
    for _thrice in range(3):
        page.locator(".form-foot .primary").tap()
        expect(page.locator(".quick-doubts")).to_be_in_viewport()
    assert not Entry.objects.filter(kind=Kind.PAYMENT).exists()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE[0]
    page.locator("button[name=sure]").tap()
    expect(page.locator(".quick-just")).to_contain_text("70.00")
    assert Entry.objects.filter(kind=Kind.PAYMENT).count() == 1
    assert window.troubles == [], "\n".join(window.troubles)


def test_what_was_recorded_is_undone_in_sight(windows: Any, customer: Customer) -> None:
    window = windows(to=f"{PAYMENT}?customer={customer.pk}")
    page = window.page
    amount(page).fill("70")
    page.keyboard.press("Enter")
    listed(page).get_by_role("link", name="Undo").click()
    page.fill("[name=reason]", "slipped")
    page.get_by_role("button", name="Reverse").click()
    expect(page.locator(".quick-list li.reversed")).to_have_count(1)
    assert page.url.endswith(PAYMENT)
    assert Entry.objects.get(reverses__isnull=False).memo == "slipped"
    assert window.troubles == [], "\n".join(window.troubles)


# --- many -------------------------------------------------------------------------------------------------------


def paste(page: Page, selector: str, text: str) -> None:
    page.evaluate(
        """([selector, text]) => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            const field = document.querySelector(selector);
            field.focus();
            field.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        [selector, text],
    )


def twenty_rows() -> str:
    names = ["C0001", "苏州恒达机电设备有限公司", "nbhs"]
    rows = [f"{names[n % 3]}\t2026年3月{n + 1}日\t{n + 1},000.50\t转账" for n in range(20)]
    return "\r\n".join(["客户\t日期\t金额\t方式", *rows, ""])


@pytest.mark.parametrize(("language", "size"), [("zh-CN", DESK), ("en-US", PHONE)])
def test_twenty_rows_are_pasted_and_recorded_at_once(windows: Any, language: str, size: tuple[int, int]) -> None:
    window = windows(language, size, GRID)
    page = window.page
    paste(page, "#cell-1-customer", twenty_rows())
    expect(page.locator(".grid-sums .badge.good")).to_be_visible()
    expect(page.locator("#cell-20-amount")).to_have_value("20,000.50")
    expect(page.locator(".grid-sums")).to_contain_text("210,010.00")
    page.evaluate("const b = document.querySelector('.form-foot .primary'); b.click(); b.click()")
    expect(page.locator(".grid-done li")).to_have_count(20)
    page.wait_for_load_state("networkidle")
    assert Entry.objects.count() == 20
    assert Posting.objects.count() == 1
    expect(page.locator("#cell-1-customer")).to_have_value("")
    window.photograph("grid-done")
    assert window.troubles == [], "\n".join(window.troubles)


def test_a_grid_is_filled_and_mended_by_keys_alone(windows: Any) -> None:
    window = windows(to=GRID)
    page = window.page
    page.locator("#cell-1-customer").focus()
    keys = Strokes(page)
    for name, on, paid in (("hzjc", "2026-03-05", "70"), ("szhd", "2026-03-06", "abc")):
        keys.type(name)
        keys.press("Tab")
        keys.type(on)
        keys.press("Tab")
        keys.type(paid)
        keys.press("Enter")
        for _back in range(2):
            keys.press("Shift+Tab")
    keys.press("Control+Enter")
    wrong = page.locator("#cell-2-amount")
    expect(wrong).to_have_attribute("aria-invalid", "true")
    expect(wrong).to_be_focused()
    assert not Entry.objects.exists()
    page.keyboard.press("Control+a")
    keys.type("80")
    keys.press("Control+Enter")
    expect(page.locator(".grid-done li")).to_have_count(2)
    assert window.troubles == [], "\n".join(window.troubles)


@pytest.mark.parametrize(("language", "size"), [("zh-CN", PHONE), ("en-US", DESK)])
def test_the_mistakes_of_a_paste_are_told_in_few_words_above_the_sheet(
    windows: Any, language: str, size: tuple[int, int]
) -> None:
    window = windows(language, size, GRID)
    page = window.page
    rows = [f"C000{n % 9}\t2026年3月{n}日\t{'abc' if n % 2 else n}\t汇" for n in range(1, 21)]
    paste(page, "#cell-1-customer", "\n".join(rows))
    told = page.locator(".grid-messages")
    expect(told.locator("li:visible")).to_have_count(3)
    box = told.bounding_box()
    assert box is not None
    assert box["height"] < size[1] / 3, "the sheet stays in sight"
    told.locator("summary").click()
    assert told.locator("li:visible").count() > 30
    words = told.inner_text()
    assert ("acceptance bill" in words) == (language == "en-US"), "each choice in the language of the page"
    assert ("承兑汇票" in words) == (language == "zh-CN")
    first = told.locator("a").first
    first.click()
    expect(page.locator("#cell-1-amount")).to_be_focused()
    window.photograph("grid-mistakes")
    assert window.troubles == [], "\n".join(window.troubles)


def test_the_sums_of_a_sheet_follow_the_cell_that_is_left(windows: Any) -> None:
    page = windows("zh-CN", to=GRID).page
    for n, paid in ((1, "1000.50"), (2, "20")):
        page.fill(f"#cell-{n}-customer", "C0001")
        page.fill(f"#cell-{n}-amount", paid)
        page.press(f"#cell-{n}-amount", "Tab")
    expect(page.locator("#grid-sums")).to_contain_text("1,020.50")
    expect(page.locator(".grid-messages")).to_have_count(0)
    expect(page.locator("#cell-2-method")).to_be_focused()


def test_lines_are_pasted_into_a_shipment(windows: Any, customer: Customer) -> None:
    window = windows(to=f"{SHIPMENT}?customer={customer.pk}")
    page = window.page
    paste(page, "[name=lines-0-product]", "轴承 6204\t1,200\t件\t18.1\n密封圈\t50\t件\t3.25\n")
    expect(page.locator("[name=lines-1-product]")).to_have_value("密封圈")
    expect(page.locator("#lines-total")).to_contain_text("21,882.50")
    page.fill("[name=number]", "S-1")
    page.press("[name=number]", "Enter")
    expect(listed(page)).to_have_count(1)
    assert Entry.objects.get().document_amount == money("21882.50")
    assert window.troubles == [], "\n".join(window.troubles)


# --- what is typed is never lost ------------------------------------------------------------------------------


def notice(page: Page) -> Locator:
    return page.locator("[data-draft-notice]")


def test_a_lost_connection_keeps_the_form_and_a_reload_brings_it_back(windows: Any, customer: Customer) -> None:
    window = windows(to=f"{PAYMENT}?customer={customer.pk}")
    page = window.page
    amount(page).fill("70")
    page.fill("[name=bank_reference]", "BR-1")
    key = page.locator("[name=key]").input_value()
    window.context.set_offline(True)
    page.press("[name=bank_reference]", "Enter")
    expect(page.locator(".toast.error")).to_contain_text("No connection")
    expect(amount(page)).to_have_value("70")
    window.context.set_offline(False)
    page.reload()
    expect(notice(page)).to_be_visible()
    expect(amount(page)).to_have_value("70")
    expect(page.locator("[name=key]")).to_have_value(key)
    page.press("[name=bank_reference]", "Enter")
    expect(listed(page)).to_have_count(1)
    expect(notice(page)).to_be_hidden()
    page.reload()
    expect(amount(page)).to_have_value("")
    assert str(Posting.objects.get().key) == key


def test_an_answer_that_was_lost_is_asked_for_again_and_posts_once(windows: Any, customer: Customer) -> None:
    window = windows(to=f"{PAYMENT}?customer={customer.pk}")
    page = window.page
    amount(page).fill("70")

    def lose(route: Any) -> None:
        route.fetch()
        route.abort()

    page.route(f"**{PAYMENT}", lose)
    page.keyboard.press("Enter")
    expect(page.locator(".toast.error")).to_be_visible()
    assert Posting.objects.count() == 1
    page.unroute(f"**{PAYMENT}")
    amount(page).press("Enter")
    expect(listed(page)).to_have_count(1)
    assert Posting.objects.count() == 1


@pytest.mark.parametrize("path", [PAYMENT, "/ledger/payments/new/"])
def test_a_session_that_ended_leads_through_the_door_back_to_the_form(
    windows: Any, customer: Customer, path: str
) -> None:
    window = windows(to=f"{path}?customer={customer.pk}")
    page = window.page
    amount(page).fill("70")
    page.fill("[name=bank_reference]", "BR-1")
    Session.objects.all().delete()
    page.press("[name=bank_reference]", "Enter")
    page.wait_for_url("**/login/**")
    page.fill("[name=username]", "wang")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    expect(notice(page)).to_be_visible()
    assert f"{path}?customer={customer.pk}" in page.url
    expect(amount(page)).to_have_value("70")
    expect(page.locator("[name=bank_reference]")).to_have_value("BR-1")
    page.press("[name=bank_reference]", "Enter")
    expect(listed(page) if path == PAYMENT else page.locator(".toast.success")).to_have_count(1)
    assert Entry.objects.get().document_amount == money(-70)
    assert Posting.objects.count() == 1


def test_a_shipment_s_rows_and_a_grid_come_back_whole(windows: Any, customer: Customer) -> None:
    window = windows(to=f"/ledger/shipments/new/?customer={customer.pk}")
    page = window.page
    page.fill("[name=number]", "S-1")
    page.fill("[name=lines-0-product]", "cloth")
    page.get_by_role("button", name="Add a line").click()
    page.fill("[name=lines-1-product]", "dye")
    page.reload()
    expect(notice(page)).to_be_visible()
    expect(page.locator("[name=lines-1-product]")).to_have_value("dye")
    page.get_by_role("button", name="Discard").click()
    expect(page.locator("[name=number]")).to_have_value("")
    expect(page.locator("[name=lines-1-product]")).to_have_count(0)

    page.goto(GRID)
    page.fill("#cell-2-memo", "kept")
    paste(page, "#cell-1-customer", "C0001\tx\t5")
    expect(page.locator("#cell-1-date")).to_have_attribute("aria-invalid", "true")
    page.reload()
    expect(notice(page)).to_be_visible()
    expect(page.locator("#cell-1-date")).to_have_value("x")
    expect(page.locator("#cell-2-memo")).to_have_value("kept")
    assert window.troubles == [], "\n".join(window.troubles)


def test_two_tabs_do_not_take_each_other_s_draft(windows: Any, customer: Customer) -> None:
    window = windows(to=f"{PAYMENT}?customer={customer.pk}")
    page, other = window.page, window.context.new_page()
    other.goto(f"{PAYMENT}?customer={customer.pk}")
    amount(page).fill("70")
    amount(other).fill("80")
    amount(page).press("Enter")
    expect(listed(page)).to_have_count(1)
    # The draft that is left is the other tab's.
    other.reload()
    expect(amount(other)).to_have_value("80")
    amount(other).press("Enter")
    expect(listed(other)).to_have_count(2)
    assert Posting.objects.count() == 2


def test_a_draft_is_nobody_else_s_and_ends_with_the_signing_out(windows: Any, customer: Customer) -> None:
    window = windows(to=f"{PAYMENT}?customer={customer.pk}")
    page = window.page
    amount(page).fill("70")
    names = "Object.keys(localStorage).filter((name) => name.startsWith('draft:'))"
    assert len(page.evaluate(names)) == 1
    another = "'draft:999999:' + location.pathname + location.search"
    page.evaluate(f"localStorage.setItem({another}, localStorage.getItem(localStorage.key(0)))")
    # Out of whichever page, not only of one that keeps drafts.
    page.goto("/desk/")
    page.evaluate("document.querySelector(\"form[action$='/logout/']\").requestSubmit()")
    page.wait_for_url("**/login/**")
    assert page.evaluate(names) == [f"draft:999999:{PAYMENT}?customer={customer.pk}"]
    page.goto(f"/login/?next={PAYMENT}?customer={customer.pk}")
    page.fill("[name=username]", "wang")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_selector("#quick-form")
    page.wait_for_load_state("networkidle")
    expect(amount(page)).to_have_value("")
    expect(notice(page)).to_be_hidden()
