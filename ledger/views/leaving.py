"""Where a form leads once it is recorded, with the page whole and the draft of it forgotten."""

from django.http import HttpResponse, HttpResponseRedirect
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from config.pages import SignedInRequest


def leave(request: SignedInRequest, target: str) -> HttpResponse:
    """The whole page changes, and the browser hears which form is done with."""
    if not request.htmx:
        return HttpResponseRedirect(target)
    return trigger_client_event(HttpResponseClientRedirect(target), "recorded", {"key": request.POST.get("key", "")})
