"""From which address a visitor comes."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The peer's address; behind PROXIES proxies of our own, the one that the outermost of them saw. What a visitor
    has written into the header further left is not believed. Empty where there is none.
    """
    peer: str = request.META.get("REMOTE_ADDR", "")
    if not settings.PROXIES:
        return _plain(peer)
    said = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    return _plain(said[-settings.PROXIES] if len(said) >= settings.PROXIES else peer)


def _plain(said: str) -> str:
    """Without the port that some proxies write, and without the zone, which no database keeps."""
    for read in (str, lambda text: urlsplit(f"//{text}").hostname or ""):
        try:
            return str(ip_address(read(said).partition("%")[0]))
        except ValueError:
            continue
    return ""
