"""What became of a click on many rows, in sentences: done, done by a colleague before, refused."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.pages import SignedInRequest
from config.words import listed
from customers.models import User
from ledger.models import Entry
from ledger.money import formatted
from ledger.wording import done_already
from queues.queries.allocating import latest_allocation

# More are counted, not named.
MOST_NAMED = 3


def tell(
    request: SignedInRequest,
    *,
    done: str,
    already: Sequence[tuple[object, User | None, datetime]],
    refused: Iterable[str],
) -> None:
    """Puts the sentences on the next page; `done` is empty where nothing was done."""
    reader = request.user
    if done:
        messages.success(request, done)
    if already:
        messages.info(request, _listed([done_already(what, by=by, at=at, reader=reader) for what, by, at in already]))
    if sentences := list(refused):
        messages.error(request, _listed(sentences))
    if not done and not already and not sentences:
        messages.info(request, _("No row was chosen."))


def _listed(sentences: Sequence[str], *, of: int = 0) -> str:
    rest = max(of, len(sentences)) - min(MOST_NAMED, len(sentences))
    more = [ngettext("And %(n)d more.", "And %(n)d more.", rest) % {"n": rest}] if rest > 0 else []
    return " ".join([*sentences[:MOST_NAMED], *more])


def confirmed_in_words(count: int) -> str:
    return ngettext("%(n)d entry was confirmed.", "%(n)d entries were confirmed.", count) % {"n": count}


def not_confirmed_in_words(already: int, refused: int, reasons: Sequence[str]) -> list[str]:
    """What of many entries was confirmed before, and what was refused and why."""
    said = []
    if already:
        sentence = ngettext("%(n)d was confirmed before.", "%(n)d were confirmed before.", already)
        said.append(sentence % {"n": already})
    return [*said, _listed(reasons, of=refused)] if refused else said


def left_for_a_look(count: int) -> list[str]:
    if not count:
        return []
    sentence = ngettext(
        "%(n)d was recorded since and was left for a look.",
        "%(n)d were recorded since and were left for a look.",
        count,
    )
    return [sentence % {"n": count}]


def accepted_in_words(credits_done: int, amounts: Mapping[str, object], left: int) -> str:
    """What accepting all exact suggestions came to."""
    done = _("No credit was allocated.")
    if credits_done:
        done = ngettext(
            "%(n)d credit was allocated: %(sums)s.", "%(n)d credits were allocated: %(sums)s.", credits_done
        )
    sums = listed(f"{formatted(Decimal(str(amount)))} {currency}" for currency, amount in amounts.items())
    said = [done % {"n": credits_done, "sums": sums}]
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
    return done_already(credit.described, by=latest.posting.by, at=latest.recorded_at, reader=user)
