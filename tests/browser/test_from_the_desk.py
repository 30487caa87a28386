"""A salesperson's morning: from the desk to a form and back, in both languages; nothing typed is lost on the way."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from customers.models import Customer, User
from flags.sweep import raise_flags
from ledger.models import Entry, Kind, Posting
from tests.browser.chromium import DESK, PHONE, Window
from tests.browser.people import PASSWORD
from tests.ledger.desk import Desk, day, money

pytestmark = [pytest.mark.any_engine, pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Whether the last line of an element is what one sees there.
IS_IN_SIGHT = """async (element) => {
  for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
  const { x, width, bottom } = element.getBoundingClientRect();
  return element.contains(document.elementFromPoint(x + width / 2, bottom - 4));
}"""
BOTH = [("zh-CN", PHONE), ("en-US", DESK)]


@pytest.fixture
def invoice(salesperson: User, customer: Customer) -> Entry:
    entry = Desk(customer).invoice(
        1000, "2026-01-05", number="INV-1", sent_on=day("2026-01-06"), received_on=day("2026-01-08")
    )
    raise_flags(as_of=timezone.localdate())
    return entry


@pytest.fixture
def windows(live_server: Any, browser: Browser, invoice: Entry) -> Iterator[Any]:
    opened: list[Window] = []

    def open_window(language: str = "en-US", size: tuple[int, int] = DESK, to: str = "/desk/") -> Window:
        window = Window(browser, live_server.url, language=language, size=size)
        window.sign_in("wang", PASSWORD, to=to)
        opened.append(window)
        return window

    yield open_window
    for window in opened:
        window.close()


@pytest.mark.parametrize(("language", "size"), BOTH)
def test_the_next_action_of_the_desk_leads_to_its_form_and_back(
    windows: Any, invoice: Entry, language: str, size: tuple[int, int]
) -> None:
    window = windows(language, size)
    page = window.page
    block = page.locator(f"#block-{invoice.customer_id}")
    expect(block).to_contain_text("1,000.00")
    block.locator(".flag-actions > a.primary").click()
    page.locator("[name=amount]").fill("1000")
    page.locator(".form-foot .primary").click()
    page.wait_for_selector("#flags")
    assert page.url.endswith("/desk/")
    expect(block).to_have_count(0)
    assert Entry.objects.get(kind=Kind.PAYMENT).document_amount == money(-1000)
    window.photograph("desk-after-payment")
    assert window.troubles == [], "\n".join(window.troubles)


@pytest.mark.parametrize(("language", "size"), BOTH)
def test_what_was_put_off_is_undone_after_a_reload(
    windows: Any, invoice: Entry, language: str, size: tuple[int, int]
) -> None:
    window = windows(language, size)
    page = window.page
    block = page.locator(f"#block-{invoice.customer_id}")
    later = block.locator("summary.btn")

    def place() -> Any:
        """Of the button within its row, however the page is scrolled."""
        return later.evaluate(
            "button => button.getBoundingClientRect().top - button.closest('.flag').offsetTop + scrollY"
        )

    before = place()
    later.click()
    assert place() == before, "nothing moves under the thumb"
    assert block.locator(".flag-panel").evaluate(IS_IN_SIGHT), "above the bar at the foot of a phone"
    block.locator("[name=note]").fill("下周到账")
    block.locator("[name=note]").press("Enter")
    expect(page.locator(f"#block-{invoice.customer_id}.done")).to_be_visible()
    page.reload()
    expect(block).to_have_count(0)
    put_off = page.locator("#put-off")
    put_off.locator("summary").click()
    expect(put_off).to_contain_text("下周到账")
    window.photograph("desk-put-off")
    put_off.get_by_role("button").click()
    expect(block.locator(".flag-customer")).to_be_visible()
    expect(put_off).to_have_count(0)
    assert window.troubles == [], "\n".join(window.troubles)


@pytest.mark.parametrize(("language", "size"), BOTH)
def test_the_reason_of_a_reversal_survives_a_lost_connection_and_is_posted_once(
    windows: Any, invoice: Entry, language: str, size: tuple[int, int]
) -> None:
    window = windows(language, size, f"/ledger/{invoice.pk}/reverse/")
    page = window.page
    posted = Posting.objects.count()
    page.fill("[name=reason]", "开错了")
    window.context.set_offline(True)
    page.locator(".form-foot button").click()
    expect(page.locator(".toast.error")).to_be_visible()
    expect(page.locator("[name=reason]")).to_have_value("开错了")
    window.context.set_offline(False)
    window.troubles.clear()
    page.reload()
    expect(page.locator("[data-draft-notice]")).to_be_visible()
    expect(page.locator("[name=reason]")).to_have_value("开错了")
    page.evaluate("const b = document.querySelector('.form-foot button'); b.click(); b.click()")
    page.wait_for_url("**/ledger/*/")
    assert Posting.objects.count() == posted + 1
    assert Entry.objects.get(reverses=invoice).memo == "开错了"
    page.goto(f"/ledger/{invoice.pk}/step/")
    expect(page.locator("[data-draft-notice]")).to_be_hidden()
    assert page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('draft:'))") == []
    assert window.troubles == [], "\n".join(window.troubles)


@pytest.mark.parametrize(("language", "size"), BOTH)
def test_a_step_that_was_typed_survives_the_end_of_the_session(
    windows: Any, invoice: Entry, language: str, size: tuple[int, int]
) -> None:
    window = windows(language, size, f"/ledger/{invoice.pk}/step/")
    page = window.page
    page.fill("[name=note]", "SF 1234")
    window.context.clear_cookies(name="sessionid")
    page.locator(".form-foot button").click()
    page.wait_for_url("**/login/**")
    page.fill("[name=username]", "wang")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(f"**/ledger/{invoice.pk}/step/")
    expect(page.locator("[data-draft-notice]")).to_be_visible()
    expect(page.locator("[name=note]")).to_have_value("SF 1234")
    page.locator(".form-foot button").click()
    page.wait_for_url(f"**/ledger/{invoice.pk}/")
    expect(page.locator("main")).to_contain_text("SF 1234")
    assert page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('draft:'))") == []
