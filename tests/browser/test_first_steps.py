"""An empty firm is led to its first shipment, and the demo firm is left, in a real browser and in both languages."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from config.demo.services import build_demo
from config.demo.staff import PASSWORD as OF_THE_DEMO
from customers.models import Customer, Role, User
from ledger.models import Entry, Kind
from tests.browser.chromium import DESK, PHONE, Window
from tests.browser.people import PASSWORD, person
from tests.build import whole_cast
from tests.ledger.desk import money

pytestmark = [pytest.mark.any_engine, pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LANGUAGES = [("zh-CN", DESK), ("en-US", PHONE)]
RECORD = "main form .form-foot button.primary"


@pytest.fixture(params=LANGUAGES, ids=["zh", "en-phone"])
def window(request: pytest.FixtureRequest, live_server: Any, browser: Browser) -> Iterator[Window]:
    language, size = request.param
    opened = Window(browser, live_server.url, language=language, size=size)
    yield opened
    # What a page still fetches would meet the emptying of the tables.
    opened.page.wait_for_load_state("networkidle")
    opened.close()


def test_an_empty_firm_is_led_from_its_start_page_to_the_first_shipment(window: Window) -> None:
    person(Role.FINANCE, username="cai")
    lina = person(Role.SALESPERSON, username="lina")
    page = window.page
    window.sign_in("cai", PASSWORD, to="/")
    expect(page).to_have_url(f"{window.address}/start/")
    done = page.locator(".step-card.is-done")
    expect(done).to_have_count(1)
    window.photograph("first-steps")

    # The one step that is next is the primary one.
    page.locator(".step-card .btn.primary").click()
    page.fill("[name=code]", "C0001")
    page.fill("[name=name]", "杭州锦程纺织有限公司")
    page.select_option("[name=owner]", str(lina.pk))
    page.locator(RECORD).click()
    expect(page.locator("h1")).to_contain_text("杭州锦程纺织有限公司")
    customer = Customer.objects.get()

    page.goto("/start/")
    expect(done).to_have_count(2)
    page.locator("a[href='/ledger/openings/new/']").locator("visible=true").first.click()
    page.fill("[name=customer_search]", "hzjc")
    page.locator(".picker-option").click()
    expect(page.locator(".picked")).to_be_visible()
    page.fill("[name=amount]", "12,000")
    page.locator(RECORD).click()
    expect(page.locator(".account-figures")).to_contain_text("12,000.00")

    page.goto("/start/")
    expect(done).to_have_count(3)
    page.locator(".step-card .btn.primary").click()
    page.fill("[name=customer_search]", "C0001")
    page.locator(".picker-option").click()
    expect(page.locator(".picked")).to_be_visible()
    page.fill("[name=number]", "FH-1")
    page.fill("[name=lines-0-product]", "涤纶坯布")
    page.fill("[name=lines-0-quantity]", "10")
    page.fill("[name=lines-0-unit_price]", "50")
    page.locator(RECORD).click()
    expect(page.locator(".account-figures")).to_contain_text("12,500.00")

    page.goto("/start/")
    expect(done).to_have_count(4)
    # From now on the day begins where it always does.
    page.goto("/")
    expect(page).to_have_url(f"{window.address}/dashboard/")
    posted = Entry.objects.filter(customer=customer).order_by("pk").values_list("kind", "amount")
    assert list(posted) == [(Kind.OPENING, money(12_000)), (Kind.SHIPMENT, money(500))]
    assert window.troubles == []


def test_the_demo_firm_is_left_from_the_desk(window: Window) -> None:
    build_demo(now=timezone.now(), customers=whole_cast(), invoices=60)
    page = window.page
    window.sign_in("admin", OF_THE_DEMO, to="/desk/")
    page.locator(".in-demo a").click()
    expect(page).to_have_url(f"{window.address}/demo/")
    form = page.locator("form[action='/demo/leave/']")

    # Nothing is removed until the last click.
    form.locator("[name=username]").fill("boss")
    form.locator("[name=last_name]").fill("钱")
    form.locator("[name=first_name]").fill("進")
    form.locator("[name=password1]").fill(PASSWORD)
    form.locator("[name=password2]").fill(PASSWORD)
    assert Customer.objects.exists()
    form.locator("[name=confirmed]").check()
    form.locator("button.danger").click()

    expect(page).to_have_url(f"{window.address}/start/")
    assert [user.username for user in User.objects.all()] == ["boss"]
    assert not Customer.objects.exists()
    assert not Entry.objects.exists()
    page.goto("/desk/")
    expect(page.locator(".in-demo")).to_have_count(0)
    page.locator("main .empty a[href='/start/']").first.click()
    expect(page).to_have_url(f"{window.address}/start/")
    assert window.troubles == []
