"""Finance rejects what it cannot confirm: goods that did not leave so, money that the bank does not show so.

A rejection is three things that stand or fall together: the reversal of the document, the row that says who rejected
it and why, and the flag on the desk of whoever answers for the customer. It is undone by recording the document
again, under its number, which clears the flag.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.models import Customer, User
from flags.models import FlagKind
from flags.raising import clear_flag, raise_flag
from ledger import reversal
from ledger.errors import InvalidDocument, LedgerError, NotPermitted
from ledger.models import Entry
from ledger.models.entries import CONFIRMABLE_KINDS
from ledger.posting import lock_customers, post
from reconciliation.books.models import Rejection

# Each is an act of its own under one transaction: more are rejected by a second click.
MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of each document: rejected now, rejected by somebody before, or refused with a sentence."""

    done: list[Rejection] = field(default_factory=list)
    already: list[Rejection] = field(default_factory=list)
    refused: list[tuple[Entry, str]] = field(default_factory=list)


@transaction.atomic
def reject(*, entries: Iterable[Entry], by: User, reason: str) -> Outcome:
    """Rejects the documents for one reason. One that cannot be rejected is told and left whole, and the others are
    rejected all the same. Sent twice, each is rejected once: a document has one rejection.
    """
    if not by.keeps_books:
        raise NotPermitted(_("Only finance rejects."))
    if not (said := reason.strip()):
        raise InvalidDocument(_("Say why; the salesperson reads it."), field="reason")
    wanted = list(dict.fromkeys(entry.pk for entry in entries))
    if len(wanted) > MOST_AT_ONCE:
        raise InvalidDocument(_("No more than %(n)d documents are rejected at once.") % {"n": MOST_AT_ONCE})
    visible = Entry.objects.filter(customer__in=Customer.objects.writable_by(by), pk__in=wanted)
    lock_customers(set(visible.values_list("customer", flat=True)))
    stored = {entry.pk: entry for entry in visible.select_related("customer__owner", "salesperson")}
    before = Rejection.objects.select_related("entry", "by").in_bulk(wanted)
    outcome, now = Outcome(), timezone.now()
    for entry in (stored[pk] for pk in wanted if pk in stored):
        if entry.pk in before:
            outcome.already.append(before[entry.pk])
        elif refusal := _why_not(entry):
            outcome.refused.append((entry, refusal))
        else:
            try:
                outcome.done.append(_reject(entry, by=by, reason=said, now=now))
            except LedgerError as error:
                outcome.refused.append((entry, error.message))
    return outcome


@transaction.atomic
def _reject(entry: Entry, *, by: User, reason: str, now: datetime) -> Rejection:
    post(reversal.reverse, by, uuid4(), entry.customer, entry=entry, reason=reason)
    rejection = Rejection.objects.create(entry=entry, reason=reason, by=by, recorded_at=now)
    raise_flag(
        kind=FlagKind.REJECTED,
        source=rejection.source,
        customer=entry.customer,
        entry=entry,
        since=timezone.localdate(now),
        amount=abs(entry.document_amount),
        reason=reason,
        path=reverse("books:rejected-entry", args=[entry.pk]),
    )
    return rejection


def _why_not(entry: Entry) -> str:
    if entry.kind not in CONFIRMABLE_KINDS or entry.reverses_id is not None:
        said = _("%(entry)s is neither goods nor money; there is nothing to reject.")
    elif entry.reversed_on is not None:
        said = _("%(entry)s was reversed already.")
    elif entry.confirmed_on is not None:
        said = _("%(entry)s is confirmed; withdraw the confirmation first.")
    else:
        return ""
    return said % {"entry": entry.described}


def clear_what_was_recorded_again(customers: Collection[int]) -> None:
    """Clears the flags of rejected documents that stand in the ledger again: a follower of every act."""
    for rejection in Rejection.objects.flagged(customers).recorded_again():
        clear_flag(kind=FlagKind.REJECTED, source=rejection.source)
