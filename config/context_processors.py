from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from config.appearance import has_letter_keys, scheme_of
from config.demo.queries import entered
from config.navigation import navigation_for


def firm(request: HttpRequest) -> dict[str, Any]:
    """The firm's name in the frame of every page."""
    return {"FIRM_NAME": settings.FIRM_NAME}


def demo(request: HttpRequest) -> dict[str, Any]:
    """The demo firm, while one is in it; asked for only by a page that tells."""
    return {"demo_firm": SimpleLazyObject(entered)}


def appearance(request: HttpRequest) -> dict[str, Any]:
    """The colour scheme that the visitor chose, and whether keys of a single letter do something."""
    return {"scheme": scheme_of(request), "letter_keys": has_letter_keys(request)}


def navigation(request: HttpRequest) -> dict[str, Any]:
    """The links of the frame; made only where a whole page is drawn."""
    return {"navigation": SimpleLazyObject(lambda: navigation_for(request))}
