"""A real browser on the test's own server, which hears everything that goes wrong on a page."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.conftest import CHROMIUM

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
# Where developers look at the pages, when TEST_SCREENSHOTS is set: a picture takes as long as the page itself.
SCREENSHOTS = Path(settings.BASE_DIR) / "var" / "screenshots"
DESK, PHONE = (1440, 900), (390, 844)


class Window:
    """One person's browser. `troubles` collects what the console and the network complain about."""

    def __init__(self, browser: Browser, address: str, *, language: str, size: tuple[int, int] = DESK) -> None:
        self.address = address
        self.language = language
        self.size = size
        self.troubles: list[str] = []
        self.context: BrowserContext = browser.new_context(
            base_url=address,
            locale=language,
            viewport={"width": size[0], "height": size[1]},
            timezone_id=settings.TIME_ZONE,
            accept_downloads=True,
            has_touch=size == PHONE,
        )
        self.context.set_default_timeout(15_000)
        self.page: Page = self.context.new_page()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("response", self._look_at)

    def _hear(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.troubles.append(f"{self.page.url}: {message.text}")

    def _look_at(self, response: Any) -> None:
        if response.status >= 400:
            self.troubles.append(f"{response.status} {response.url}")

    def sign_in(self, user_name: str, password: str, *, to: str = "/customers/") -> None:
        self.page.goto(f"/login/?next={to}")
        self.page.fill("[name=username]", user_name)
        self.page.fill("[name=password]", password)
        self.page.click("main button[type=submit]")
        self.page.wait_for_selector("nav")
        # The keys are listened to once the page's scripts have run.
        self.page.wait_for_load_state()

    def resize(self, size: tuple[int, int]) -> None:
        self.size = size
        self.page.set_viewport_size({"width": size[0], "height": size[1]})

    def photograph(self, name: str, *sizes: tuple[int, int]) -> None:
        """The page that is open must fit its width, and each of the sizes."""
        self.settle()
        for size in sizes or [self.size]:
            if size != self.size:
                self.resize(size)
            assert (wrong := self.too_wide()) == [], wrong
            self.picture(f"{name}-{self.language[:2]}-{size[0]}")

    def settle(self) -> None:
        """Whatever comes after the page has come."""
        self.page.wait_for_load_state()
        expect(self.page.locator(".htmx-request")).to_have_count(0)

    def too_wide(self) -> list[str]:
        wider = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        return [f"{self.page.url} is {wider} pixels wider than {self.size[0]}"] if wider > 0 else []

    def picture(self, name: str, *, full_page: bool = True) -> None:
        if os.environ.get("TEST_SCREENSHOTS"):
            self.page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=full_page)

    def close(self) -> None:
        self.context.close()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Playwright keeps an event loop in this thread, in which Django would refuse to touch the database."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            try:
                yield browser
            finally:
                browser.close()
    finally:
        if before is None:
            del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
        else:
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before
