"""The addresses that can be saved, and what stands behind them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.http import QueryDict
from django.urls import Resolver404, resolve
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from config.saved.errors import ViewRefused

LONGEST_PATH, LONGEST_QUERY = 200, 2000
# Belong to a moment, not to the view.
_OF_A_MOMENT = ("page", "_export", "next", "before")
# Pages that are no lists and still show something to come back to. No other address is a view: one that acts, or that
# leads on by itself, would be opened each time its owner signs in.
_REPORTS = ("desk", "dashboard:home", "trends:trends", "trends:cash")


@dataclass(frozen=True, slots=True)
class Page:
    """A page by its address: the function that answers, and what it is called."""

    answer: Callable[..., Any]
    kwargs: dict[str, Any]
    name: str
    title: str
    # Whether it gives its rows as a workbook.
    is_list: bool

    @property
    def can_be_saved(self) -> bool:
        return self.is_list or self.name in _REPORTS


def page_at(path: str) -> Page | None:
    """None where no page of ours has the address."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    shown: Any = getattr(match.func, "view_class", None)
    title = getattr(shown, "title", "")
    is_list = hasattr(shown, "table_class") and hasattr(shown, "filtered")
    said = str(title) if isinstance(title, str | Promise) and title else path.strip("/").replace("/", " · ")
    return Page(match.func, match.kwargs, match.view_name, said, is_list)


def read_address(text: str) -> tuple[str, str]:
    """Path and query string of an address of ours, without what belongs to a moment; raises ViewRefused."""
    parts = urlsplit(text.replace("\x00", ""))
    page = None if parts.scheme or parts.netloc else page_at(parts.path)
    if page is None or not page.can_be_saved or len(parts.path) > LONGEST_PATH:
        raise ViewRefused(_("This page cannot be saved as a view."))
    kept = QueryDict(parts.query, mutable=True)
    for name in _OF_A_MOMENT:
        kept.pop(name, None)
    for name in [name for name in kept if not any(kept.getlist(name))]:
        del kept[name]
    query = kept.urlencode(safe=",")
    if len(query) > LONGEST_QUERY:
        raise ViewRefused(_("There are too many filters for a view."))
    return parts.path, query
