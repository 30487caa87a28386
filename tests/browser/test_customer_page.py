"""A customer on a phone: a delivery is photographed, sections keep their address; several debts, one payment."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload, expect

from customers.models import Contact, Customer, User
from ledger.models import Attachment
from tests.browser.chromium import PHONE, Window
from tests.browser.people import PASSWORD
from tests.ledger.attaching import JPEG, PDF
from tests.ledger.desk import Desk

pytestmark = [pytest.mark.any_engine, pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desk(customer: Customer) -> Desk:
    Contact.objects.create(customer=customer, name="Ms Zhang", phone="0571-1234", email="zhang@example.com")
    return Desk(customer)


@pytest.fixture(params=["en-US", "zh-CN"])
def phone(live_server: Any, browser: Browser, salesperson: User, desk: Desk, request: Any) -> Iterator[Window]:
    opened = Window(browser, live_server.url, language=request.param, size=PHONE)
    opened.sign_in("wang", PASSWORD)
    yield opened
    assert opened.troubles == []
    opened.close()


def test_a_delivery_is_photographed_on_a_phone(phone: Window, desk: Desk) -> None:
    goods = desk.shipment(100, "2026-01-02", number="S-1")
    page = phone.page
    page.goto(f"/ledger/{goods.pk}/")
    expect(page.locator("[name=kind]")).to_have_value("delivery")
    camera = page.locator("input[capture]")
    expect(page.locator(".upload-camera")).to_be_visible()
    page.click(".upload-send")
    expect(page.locator(".files-told .errors")).to_be_visible()
    camera.set_input_files({"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": JPEG})
    expect(page.locator("[data-upload-chosen]")).to_have_text("IMG_1.jpg")
    expect(page.locator(".files-told .errors")).to_have_count(0)
    page.fill(".upload [name=note]", "with the stamp")
    page.click(".upload-send")
    expect(page.locator(".file")).to_have_count(1)
    expect(page.locator(".file-note")).to_have_text("with the stamp")
    chosen: list[FilePayload] = [
        {"name": "page.html", "mimeType": "text/html", "buffer": b"<html>"},
        {"name": "note.pdf", "mimeType": "application/pdf", "buffer": PDF},
    ]
    page.set_input_files("[data-upload-input][multiple]", chosen)
    page.click(".upload-send")
    expect(page.locator(".file")).to_have_count(2)
    expect(page.locator(".files-told .errors")).to_contain_text("page.html")
    phone.photograph("files")
    assert {(file.entry, file.kind) for file in Attachment.objects.all()} == {(goods, "delivery")}
    page.goto(f"/customers/{desk.customer.pk}/")
    expect(page.locator(".file-count")).to_contain_text("2")


def test_sections_follow_a_tap_and_keep_their_address(phone: Window, desk: Desk) -> None:
    bill = desk.invoice(100, "2026-01-05", number="I-1")
    desk.payment(40, "2026-01-09", number="P-1", invoices=[(bill, None)])
    page = phone.page
    page.goto(f"/customers/{desk.customer.pk}/")
    expect(page.locator("a[href='tel:0571-1234']")).to_be_visible()
    phone.photograph("customer")
    for section in ("ledger", "paid", "timeline", "files", "about", "detail"):
        page.click(f"#tab-{section}")
        expect(page.locator(f"#tab-{section}")).to_have_attribute("aria-current", "page")
        expect(page.locator(f"#tab-{section}")).to_be_focused()
        assert page.url.endswith("/" if section == "detail" else f"/{section}/")
        phone.photograph(f"customer-{section}")
    page.go_back()
    expect(page.locator("#about")).to_be_visible()


def test_several_debts_are_chosen_for_one_payment(phone: Window, desk: Desk) -> None:
    one, other = desk.invoice(100, "2026-01-05"), desk.invoice("50.50", "2026-01-06")
    page = phone.page
    page.goto(f"/customers/{desk.customer.pk}/")
    for debt in (one, other):
        page.check(f"[name=debts][value='{debt.pk}']")
    expect(page.locator("[data-chosen-said]")).to_contain_text("150.50")
    page.click("[data-chosen-button]")
    expect(page.locator("[name=amount]")).to_have_value("150.50")
    expect(page.locator(f"[name=take_{other.pk}]")).to_be_checked()
