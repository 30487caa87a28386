"""What axe-core finds on a page in a browser."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe

from tests.browser.chromium import Window

WCAG = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
# In the other scheme nothing but the colours differs.
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
AXE = Axe()


def barriers(window: Window, rules: dict[str, Any]) -> list[str]:
    answer = AXE.run(window.page, options={"runOnly": rules, "resultTypes": ["violations"]}).response
    return [
        f"{window.page.url} {rule['id']}: {node['html'][:200]} -- {node['failureSummary'].splitlines()[-1].strip()}"
        for rule in answer["violations"]
        for node in rule["nodes"]
    ]


def seen(window: Window, name: str, *, in_the_dark: bool, full_page: bool = True) -> list[str]:
    """The barriers of the page that is open, and its excess width."""
    wrong = []
    schemes = [("light", WCAG), ("dark", COLOURS)] if in_the_dark else [("light", WCAG)]
    for scheme, rules in schemes:
        window.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        wrong += barriers(window, rules)
        window.picture(
            f"{name.replace(':', '-')}.{window.language[:2]}.{window.size[0]}.{scheme}", full_page=full_page
        )
    window.page.emulate_media(color_scheme="light")
    return wrong + window.too_wide()
