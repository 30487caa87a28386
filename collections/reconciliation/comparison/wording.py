"""Reasons, facts and classes in words."""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.dates import shown_day
from config.words import clauses, listed
from reconciliation.comparison.choices import ClassChoices, ReasonChoices
from reconciliation.comparison.lines import Class, Fact, Reason, day_in

Facts = Mapping[str, Fact]


def class_in_words(cls: str) -> str:
    return str(ClassChoices(cls).label)


def reason_in_words(reason: str, facts: Facts) -> str:
    """Why lines were paired, or what a line alone is; one text without a full stop."""
    if not reason:
        return _alone(facts)
    said = [str(ReasonChoices(reason).label)]
    if n := facts.get("n"):
        said.append(ngettext("%(n)d line", "%(n)d lines", int(n)) % {"n": int(n)})
    if (days := int(facts.get("days", 0))) > 0:
        said.append(ngettext("%(n)d day later there", "%(n)d days later there", days) % {"n": days})
    elif days < 0:
        said.append(ngettext("%(n)d day earlier there", "%(n)d days earlier there", -days) % {"n": -days})
    return clauses([listed(said), *_difference(reason, facts)])


def _difference(reason: str, facts: Facts) -> list[str]:
    """What the amounts differ by."""
    said = []
    if rate := facts.get("rate"):
        said.append(_("one of both without %(rate)s %% tax") % {"rate": rate})
    if price := facts.get("price"):
        said.append(_("the price differs by %(price)s a piece") % {"price": price})
    if pieces := facts.get("pieces"):
        said.append(_("the quantity differs by %(pieces)s") % {"pieces": pieces})
    if facts.get("said") == "answer":
        said.append(_("in their answer to a statement they say that it is wrong"))
    if facts.get("said") == "price":
        said.append(_("their memo speaks of the price"))
    return said


def _alone(facts: Facts) -> str:
    on = shown_day(day) if (day := day_in(facts)) else ""
    sentences = {
        "twin": _("repeats the line of %(day)s"),
        "shipped": _("shipped on %(day)s, not arrived yet"),
        "delivered": _("delivered on %(day)s, no invoice yet"),
        "not_billed": _("shipped on %(day)s, no invoice yet"),
        "not_sent": _("the invoice was not sent yet"),
        "sent": _("the invoice was sent on %(day)s; nobody has noted its arrival"),
        "received": _("the invoice was received on %(day)s and is not booked there"),
        "said_booked": _("noted as booked there on %(day)s, but not in their list"),
        "discount": _("a discount that they have not booked"),
        "money_late": _("money of %(day)s, not in their list yet"),
        "money_old": _("money that is not in their list"),
        "not_confirmed": _("money that finance has not confirmed"),
        "opening": _("an opening balance that they do not have"),
        "paid": _("they have booked a payment that we have not recorded"),
        "no_document": _("we have no document of this number or amount"),
        "no_number": _("no number, and no amount of ours fits"),
    }
    sentence = sentences.get(str(facts.get("why")))
    return sentence % {"day": on} if sentence else ""


def step_in_words(cls: str, amount: Decimal) -> str:
    """What a step of the bridge says, as a sentence for who reads it for the first time."""
    if cls == Class.AMOUNT:
        more = amount >= 0
        return _("The same documents, with us for more.") if more else _("The same documents, with them for more.")
    sentences = {
        Class.OPENING: _("The balances before the list begins differ."),
        Class.UNEXPLAINED: _("Their opening balance and lines do not add up to their closing balance."),
        Class.IN_TRANSIT: _("Goods that left us and had not arrived."),
        Class.INVOICE: _("Invoices of ours that have not reached their books."),
        Class.PAYMENT: _("Payments in their books that we have not recorded."),
        Class.NOT_BOOKED: _("Documents of ours that they have and have not booked."),
        Class.PRICE: _("The same documents at another price or quantity."),
        Class.DUPLICATE: _("Lines that stand there twice."),
    }
    return sentences.get(Class(cls), _("Nobody knows yet what these are."))


def is_a_guess(reason: str) -> bool:
    """Pairs that somebody should look at."""
    return reason in {Reason.SET_SUM, Reason.RUN_SUM, Reason.TAX, Reason.SWAPPED, Reason.SIGN, Reason.NUMBER_TYPO}
