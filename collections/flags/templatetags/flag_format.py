"""What a flag says in words, and what it asks for next, as a link."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from config.dates import shown_day
from flags.models import Flag, FlagKind, State
from ledger.money import formatted

register = template.Library()
# An amount in a mail's text, without markup.
register.filter("written", formatted)

BADGES = {1: "", 2: "warn", 3: "bad"}


@dataclass(frozen=True, slots=True)
class Action:
    label: str
    url: str


@register.filter
def next_action(flag: Flag) -> Action:
    """The one thing that takes the flag's cause away; from there the way leads back to the desk."""
    if flag.kind == FlagKind.OVERDUE:
        return _action(_("Record payment"), "ledger:payment-new", customer=flag.customer_id, debt=flag.entry_id)
    if flag.kind == FlagKind.NOT_INVOICED:
        return _action(_("Issue invoice"), "ledger:invoice-new", customer=flag.customer_id, shipments=flag.entry_id)
    steps = {
        FlagKind.NOT_SENT: ("sent", _("Record sending")),
        FlagKind.NOT_RECEIVED: ("received", _("Record receipt")),
        FlagKind.NOT_BOOKED: ("booked", _("Record booking")),
    }
    step, label = steps[FlagKind(flag.kind)]
    return _action(label, "ledger:step", flag.entry_id, step=step)


def _action(label: str, page: str, *key: int, **query: Any) -> Action:
    return Action(label, f"{reverse(page, args=key)}?{urlencode({**query, 'next': reverse('desk')}, safe='/')}")


@register.filter
def counted_from(flag: Flag) -> str:
    """The day from which the delay counts, and what happened on it."""
    words = {
        FlagKind.OVERDUE: _("due %(day)s"),
        FlagKind.NOT_INVOICED: _("shipped %(day)s"),
        FlagKind.NOT_SENT: _("issued %(day)s"),
        FlagKind.NOT_RECEIVED: _("sent %(day)s"),
        FlagKind.NOT_BOOKED: _("received %(day)s"),
    }
    return words[FlagKind(flag.kind)] % {"day": shown_day(flag.since)}


@register.filter
def state_on(flag: Flag, on: date) -> str:
    """Where the flag stands on a day, and until or since when."""
    match flag.state(on):
        case State.SNOOZED if flag.snoozed_until:
            return _("snoozed until %(day)s") % {"day": shown_day(flag.snoozed_until)}
        case State.CLEARED if flag.cleared_on:
            return _("cleared on %(day)s") % {"day": shown_day(flag.cleared_on)}
        case state:
            return str(state.label)


@register.filter
def days_on(flag: Flag, on: date) -> int:
    return flag.days(flag.cleared_on or on)


@register.filter
def severity_badge(flag: Flag) -> str:
    return BADGES[flag.severity]
