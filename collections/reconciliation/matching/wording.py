"""Suggestions and what became of them, in words."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from config.dates import shown_day, shown_month
from config.words import listed
from customers.models import User
from ledger.models import Entry
from ledger.money import ZERO, formatted
from ledger.suggestion_wording import reason_in_words
from ledger.suggestions import Reason as Amounts
from ledger.wording import done_already
from reconciliation.matching.bulk import Accepted
from reconciliation.matching.models import Match
from reconciliation.matching.weighing import Reason, Suggestion

_WHO: dict[Reason, Promise] = {
    Reason.ACCOUNT: _("paid from a known account of the customer"),
    Reason.NAME: _("the payer is the customer"),
    Reason.ALIAS: _("the payer has paid for the customer before"),
    Reason.NUMBER: _("names a document of the customer"),
    Reason.SAID: _("the memo names the customer"),
    Reason.SIMILAR: _("the payer is called nearly like the customer"),
    Reason.UNKNOWN: _("nothing says who paid"),
}
_OF_MONEY: dict[Reason, Promise] = {
    Reason.NAMED: _("names the number of the payment, and the amount is right"),
    Reason.ONE: _("exactly the amount that was recorded"),
    Reason.BALANCE: _("exactly all that was recorded and has not come"),
    Reason.OVERDUE: _("exactly all that was recorded earlier"),
    Reason.SAME_AMOUNT: _("exactly the amount of this payment and of others"),
}
_WHEN: dict[Reason, Promise] = {
    Reason.SAME_DAY: _("recorded within three days"),
    Reason.REFERENCE: _("the bank's reference agrees"),
}
# From this score on a suggestion is called likely.
LIKELY = 65
_DEBTS = {reason.key: reason for reason in Amounts}


def reasons_in_words(one: Suggestion, entries: Mapping[int, Entry]) -> list[str]:
    """Who has paid, what it is and when, in this order; at the end what speaks against it."""
    first = entries.get(one.parts[0][0]) if one.parts else None
    who = [str(_WHO[reason]) for reason in one.reasons if reason in _WHO][:2]
    when = [str(_WHEN[reason]) for reason in one.reasons if reason in _WHEN]
    what = [reason for reason in one.reasons if reason not in _WHO and reason not in _WHEN]
    said = [*who, *(_what(reason, one, first) for reason in what[:1]), *when]
    return [*said, gettext("something else would fit as well")] if one.is_doubtful else said


def _what(reason: Reason, one: Suggestion, first: Entry | None) -> str:
    count = len(one.parts)
    if reason == Reason.FEE:
        return gettext("the bank shows %(amount)s less: a fee, or small change") % {"amount": formatted(one.short)}
    if reason == Reason.SPLIT:
        words = ngettext(
            "together with %(n)d other line exactly the amount",
            "together with %(n)d other lines exactly the amount",
            len(one.others),
        )
        return words % {"n": len(one.others)}
    if one.is_money:
        if reason == Reason.MONTH and first is not None:
            return gettext("exactly the payments of %(month)s") % {"month": shown_month(first.date)}
        if reason == Reason.SET:
            return gettext("exactly these %(n)d payments together") % {"n": count}
        return str(_OF_MONEY.get(reason, _OF_MONEY[Reason.ONE]))
    return reason_in_words(_DEBTS[reason.key], count, first) if first is not None else ""


def verdict(one: Suggestion) -> tuple[str, str]:
    """How sure it is in a word, and the tone of its badge."""
    if one.is_exact:
        return gettext("exact"), "good"
    if one.is_doubtful:
        return gettext("doubtful"), ""
    return (gettext("likely"), "info") if one.score >= LIKELY else (gettext("a guess"), "")


def rest_in_words(one: Suggestion, left: Decimal) -> str:
    """What of the line accepting would leave, and where; empty where nothing is left. `left` is positive."""
    used = one.amount - one.short
    if used >= left:
        return ""
    words = (
        _("%(used)s of %(left)s is suggested; %(rest)s of the line would still be open.")
        if one.is_money
        else _("%(used)s of %(left)s pays these; %(rest)s would stay with the customer, not allocated.")
    )
    return words % {"used": formatted(used), "left": formatted(left), "rest": formatted(left - used)}


def _remaining_in_words(made: Sequence[Match]) -> list[str]:
    """What is left of the line, and of the payments posted from it."""
    said = []
    if left := abs(made[0].line.open_amount):
        said.append(gettext("%(rest)s of the line is still open.") % {"rest": formatted(left)})
    if free := sum((abs(match.entry.open_amount) for match in made if match.is_posted), ZERO):
        said.append(gettext("%(rest)s of the payment is not allocated.") % {"rest": formatted(free)})
    return said


def matched_in_words(made: Sequence[Match], already: Match | None, reader: User) -> str:
    """What became of one line."""
    if not made:
        if already is None:
            return gettext("The line was dealt with before.")
        return done_already(already.entry.described, by=already.by, at=already.recorded_at, reader=reader)
    return " ".join([_done_in_words(made), *_remaining_in_words(made)])


def _done_in_words(made: Sequence[Match]) -> str:
    moved = [match.entry.date for match in made if match.is_posted and match.entry.date > match.line.date]
    if moved:
        return gettext("The payment was posted as of %(date)s, matched and confirmed.") % {
            "date": shown_day(moved[0])
        }
    if any(match.is_posted for match in made):
        return gettext("The payment was posted, matched and confirmed.")
    return ngettext("%(n)d payment was matched.", "%(n)d payments were matched.", len(made)) % {"n": len(made)}


def accepted_in_words(done: Accepted) -> str:
    """What accepting all exact lines came to."""
    said = [gettext("No line was matched.")]
    if lines := done.lines:
        amounts = [*done.amounts.items(), *done.paid.items()]
        sums = listed(f"{formatted(amount)} {currency}" for currency, amount in amounts)
        words = ngettext(
            "%(n)d line was matched and confirmed: %(sums)s.",
            "%(n)d lines were matched and confirmed: %(sums)s.",
            lines,
        )
        said = [words % {"n": lines, "sums": sums}]
    if before := done.before:
        words = ngettext("%(n)d of them was accepted before.", "%(n)d of them were accepted before.", before)
        said.append(words % {"n": before})
    if posted := done.posted:
        words = ngettext(
            "%(n)d payment was posted that nobody had recorded.",
            "%(n)d payments were posted that nobody had recorded.",
            posted,
        )
        said.append(words % {"n": posted})
    if corrected := done.corrected:
        words = ngettext(
            "%(n)d recorded payment was corrected to what came; the rest is a discount.",
            "%(n)d recorded payments were corrected to what came; the rest is a discount.",
            corrected,
        )
        said.append(words % {"n": corrected})
    if left := done.left:
        words = ngettext("%(n)d line was left for a look.", "%(n)d lines were left for a look.", left)
        said.append(words % {"n": left})
    return " ".join([*said, *done.reasons[:3]])
