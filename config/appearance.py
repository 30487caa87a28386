"""Light or dark: as the device is set, unless the visitor chose; a cookie says so before the page is drawn."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

COOKIE = "scheme"
SCHEMES = ("system", "light", "dark")


def scheme_of(request: HttpRequest) -> str:
    chosen = request.COOKIES.get(COOKIE, "")
    return chosen if chosen in SCHEMES else "system"


@login_not_required
@require_POST
def choose_scheme(request: HttpRequest) -> HttpResponse:
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    chosen = request.POST.get("scheme", "")
    if chosen in SCHEMES:
        response.set_cookie(COOKIE, chosen, max_age=365 * 86_400, samesite="Lax", secure=settings.HTTPS)
    return response
