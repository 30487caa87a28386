"""Flags that an act raises, for apps on higher floors: a document that was rejected, a customer's silence.

They stand beside those of the sweep on the desk, in the lists and in the mails, under the same rules; the sweep never
touches them. Whoever raises one clears it, by the same source.
"""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from customers.models import Customer
from flags.models import SWEPT_KINDS, Flag, FlagKind, Severity
from ledger.models import Entry
from ledger.money import ZERO


@transaction.atomic
def raise_flag(
    *,
    kind: FlagKind,
    source: str,
    customer: Customer,
    since: date,
    amount: Decimal = ZERO,
    entry: Entry | None = None,
    reason: str = "",
    path: str = "",
    severity: Severity = Severity.MEDIUM,
    on: date | None = None,
) -> Flag:
    """Raises a flag for whoever answers for the customer. While one of the same source and kind is open it is that
    one, brought up to date: still with its notes, still put off where somebody has put it off.

    `source` names what the flag is about, as `rejection:41`; `path` leads to the page on which it is dealt with.
    `amount` is the money that nothing else flags: a desk adds up what stands on it.
    """
    if kind in SWEPT_KINDS or not source:
        raise ValueError("an act raises the kinds that no sweep raises, each from a source")
    facts = {"since": since, "amount_at_stake": amount, "reason": reason[:200], "path": path, "severity": severity}
    flag, is_new = Flag.objects.open().get_or_create(
        kind=kind,
        source=source,
        cleared_on=None,
        defaults={
            **facts,
            "customer": customer,
            "entry": entry,
            "raised_on": on or timezone.localdate(),
            "raised_for_id": customer.owner_id,
        },
    )
    if not is_new:
        for name, value in facts.items():
            setattr(flag, name, value)
        flag.save(update_fields=list(facts))
    return flag


def clear_flag(*, kind: FlagKind, source: str) -> bool:
    """Whether there was an open flag of the source to clear."""
    return Flag.objects.open().of_source(kind, source).update(cleared_on=timezone.localdate()) > 0
