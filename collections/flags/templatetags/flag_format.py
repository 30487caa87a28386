"""What a flag asks for next, as a link."""

from dataclasses import dataclass
from datetime import date

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from flags.models import Flag, FlagKind
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
    """The one thing that takes the flag's cause away."""
    if flag.kind == FlagKind.OVERDUE:
        return Action(_("Record payment"), f"{reverse('ledger:payment-new')}?customer={flag.customer_id}")
    if flag.kind == FlagKind.NOT_INVOICED:
        query = f"customer={flag.customer_id}&shipments={flag.entry_id}"
        return Action(_("Issue invoice"), f"{reverse('ledger:invoice-new')}?{query}")
    steps = {
        FlagKind.NOT_SENT: ("sent", _("Record sending")),
        FlagKind.NOT_RECEIVED: ("received", _("Record receipt")),
        FlagKind.NOT_BOOKED: ("booked", _("Record booking")),
    }
    step, label = steps[FlagKind(flag.kind)]
    return Action(label, f"{reverse('ledger:step', args=[flag.entry_id])}?step={step}")


@register.filter
def days_on(flag: Flag, on: date) -> int:
    return flag.days(flag.cleared_on or on)


@register.filter
def severity_badge(flag: Flag) -> str:
    return BADGES[flag.severity]
