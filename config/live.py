"""Regions of a page that keep up with what others record meanwhile. `static/js/live.js` asks for them, the page of a
region answers 204 while nothing is new, else the region drawn anew (docs/live.md).

    version = ledger_version()
    if live.asked(request) == version:
        return live.nothing_new(request, version)
    context["live"] = live.region(request, version, said=...)
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.words import listed

HEADER = "X-Live-Version"
# More people than this are not named one by one.
MOST_NAMED = 2


@dataclass(frozen=True, slots=True)
class Region:
    """What a region of a page says of itself: `{{ live.attributes }}` in its tag, `_live.html` within it."""

    url: str
    version: str
    # What has changed since the version that the region had, for who does not see it happen.
    said: str

    @property
    def attributes(self) -> SafeString:
        return format_html(
            'data-live data-live-version="{}" hx-get="{}" hx-trigger="live" hx-target="this" hx-swap="outerHTML"',
            self.version,
            self.url,
        )


def is_asking(request: HttpRequest) -> bool:
    """Whether a region asks by itself, not a person."""
    return HEADER in request.headers


def asked(request: HttpRequest) -> str:
    """The version that a region has which asks for news; empty where a person asks. Who has signed in as somebody
    else in another window is refused: the page is not theirs.
    """
    whose, _colon, version = request.headers.get(HEADER, "").partition(":")
    if whose and whose != str(request.user.pk):
        raise PermissionDenied
    return version


def nothing_new(request: HttpRequest, version: str) -> HttpResponse:
    """The answer that leaves the region as it is; the next time it asks from `version` on."""
    return HttpResponse(status=204, headers={HEADER: f"{request.user.pk}:{version}"})


def region(request: HttpRequest, version: str, *, said: str = "", url: str = "") -> Region:
    """The region of `request` as of `version`. It is asked for at `url`, else where the request went."""
    return Region(url or request.get_full_path(), f"{request.user.pk}:{version}", said)


def changes_in_words(by: Sequence[tuple[str, int]]) -> str:
    """What several people have done, the busiest first: “3 changes by 徐海燕, 王小明”. Nothing where nobody did."""
    if not by:
        return ""
    count = sum(number for _name, number in by)
    names = listed(name for name, _number in by[:MOST_NAMED])
    if len(by) > MOST_NAMED:
        names = _("%(names)s and others") % {"names": names}
    return ngettext("%(n)d change by %(who)s", "%(n)d changes by %(who)s", count) % {"n": count, "who": names}
