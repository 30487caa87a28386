"""What became of a click on many rows, in sentences: done, done by a colleague before, refused."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.models import User

# More are counted, not named.
MOST_NAMED = 3


def tell(
    request: HttpRequest,
    *,
    done: str,
    already: Sequence[tuple[object, User | None, datetime]],
    refused: Iterable[str],
) -> None:
    """Puts the sentences on the next page; `done` is empty where nothing was done."""
    if done:
        messages.success(request, done)
    if already:
        messages.info(request, _listed([_was_done(request, *one) for one in already]))
    if sentences := list(refused):
        messages.error(request, _listed(sentences))
    if not done and not already and not sentences:
        messages.info(request, _("No row was chosen."))


def _was_done(request: HttpRequest, what: object, by: User | None, at: datetime) -> str:
    local = timezone.localtime(at)
    moment = f"{local:%H:%M}" if local.date() == timezone.localdate() else f"{local:%Y-%m-%d %H:%M}"
    if by == request.user:
        sentence = _("%(what)s: done already, by yourself at %(moment)s.")
    else:
        sentence = _("%(what)s: done already by %(who)s at %(moment)s.")
    return capfirst(sentence % {"what": what, "who": by or _("a command"), "moment": moment})


def _listed(sentences: Sequence[str]) -> str:
    rest = len(sentences) - MOST_NAMED
    more = [ngettext("And %(n)d more.", "And %(n)d more.", rest) % {"n": rest}] if rest > 0 else []
    return " ".join([*sentences[:MOST_NAMED], *more])
