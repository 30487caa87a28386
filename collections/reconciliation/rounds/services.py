"""What finance decides about rounds: how often a customer is asked, by which rules, and who is asked no further."""

from collections.abc import Iterable
from datetime import date as Date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.models import Customer, User
from reconciliation.rounds.errors import RoundRefused
from reconciliation.rounds.models import Policy, Reconciliation, Rhythm, State
from reconciliation.rounds.rhythm import Every


@transaction.atomic
def decide_rhythm(*, customers: Iterable[Customer], every: Every | None, by: User) -> int:
    """Decides how often the customers are asked; the usual rhythm again where None. How many customers that were."""
    _check_keeps_books(by)
    keys = [customer.pk for customer in customers]
    Rhythm.objects.filter(customer__in=keys).delete()
    if every is not None:
        now = timezone.now()
        Rhythm.objects.bulk_create(
            Rhythm(customer_id=key, every=every.value, decided_by=by, decided_at=now) for key in keys
        )
    return len(keys)


def change_policy(*, by: User, **rules: Any) -> Policy:
    """Changes the firm's rules of rounds; `rules` are fields of Policy."""
    _check_keeps_books(by)
    if rules["remind_after"] >= rules["answer_within"]:
        refusal = _("A reminder comes before the answer is due: fewer than %(days)d days.")
        raise RoundRefused(refusal % {"days": rules["answer_within"]}, field="remind_after")
    facts = {**rules, "changed_by": by, "changed_at": timezone.now()}
    return Policy.objects.update_or_create(pk=1, defaults=facts)[0]


@transaction.atomic
def drop(*, reconciliations: Iterable[Reconciliation], reason: str, by: User, today: Date | None = None) -> int:
    """Ends those that are under way, with a reason: the customer is not asked further in this round. How many."""
    _check_keeps_books(by)
    if not reason.strip():
        raise RoundRefused(_("Say why the customer is not asked further."), field="reason")
    keys = [one.pk for one in reconciliations]
    facts = {"closed_on": today or timezone.localdate(), "closed_by": by, "note": reason.strip()[:200]}
    return Reconciliation.objects.under_way().filter(pk__in=keys).update(state=State.DROPPED, **facts)


def _check_keeps_books(by: User) -> None:
    if not by.keeps_books:
        raise RoundRefused(_("Only finance decides about rounds."))
