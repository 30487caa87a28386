"""What comes after a page finds its room kept: nothing that is read already moves."""

import time
from typing import Any

import pytest
from playwright.sync_api import Browser, Route, expect

from customers.models import Role
from tests.browser.chromium import DESK, PHONE, Window
from tests.browser.people import PASSWORD, person
from tests.test_query_budgets import a_firm

pytestmark = [pytest.mark.any_engine, pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# The sources name the elements that moved, for who has to mend it. Less than a ten-thousandth is an icon that is
# drawn a fraction of a pixel further on, which nobody sees. What a busy machine paints before it has read the whole
# page is no fragment that arrives: those come once the page was painted (`late`).
WATCH = """
window.shifts = [];
let painted = Infinity;
document.addEventListener("DOMContentLoaded", () =>
  requestAnimationFrame(() => requestAnimationFrame(() => { painted = performance.now(); })));
new PerformanceObserver((list) => {
  for (const shift of list.getEntries()) {
    if (shift.hadRecentInput || shift.value < 0.0001 || shift.startTime < painted) continue;
    const moved = shift.sources.map(({ node }) =>
      node?.nodeType === 1 ? node.outerHTML.slice(0, 120) : node?.textContent);
    window.shifts.push([shift.value, moved]);
  }
}).observe({ type: "layout-shift" });
"""
LATE_BY = 0.3


def late(route: Route) -> None:
    """A fragment arrives when the page stands there already."""
    if "hx-request" in route.request.headers:
        time.sleep(LATE_BY)
    route.continue_()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_nothing_moves_when_the_fragments_of_a_page_arrive(
    live_server: Any, browser: Browser, size: tuple[int, int]
) -> None:
    firm = a_firm()
    person(Role.ADMINISTRATOR, username="admin", last_name="林")
    window = Window(browser, live_server.url, language="zh-CN", size=size)
    window.sign_in("admin", PASSWORD)
    page = window.page
    page.add_init_script(WATCH)
    page.route("**/*", late)
    moved = []
    for address in ("/dashboard/", "/desk/", "/trends/", "/aging/", "/customers/", f"/customers/{firm.customer.pk}/"):
        page.goto(address)
        expect(page.locator(".htmx-request")).to_have_count(0)
        page.wait_for_load_state("networkidle")
        moved += [(address, *shift) for shift in page.evaluate("window.shifts")]
    assert moved == []
    assert window.troubles == []
