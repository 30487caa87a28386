"""Asking a customer: the statement is made and sent, and the answer is waited for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import NAMESPACE_OID, UUID, uuid5

from django.conf import settings
from django.db import transaction
from django.db.models import Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.models import User
from ledger.errors import LedgerError
from reconciliation.rounds.differences import policy
from reconciliation.rounds.errors import RoundRefused
from reconciliation.rounds.models import Reconciliation, Rhythm, State
from reconciliation.rounds.rhythm import Every, period_of, usual
from reconciliation.statements.making import Wish, make
from reconciliation.statements.models import Dispatch, Statement
from reconciliation.statements.sending import send, usual_address

# No mail takes so long: the mail server is given up much earlier.
LOST_AFTER = timedelta(seconds=max(1800, 20 * settings.EMAIL_TIMEOUT))


@dataclass(slots=True)
class Tally:
    sent: int = 0
    # A sentence for each customer that could not be asked.
    refused: list[str] = field(default_factory=list)


def ask_all(
    *,
    reconciliations: Sequence[int],
    by: User,
    told: Callable[[int, int], None] = lambda done, all_of_it: None,
) -> Tally:
    """Asks those that are still to be asked, one after the other: what went out stays out, whatever becomes of the
    rest.
    """
    tally = Tally()
    forget_withdrawn()
    rows = Reconciliation.objects.under_way().filter(pk__in=reconciliations, state=State.TO_SEND)
    for number, one in enumerate(rows.select_related("customer__owner", "round"), start=1):
        told(number - 1, len(reconciliations))
        try:
            ask(reconciliation=one, by=by)
            tally.sent += 1
        except LedgerError as refusal:
            tally.refused.append(f"{one.customer}: {refusal}")
    return tally


def ask(*, reconciliation: Reconciliation, by: User) -> Reconciliation:
    """Makes the statement for the customer's period, unless it is there already, mails it, and notes by when an
    answer is due. Raises RoundRefused where the customer has no address, and what making and sending refuse; the
    statement that was made stays for finance to hand over.
    """
    forget_withdrawn()
    statement = _statement(reconciliation, by)
    to = usual_address(statement)
    if not to:
        raise RoundRefused(_("No contact has an e-mail address; add one, or hand the statement over."))
    if not Dispatch.objects.filter(statement=statement).arrived().exists():
        send(by=by, statement=statement, to=to, job=_attempt(statement))
    note_sent(reconciliation)
    reconciliation.refresh_from_db()
    return reconciliation


def remind(*, reconciliation: Reconciliation, by: User) -> None:
    """Mails the statement once more, with a new link. Raises what sending refuses."""
    statement = reconciliation.statement
    to = usual_address(statement) if statement is not None else ""
    if statement is None or not to:
        raise RoundRefused(_("No contact has an e-mail address; add one, or hand the statement over."))
    send(by=by, statement=statement, to=to)


def _attempt(statement: Statement) -> UUID:
    """The same for two who ask at once, so that one mail goes out; another once the mail server has refused one, or
    nothing was heard of it for so long that whoever sent it must have died: twice is better than never.
    """
    lost = Q(sent_at__isnull=True, created_at__lt=timezone.now() - LOST_AFTER)
    mails = Dispatch.objects.filter(statement=statement, channel=Dispatch.Channel.MAIL)
    failed = mails.filter(~Q(error="") | lost).count()
    return uuid5(NAMESPACE_OID, f"asking:{statement.pk}:{failed}")


def forget_withdrawn() -> int:
    """Whose statement was withdrawn is to be asked once more, with a new one. How many those are."""
    asked = Reconciliation.objects.under_way().filter(state=State.ASKED, statement__withdrawn_at__isnull=False)
    return asked.update(state=State.TO_SEND, statement=None, asked_on=None, answer_by=None, reminded_on=None)


def note_sent(only: Reconciliation | None = None) -> int:
    """Whose statement went out, by whatever way, is waited for since that day. How many those are."""
    waiting = Reconciliation.objects.under_way().filter(
        state=State.TO_SEND,
        statement__dispatches__sent_at__isnull=False,
        statement__withdrawn_at__isnull=True,
    )
    if only is not None:
        waiting = waiting.filter(pk=only.pk)
    went = waiting.annotate(sent_at=Min("statement__dispatches__sent_at")).values_list("pk", "sent_at")
    patience = timedelta(days=policy().answer_within)
    return sum(
        Reconciliation.objects.filter(pk=pk, state=State.TO_SEND).update(
            state=State.ASKED, asked_on=(day := timezone.localdate(sent_at)), answer_by=day + patience
        )
        for pk, sent_at in list(went)
    )


@transaction.atomic
def _statement(reconciliation: Reconciliation, by: User) -> Statement:
    """The statement of the reconciliation, made now unless one stands: two at once make one."""
    stored = Reconciliation.objects.select_for_update(of=("self",)).get(pk=reconciliation.pk)
    if stored.state != State.TO_SEND:
        raise RoundRefused(_("The customer was asked already."))
    if stored.statement is not None and not stored.statement.is_withdrawn:
        return stored.statement
    customer = reconciliation.customer
    decided = Rhythm.objects.filter(customer=customer).values_list("every", flat=True).first()
    every = Every(decided) if decided else usual(key_account=customer.key_account)
    first, last = period_of(every, reconciliation.round.last_day)
    statement = make(by=by, customer=customer, wish=Wish(first=first, last=last))
    stored.statement = statement
    stored.save(update_fields=["statement"])
    return statement
