"""What a flag says in words, and what it asks for next, as a link."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from config.dates import shown_day
from flags.models import Flag, FlagKind, FlagNote, State
from flags.queries.blocks import Block, KindInBlock, Waiting
from flags.wording import subject
from ledger.models import InvoiceStep
from ledger.money import formatted
from ledger.templatetags.ledger_format import recording

register = template.Library()
# An amount in a mail's text, without markup.
register.filter("written", formatted)
# A day within a sentence.
register.filter("written_day", shown_day)
# What a flag is about.
register.filter("subject", subject)

STEPS = {
    FlagKind.NOT_SENT: InvoiceStep.Step.SENT,
    FlagKind.NOT_RECEIVED: InvoiceStep.Step.RECEIVED,
    FlagKind.NOT_BOOKED: InvoiceStep.Step.BOOKED,
}
BADGES = {1: "", 2: "warn", 3: "bad"}


@dataclass(frozen=True, slots=True)
class Action:
    label: str
    url: str


@register.filter
def next_action(flag: Flag, block: Block | None = None) -> Action:
    """The one thing that takes the flag's cause away; from there the way leads back to the desk. Within a block whose
    customer has something unapplied, an overdue debt is settled with that. What an act has raised says where itself.
    """
    if flag.source or flag.entry_id is None:
        return Action(_("Look at it"), flag.path or reverse("flags:detail", args=[flag.pk]))
    if flag.kind == FlagKind.OVERDUE:
        if block and block.unapplied:
            return _action(_("Settle"), "ledger:allocate", flag.entry_id)
        return _action(_("Record payment"), "ledger:payment-new", customer=flag.customer_id, debt=flag.entry_id)
    if flag.kind == FlagKind.NOT_INVOICED:
        return _action(_("Issue invoice"), "ledger:invoice-new", customer=flag.customer_id, shipments=flag.entry_id)
    step = STEPS[FlagKind(flag.kind)]
    return _action(str(recording(step)), "ledger:step", flag.entry_id, step=step)


@register.filter
def next_act(block: Block) -> Action:
    """The one thing that takes away what is most of a block: for overdue debts what the customer has paid already, or
    a payment that settles the oldest first; for several shipments one invoice; for several invoices to send, or to be
    received, the queue in which many are marked at once; else the step of the oldest.
    """
    kind, customer = block.lead.kind, block.customer
    if kind == FlagKind.OVERDUE and block.unapplied:
        if block.unapplied.count == 1:
            return _action(_("Allocate"), "ledger:allocate", block.unapplied.first)
        return _action(_("Allocate"), "queues:allocate", q=customer.code)
    leading = [flag for flag in block.flags if flag.kind == kind]
    if block.lead.count < 2 or not leading:
        return next_action((leading or block.flags)[0])
    match kind:
        case FlagKind.OVERDUE:
            return _action(_("Record payment"), "ledger:payment-new", customer=customer.pk)
        case FlagKind.NOT_INVOICED:
            shipments = [flag.entry_id for flag in leading] if len(leading) == block.lead.count else []
            return _action(_("Issue invoice"), "ledger:invoice-new", customer=customer.pk, shipments=shipments)
        case FlagKind.NOT_SENT:
            return _action(str(recording(STEPS[kind])), "queues:send", q=customer.code)
        case FlagKind.NOT_RECEIVED:
            return _action(str(recording(STEPS[kind])), "queues:send", q=customer.code, state="sent")
    return next_action(min(leading, key=lambda flag: flag.since))


def _action(label: str, page: str, *key: int, **query: Any) -> Action:
    said = urlencode({**query, "next": reverse("desk")}, doseq=True, safe="/")
    return Action(label, f"{reverse(page, args=key)}?{said}")


@register.filter
def subject_url(flag: Flag) -> str:
    """The page of what the flag is about: the document's, or else the one on which it is dealt with."""
    if flag.entry_id is None:
        return flag.path or reverse("flags:detail", args=[flag.pk])
    return reverse("ledger:entry", args=[flag.entry_id])


@register.filter
def counted_from(flag: Flag) -> str:
    """The day from which the delay counts, and what happened on it."""
    words = {
        FlagKind.OVERDUE: _("due %(day)s"),
        FlagKind.NOT_INVOICED: _("shipped %(day)s"),
        FlagKind.NOT_SENT: _("issued %(day)s"),
        FlagKind.NOT_RECEIVED: _("sent %(day)s"),
        FlagKind.NOT_BOOKED: _("received %(day)s"),
        FlagKind.REJECTED: _("rejected %(day)s"),
        FlagKind.CUSTOMER_SILENT: _("asked %(day)s"),
        FlagKind.DIFFERENCE_UNOWNED: _("found %(day)s"),
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
def days_of(delayed: Block | KindInBlock | Waiting, on: date) -> int:
    """How many days the longest of several delays has taken."""
    return delayed.days(on)


@register.filter
def days_waiting(waiting: Waiting, on: date) -> int:
    return waiting.days_waiting(on)


@register.filter
def severity_badge(delayed: Flag | KindInBlock) -> str:
    return BADGES[delayed.severity]


@register.filter
def done_about(note: FlagNote) -> str:
    """What somebody did about a flag, before what was said."""
    match note.act:
        case FlagNote.Act.SNOOZED if note.snoozed_until:
            return _("snoozed until %(day)s") % {"day": shown_day(note.snoozed_until)}
        case FlagNote.Act.FOLLOWED_UP if note.snoozed_until:
            return _("followed up, asking again on %(day)s") % {"day": shown_day(note.snoozed_until)}
        case _:
            return str(FlagNote.Act(note.act).label)
