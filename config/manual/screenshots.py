"""`make manual`: the pictures of the manual, of the product as it is.

Starts the product with its demo firm in a folder of its own, signs in as each of the three people in both languages
and photographs what SHOTS lists into docs/manual/img/. `make manual MANUAL="desk palette"` takes some of them anew.
"""

import argparse
import base64
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent.parent
PICTURES = ROOT / "docs" / "manual" / "img"
LANGUAGES = {"zh": ("zh-hans", "zh-CN"), "en": ("en", "en-GB")}
DESK, TALL, PHONE = (1280, 800), (1280, 1180), (390, 780)
SECONDS_TO_START = 300
QUALITY = 0.82
# All pictures together, so that the manual stays light.
MOST_BYTES = 3_500_000
# What the browser does with a PNG: a WebP of the same size, an eighth as large.
TO_WEBP = """async ([data, quality]) => {
  const image = new Image();
  image.src = "data:image/png;base64," + data;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.width, image.height];
  canvas.getContext("2d").drawImage(image, 0, 0);
  return canvas.toDataURL("image/webp", quality).split(",")[1];
}"""


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture. In `path` {customer} is the customer who owes most of those that the person sees, and
    {last_month_end} a day; `before` is what is done on the page first; `only` is a part of the page, by its selector.
    """

    name: str
    who: str
    path: str
    size: tuple[int, int] = DESK
    before: Callable[[Any], None] | None = None
    only: str = ""


def palette(page: Any) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type("kh10")
    page.wait_for_selector("#palette .palette-option[data-within]")


def keys(page: Any) -> None:
    page.keyboard.press("?")


def a_payment(page: Any) -> None:
    """Typed and not recorded: the next picture is of the same books."""
    page.fill("[name=amount]", "20000")
    page.wait_for_load_state("networkidle")


def paste(page: Any) -> None:
    """Three rows as Excel hands them over, the second with a day that may be two."""
    today = date.today()  # noqa: DTZ011 -- of the browser that reads it, which is on this machine
    rows = (
        f"KH1001\t{today - timedelta(days=3)}\t12,500.00",
        f"KH1016\t3/5/{today.year}\t8,000.00",
        f"KH1052\t{today - timedelta(days=1)}\t1.2万",
    )
    page.evaluate(
        """text => {
          const cell = document.querySelector("[data-grid] input");
          const data = new DataTransfer();
          data.setData("text/plain", text);
          cell.focus();
          cell.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        "\n".join(rows),
    )
    page.wait_for_selector("[data-grid] .wrong")


def what_paid_what(page: Any) -> None:
    """The middle of the drawing, where payments begin: shipments stand above them."""
    page.evaluate("document.querySelector('#paid .flow-chart').scrollIntoView({block: 'center'})")


def choose_to_send(page: Any) -> None:
    boxes = page.locator("#list tbody input[type=checkbox]")
    for n in range(2):
        boxes.nth(n).check()
    page.locator("#selection button.primary").click()
    page.wait_for_selector("dialog[open]")


def a_schedule(page: Any) -> None:
    """A report is kept under a name, and its schedule filled in; it is not sent."""
    page.fill("[name=name]", "每周一账龄" if page.locator("html[lang^=zh]").count() else "Monday’s aging")
    page.locator("main form button.primary").click()
    page.goto("/views/")
    page.locator("main td a[href^='/views/']").first.click()
    page.locator("form[action$='/schedule/'] [name=recipients]").first.check()


def first_of_the_list(page: Any) -> None:
    """The page that the first row leads to."""
    page.locator("#list tbody a[href]").first.click()
    page.wait_for_load_state("networkidle")


