"""What travels to the browser: the first page with all it needs, and each later one, all compressed."""

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from tests.test_query_budgets import BUDGETS, a_firm, a_job, address_of

KILOBYTE = 1000
FIRST_PAGE = 200 * KILOBYTE
LATER_PAGE = 60 * KILOBYTE

pytestmark = [pytest.mark.any_engine, pytest.mark.django_db]


def loaded(client: Client, address: str) -> tuple[Any, int, dict[str, int]]:
    """The answer, its size on the wire, and the size of each static file that the page loads."""
    response = client.get(address, headers={"Accept-Encoding": "gzip"})
    if response.streaming or not response.headers["Content-Type"].startswith("text/html"):
        return response, 0, {}
    body = response.content
    page = gzip.decompress(body) if response.headers.get("Content-Encoding") == "gzip" else body
    addresses = re.findall(r'(?:href|src)="/' + settings.STATIC_URL.strip("/") + r'/([^"#]+)', page.decode())
    return response, len(body), {name: _compressed(name) for name in set(addresses)}


def _compressed(name: str) -> int:
    path = finders.find(name)
    assert path, f"{name} is linked and nowhere"
    return len(gzip.compress(Path(path).read_bytes(), 9))


def test_my_desk_is_light_when_it_is_loaded_first(client: Client) -> None:
    firm = a_firm()
    client.force_login(firm.salesperson)
    response, size, files = loaded(client, address_of("desk", firm, a_job(firm.salesperson)))
    assert response.headers["Content-Encoding"] == "gzip"
    assert size + sum(files.values()) <= FIRST_PAGE, (size, files)


def test_every_later_page_is_light(client: Client) -> None:
    """The files that my desk brought are in the browser already."""
    firm = a_firm()
    client.force_login(firm.finance)
    job = a_job(firm.finance)
    _desk, _size, known = loaded(client, address_of("desk", firm, job))
    heavy = {}
    for route, budget in BUDGETS.items():
        if budget is None:
            continue
        response, size, files = loaded(client, address_of(route, firm, job))
        for close in response._resource_closers:
            close()
        total = size + sum(weight for name, weight in files.items() if name not in known)
        if total > LATER_PAGE:
            heavy[route] = (size, files)
    assert not heavy


def test_a_workbook_is_not_compressed_twice(client: Client) -> None:
    firm = a_firm()
    client.force_login(firm.finance)
    response = client.get("/imports/template/", headers={"Accept-Encoding": "gzip"})
    assert response.status_code == 200
    assert "Content-Encoding" not in response.headers
