"""What people do about a difference: own it, talk about it, resolve it. Each act leaves a line in its thread."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date as Date
from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from config.dates import shown_day
from config.words import said_of
from customers.models import Customer, User
from ledger.models import Entry
from reconciliation.comparison.choices import ClassChoices
from reconciliation.rounds.errors import DifferenceRefused
from reconciliation.rounds.models import (
    Comment,
    Difference,
    Policy,
    Reconciliation,
    Resolution,
    State,
)
from reconciliation.statements.models import Answer

LONGEST_COMMENT = 1_000


@dataclass(frozen=True, slots=True)
class Found:
    """A difference as a higher or lower floor finds it. `source` says where, and is the same each time it is found;
    `amount` is by how much our balance is above the customer's, None where only the customer could say.
    """

    source: str
    kind: ClassChoices
    words: str
    amount: Decimal | None = None
    entry: int | None = None


@transaction.atomic
def record(
    found: Iterable[Found],
    *,
    customer: Customer,
    by: User | None,
    today: Date,
    reconciliation: Reconciliation | None = None,
) -> list[Difference]:
    """Records those that are new, without an owner, and returns them. One that was found before is left as it is,
    also where it was resolved meanwhile.
    """
    given = {one.source: one for one in found}
    _lock(reconciliation.pk if reconciliation is not None else None)
    known = set(Difference.objects.filter(source__in=given).values_list("source", flat=True))
    new = [
        Difference(
            customer=customer,
            reconciliation=reconciliation,
            source=one.source,
            kind=one.kind,
            words=one.words[:300],
            currency=customer.currency,
            amount=one.amount,
            entry_id=one.entry,
            found_on=today,
            found_by=by,
        )
        for source, one in given.items()
        if source not in known
    ]
    stored = Difference.objects.bulk_create(new)
    if reconciliation is not None and stored:
        Reconciliation.objects.under_way().filter(pk=reconciliation.pk, state=State.ASKED).update(state=State.DIFFERS)
    return stored


@transaction.atomic
def assign(
    *, difference: Difference, owner: User, by: User, due_on: Date | None = None, today: Date | None = None
) -> Difference:
    """Gives the difference an owner, and a day by which it should be resolved (by the firm's rules where None)."""
    stored = _locked(difference, by)
    today = today or timezone.localdate()
    if not (owner.may_post and Customer.objects.visible_to(owner).filter(pk=stored.customer_id).exists()):
        refusal = _("%(person)s cannot look after this customer; choose somebody who may see it.")
        raise DifferenceRefused(refusal % {"person": owner}, field="owner")
    if due_on is not None and due_on < today:
        raise DifferenceRefused(_("Choose today or a later day."), field="due_on")
    stored.owner = owner
    stored.due_on = due_on or today + timedelta(days=policy().resolve_within)
    stored.save(update_fields=["owner", "due_on"])
    said = _("given to %(person)s, due on %(day)s") % {"person": owner, "day": shown_day(stored.due_on)}
    _say(stored, by, said)
    return stored


def comment(*, difference: Difference, by: User, text: str) -> Comment:
    said = text.strip()
    if not said:
        raise DifferenceRefused(_("Write what is to be said."), field="text")
    if len(said) > LONGEST_COMMENT:
        refusal = _("A comment has %(most)d characters at most; this one has %(n)d.")
        raise DifferenceRefused(refusal % {"most": LONGEST_COMMENT, "n": len(said)}, field="text")
    _check_writable(difference, by)
    return _say(difference, by, said)


@transaction.atomic
def classify(*, difference: Difference, kind: ClassChoices, by: User) -> Difference:
    """Says what kind of difference it is, now that somebody knows."""
    stored = _locked(difference, by)
    if stored.kind != kind:
        before = stored.get_kind_display()
        stored.kind = kind
        stored.save(update_fields=["kind"])
        _say(stored, by, f"{before} → {kind.label}")
    return stored


@transaction.atomic
def resolve_by_posting(*, difference: Difference, entry: Entry, by: User, note: str = "") -> Difference:
    """Resolves it by an entry of the customer that mends it: a discount, a credit note, the missing payment."""
    stored = _locked(difference, by)
    posted = Entry.objects.standing().filter(pk=entry.pk, customer=stored.customer_id).first()
    if posted is None:
        refusal = _("%(entry)s is no standing document of this customer.")
        raise DifferenceRefused(refusal % {"entry": entry.described}, field="entry")
    _resolve(stored, Resolution.POSTED, by, timezone.localdate(), posted=posted, explanation=note.strip())
    said = said_of(_("resolved"), posted.described)
    _say(stored, by, f"{said} · {note.strip()}" if note.strip() else said)
    return stored


@transaction.atomic
def resolve_by_explanation(
    *, difference: Difference, explanation: str, by: User, today: Date | None = None
) -> Difference:
    """Resolves it by words: nothing has to be posted, and a reader a year later sees why."""
    said = explanation.strip()
    if not said:
        raise DifferenceRefused(_("Say why nothing has to be posted."), field="explanation")
    stored = _locked(difference, by)
    _resolve(stored, Resolution.EXPLAINED, by, today or timezone.localdate(), explanation=said)
    _say(stored, by, said_of(_("explained"), said))
    return stored


@transaction.atomic
def reopen(*, difference: Difference, reason: str, by: User) -> Difference:
    """Takes a resolution back. The reconciliation that had ended by it waits again."""
    if not reason.strip():
        raise DifferenceRefused(_("Say why it is open again."), field="reason")
    _check_writable(difference, by)
    _lock(difference.reconciliation_id)
    stored = Difference.objects.select_for_update(of=("self",)).get(pk=difference.pk)
    if stored.is_open:
        raise DifferenceRefused(_("The difference is open already."))
    stored.resolution, stored.explanation = "", ""
    stored.resolved_on = stored.resolved_by = stored.posted = None
    stored.save(update_fields=["resolution", "explanation", "resolved_on", "resolved_by", "posted"])
    if stored.reconciliation_id is not None:
        ended = Reconciliation.objects.filter(pk=stored.reconciliation_id, state__in=(State.AGREED, State.EXPLAINED))
        ended.update(state=State.DIFFERS, closed_on=None, closed_by=None)
    _say(stored, by, said_of(_("opened again"), reason.strip()))
    return stored


def policy() -> Policy:
    """The firm's rules of rounds; the usual ones, switched off, where finance has set none."""
    return Policy.objects.filter(pk=1).first() or Policy(pk=1)


def _resolve(
    stored: Difference, how: Resolution, by: User, day: Date, *, posted: Entry | None = None, explanation: str = ""
) -> None:
    stored.resolution, stored.posted, stored.explanation = how, posted, explanation
    stored.resolved_on, stored.resolved_by = day, by
    stored.save(update_fields=["resolution", "posted", "explanation", "resolved_on", "resolved_by"])
    _end_if_all_resolved(stored)


def _end_if_all_resolved(stored: Difference) -> None:
    """The reconciliation ends when its last difference has a name; as agreed, where the customer agrees."""
    if stored.reconciliation_id is None:
        return
    asked = stored.reconciliation_id
    if Difference.objects.open().filter(reconciliation=asked).exists():
        return
    agrees = Answer.objects.filter(statement__reconciliation=asked, verdict=Answer.Verdict.AGREES).exists()
    Reconciliation.objects.under_way().filter(pk=asked, state=State.DIFFERS).update(
        state=State.AGREED if agrees else State.EXPLAINED,
        closed_on=stored.resolved_on,
        closed_by=stored.resolved_by,
    )


def _locked(difference: Difference, by: User) -> Difference:
    """The open difference as it is stored, locked: two people at once are told of each other."""
    _check_writable(difference, by)
    _lock(difference.reconciliation_id)
    stored = Difference.objects.select_for_update(of=("self",)).get(pk=difference.pk)
    if not stored.is_open:
        refusal = _("The difference was resolved by %(person)s on %(day)s.")
        raise DifferenceRefused(
            refusal % {"person": stored.resolved_by, "day": shown_day(stored.resolved_on or stored.found_on)}
        )
    return stored


def _lock(reconciliation: int | None) -> None:
    """Locks it before its differences: of two who resolve the last two at once, the second sees that none is left."""
    if reconciliation is not None:
        Reconciliation.objects.select_for_update(of=("self",)).get(pk=reconciliation)


def check_writable_for(customer: Customer, by: User) -> None:
    if not Customer.objects.writable_by(by).filter(pk=customer.pk).exists():
        raise DifferenceRefused(_("You may not act for this customer."))


def _check_writable(difference: Difference, by: User) -> None:
    """Whoever owns it may act on it, and whoever may act for the customer."""
    if not (difference.owner_id == by.pk and by.may_post):
        check_writable_for(difference.customer, by)


def _say(difference: Difference, by: User | None, text: str) -> Comment:
    return Comment.objects.create(difference=difference, by=by, at=timezone.now(), text=text[:LONGEST_COMMENT])