SHOTS = (
    Shot("desk", "lina", "/desk/"),
    Shot("desk-phone", "lina", "/desk/", PHONE),
    Shot("quick-phone", "lina", "/ledger/quick/payment/?customer={customer}", PHONE, before=a_payment),
    Shot("grid", "lina", "/ledger/grid/payments/", before=paste),
    Shot("customer", "lina", "/customers/{customer}/"),
    Shot("paid", "lina", "/customers/{customer}/paid/", before=what_paid_what),
    Shot("palette", "lina", "/customers/", before=palette),
    Shot("help", "lina", "/customers/", before=keys),
    Shot("dashboard", "finance", "/dashboard/", TALL),
    Shot("changes", "finance", "/dashboard/changes/"),
    Shot("allocate", "finance", "/queues/allocate/"),
    Shot("issue", "finance", "/queues/issue/"),
    Shot("send", "finance", "/queues/send/", before=choose_to_send),
    Shot("match", "finance", "/reconciliation/matching/"),
    Shot("books", "finance", "/reconciliation/books/"),
    Shot("statement", "finance", "/reconciliation/statements/?state=differs", TALL, before=first_of_the_list),
    Shot("bridge", "finance", "/reconciliation/comparison/", TALL, before=first_of_the_list),
    Shot("rounds", "finance", "/reconciliation/rounds/"),
    Shot("ledger", "finance", "/ledger/?state=open"),
    Shot("import", "finance", "/imports/"),
    Shot("team", "manager", "/desk/"),
    Shot("aging", "manager", "/aging/"),
    Shot("compare", "manager", "/aging/?by=salesperson&compare={last_month_end}"),
    Shot("pivot", "manager", "/aging/?by=salesperson&across=region"),
    Shot("trends", "manager", "/trends/", TALL),
    Shot("cash", "manager", "/trends/cash/"),
    Shot("schedule", "manager", "/views/new/?at=/aging/%3Fby%3Dsalesperson", before=a_schedule),
)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="make manual", description="Takes the pictures of the manual.")
    parser.add_argument("names", nargs="*", help="only these pictures")
    parser.add_argument("--address", default="", help="of a product that runs already with its demo firm")
    asked = parser.parse_args(arguments)
    shots = [shot for shot in SHOTS if not asked.names or shot.name in asked.names]
    if unknown := set(asked.names) - {shot.name for shot in SHOTS}:
        parser.error(f"unknown pictures: {', '.join(sorted(unknown))}")
    if asked.address:
        take(asked.address.rstrip("/"), shots)
    else:
        with running() as address:
            take(address, shots)
    if (total := sum(path.stat().st_size for path in PICTURES.rglob("*.webp"))) > MOST_BYTES:
        sys.exit(f"The pictures have {total:,} bytes together; {MOST_BYTES:,} are enough.")


@contextmanager
def running() -> Iterator[str]:
    """The product with an empty folder, which it fills with the demo firm; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://localhost:{port}"
    with tempfile.TemporaryDirectory() as folder:
        environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
        environment |= {"VAR_DIR": folder, "PORT": str(port)}
        product = subprocess.Popen([sys.executable, "-m", "config.run"], cwd=ROOT, env=environment)
        try:
            _wait_for(product, address)
            yield address
        finally:
            product.send_signal(signal.SIGTERM)
            product.wait()


def _wait_for(product: "subprocess.Popen[bytes]", address: str) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            with urlopen(f"{address}/healthz/", timeout=2):
                return
        except (URLError, OSError):
            if product.poll() is not None or time.monotonic() > deadline:
                sys.exit("The product did not start; the reason stands above.")
        time.sleep(0.5)


def take(address: str, shots: Sequence[Shot]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from playwright.sync_api import sync_playwright

    from config.demo.staff import PASSWORD

    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        for folder, (language, locale) in LANGUAGES.items():
            # Fields for a day are written as the browser itself is, not as its page.
            browser = playwright.chromium.launch(
                executable_path=chromium,
                args=["--no-sandbox", "--disable-gpu", f"--lang={locale}"],
                env={**os.environ, "LANGUAGE": locale.replace("-", "_")},
            )
            (PICTURES / folder).mkdir(parents=True, exist_ok=True)
            for who, size in dict.fromkeys((shot.who, shot.size) for shot in shots):
                context = browser.new_context(
                    base_url=address,
                    locale=locale,
                    viewport={"width": size[0], "height": size[1]},
                    color_scheme="light",
                    is_mobile=size == PHONE,
                    has_touch=size == PHONE,
                    reduced_motion="reduce",
                )
                page = context.new_page()
                customer = _sign_in(page, who, PASSWORD, language)
                for shot in (shot for shot in shots if (shot.who, shot.size) == (who, size)):
                    _take_one(page, shot, customer, PICTURES / folder / f"{shot.name}.webp")
                context.close()
            browser.close()


def _sign_in(page: Any, who: str, password: str, language: str) -> str:
    """Opens the door, and tells which customer owes most."""
    page.goto("/login/?next=/customers/%3Fsort%3D-balance")
    page.context.add_cookies([{"name": "django_language", "value": language, "url": page.url}])
    page.reload()
    page.fill("[name=username]", who)
    page.fill("[name=password]", password)
    page.click("main button[type=submit]")
    link = page.locator("#list tbody a[href^='/customers/']").first
    return str(link.get_attribute("href")).strip("/").split("/")[-1]


def _take_one(page: Any, shot: Shot, customer: str, path: Path) -> None:
    last_month_end = date.today().replace(day=1) - timedelta(days=1)  # noqa: DTZ011 -- the clock of this machine
    page.goto(shot.path.replace("{customer}", customer).replace("{last_month_end}", f"{last_month_end}"))
    page.wait_for_load_state("networkidle")
    if shot.before is not None:
        shot.before(page)
        page.wait_for_load_state("networkidle")
    picture = page.locator(shot.only).screenshot() if shot.only else page.screenshot()
    # On a page without our Content-Security-Policy, which would not let a picture out of the text.
    blank = page.context.new_page()
    encoded = blank.evaluate(TO_WEBP, [base64.b64encode(picture).decode(), QUALITY])
    blank.close()
    path.write_bytes(base64.b64decode(encoded))
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes")  # noqa: T201 -- this is what its user reads


if __name__ == "__main__":
    main()
