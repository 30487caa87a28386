"""The address that is counted and kept with an answer."""

from typing import Any

import pytest
from django.test import RequestFactory

from config.visitors import address_of

pytestmark = pytest.mark.any_engine


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("198.51.100.7, 203.0.113.9", "203.0.113.9"),
        ("203.0.113.9:4711", "203.0.113.9"),
        ("2001:db8::1", "2001:db8::1"),
        ("[2001:db8::1]:4711", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("unknown", ""),
        ("[", ""),
        ("", "192.0.2.1"),
    ],
)
def test_what_a_proxy_writes_is_read_as_an_address(settings: Any, said: str, address: str) -> None:
    settings.PROXIES = 1
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", headers={"X-Forwarded-For": said})
    assert address_of(request) == address
