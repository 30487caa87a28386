"""Suggestions in words."""

from collections.abc import Mapping

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from config.dates import shown_month
from ledger.models import Entry
from ledger.suggestions import Reason, Suggestion


def reasons_in_words(suggestion: Suggestion, debts: Mapping[int, Entry]) -> list[str]:
    """Why these debts are meant, the strongest reason first; at the end what speaks against it."""
    first = debts[suggestion.parts[0][0]]
    said = [reason_in_words(reason, len(suggestion.parts), first) for reason in suggestion.reasons[:2]]
    if suggestion.is_doubtful:
        said.append(gettext("something else would fit as well"))
    return said


# Reasons that are said alike whatever they are about.
_PLAIN = {
    Reason.NAMED_PART: _("names the number, and pays a part"),
    Reason.NAMED_AND_LEFT: _("names the number, and something is left"),
    Reason.ONE: _("exactly what is open of this one alone"),
    Reason.SAME_AMOUNT: _("exactly what is open of this one and of others"),
    Reason.BALANCE: _("exactly all that is owed"),
    Reason.OVERDUE: _("exactly all that was overdue"),
    Reason.ONLY: _("the only open item"),
    Reason.OLDEST: _("the oldest first"),
}


def reason_in_words(reason: Reason, count: int, first: Entry) -> str:
    """Of so many debts, of which `first` is the first."""
    if reason == Reason.NAMED:
        return ngettext("names the number, and the amount is right", "names the numbers, and the sum is right", count)
    if reason == Reason.MONTH:
        return gettext("exactly the month %(month)s") % {"month": shown_month(first.date)}
    if reason == Reason.SET:
        return gettext("exactly these %(n)d together") % {"n": count}
    return str(_PLAIN[reason])
