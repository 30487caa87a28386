"""A saved view as a workbook for one person: what the page's own export gives, to that person."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase, QueryDict
from django.test.client import RequestFactory
from django.urls import resolve
from django.utils.translation import gettext as _

from config.lists.exporting import ListFile
from config.saved.errors import ViewRefused
from config.saved.models import SavedView
from config.saved.pages import page_at


@dataclass(frozen=True, slots=True)
class Workbook:
    title: str
    name: str
    content: bytes
    rows: int
    filters: Sequence[tuple[str, str]]


def workbook_of(view: SavedView, user: Any) -> Workbook:
    """Raises ViewRefused with a sentence where this person gets none. Made in the language in force."""
    page = page_at(view.path)
    if page is None or not page.is_list:
        raise ViewRefused(_("The page of this view is no longer there."))
    request = _request(view, user)
    try:
        response: HttpResponseBase = page.answer(request, **page.kwargs)
    except (Http404, PermissionDenied):
        raise ViewRefused(_("%(user)s may not open the page of this view.") % {"user": user}) from None
    try:
        if not isinstance(response, ListFile):
            said = " ".join(str(message) for message in get_messages(request))
            raise ViewRefused(said or _("The page gave no workbook; open the view and look at its filters."))
        content = b"".join(response.streaming_content)  # type: ignore[arg-type]
    finally:
        for close in response._resource_closers:  # type: ignore[attr-defined]
            close()
    return Workbook(page.title, response.filename, content, response.rows, response.filters)


def _request(view: SavedView, user: Any) -> HttpRequest:
    """As the person's own browser would ask, without a session."""
    asked = QueryDict(view.query, mutable=True)
    asked["_export"] = "xlsx"
    request: Any = RequestFactory(SERVER_NAME="localhost").get(f"{view.path}?{asked.urlencode()}")
    request.user = user
    request.htmx = False
    request.session = {}
    # No page waits for the file: however long it takes, it is made here.
    request.in_background = True
    request.resolver_match = resolve(view.path)
    request._messages = CookieStorage(request)
    return request  # type: ignore[no-any-return]
