"""What became of a click on many rows, in sentences: done, done by a colleague before, refused."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.models import User
from ledger.models import Entry
from ledger.money import formatted
from queues.queries.allocating import latest_allocation

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


def accepted_in_words(credits_done: int, amounts: Mapping[str, object], left: int) -> str:
    """What accepting all exact suggestions came to."""
    done = ngettext("%(n)d credit was allocated", "%(n)d credits were allocated", credits_done) % {"n": credits_done}
    sums = ", ".join(f"{formatted(Decimal(str(amount)))} {currency}" for currency, amount in amounts.items())
    said = [f"{done}: {sums}." if sums else f"{done}."]
    if left:
        said.append(
            ngettext("%(n)d was left: it changed meanwhile.", "%(n)d were left: they changed meanwhile.", left)
            % {"n": left}
        )
    return " ".join(said)


def changed_meanwhile(user: User, credit: Entry) -> str:
    """Who has allocated the credit since, and when; empty where nobody has, today."""
    latest = latest_allocation(credit)
    if latest is None or timezone.localdate(latest.recorded_at) != timezone.localdate():
        return ""
    by = latest.posting.by
    moment = f"{timezone.localtime(latest.recorded_at):%H:%M}"
    if by == user:
        return _("%(what)s: done already, by yourself at %(moment)s.") % {"what": credit.described, "moment": moment}
    facts = {"what": credit.described, "who": by or _("a command"), "moment": moment}
    return _("%(what)s: done already by %(who)s at %(moment)s.") % facts
