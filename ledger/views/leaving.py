"""Where a form leads once it is recorded, with the page whole and its draft forgotten, and what is said there."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from config.pages import SignedInRequest
from ledger.models import Entry
from ledger.reversal import gave_goods_back


def tell_recorded(request: SignedInRequest, entry: Entry) -> None:
    """Says on the next page that it was recorded, and offers to take it back where that can be done."""
    said = _("%(entry)s was recorded.") % {"entry": entry.described}
    reason = {"reason": _("recorded by mistake")}
    undo = "" if gave_goods_back(entry) else reverse("ledger:reverse", args=[entry.pk], query=reason)
    messages.success(request, with_link(said, undo, _("Undo")))


def with_link(said: str, url: str, label: str) -> str:
    return format_html('{} <a href="{}">{}</a>', said, url, label) if url else said


def leave(request: SignedInRequest, target: str) -> HttpResponse:
    """The whole page changes, and the browser hears which form is done with."""
    if not request.htmx:
        return HttpResponseRedirect(target)
    return trigger_client_event(HttpResponseClientRedirect(target), "recorded", {"key": request.POST.get("key", "")})
