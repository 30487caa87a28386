"""From which address a visitor comes."""

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The peer's address; behind PROXIES proxies of our own, the one that the outermost of them saw. What a visitor
    has written into the header further left is not believed.
    """
    peer: str = request.META.get("REMOTE_ADDR", "")
    if not settings.PROXIES:
        return peer
    said = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    return said[-settings.PROXIES] if len(said) >= settings.PROXIES else peer
