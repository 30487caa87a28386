"""How the pages look and answer to this visitor, as cookies say before a page is drawn: light or dark as the device
is set, unless the visitor chose; keys of a single letter, unless they are in the way of speech input or a stiff hand.
"""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from config.pages import way_back

SCHEME, KEYS = "scheme", "keys"
SCHEMES = ("system", "light", "dark")
LETTERS = ("on", "off")


def scheme_of(request: HttpRequest) -> str:
    chosen = request.COOKIES.get(SCHEME, "")
    return chosen if chosen in SCHEMES else "system"


def has_letter_keys(request: HttpRequest) -> bool:
    return request.COOKIES.get(KEYS, "") != "off"


@login_not_required
@require_POST
def choose_scheme(request: HttpRequest) -> HttpResponse:
    return _kept(request, SCHEME, SCHEMES)


@login_not_required
@require_POST
def choose_keys(request: HttpRequest) -> HttpResponse:
    return _kept(request, KEYS, LETTERS)


def _kept(request: HttpRequest, name: str, choices: tuple[str, ...]) -> HttpResponse:
    response = HttpResponseRedirect(way_back(request, "/"))
    chosen = request.POST.get(name, "")
    if chosen in choices:
        response.set_cookie(name, chosen, max_age=365 * 86_400, samesite="Lax", secure=settings.HTTPS)
    return response
