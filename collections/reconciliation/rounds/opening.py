"""Opening a round: everyone whose period ends with the month, and who owes something or has moved in it."""

from dataclasses import dataclass
from datetime import date as Date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from aging.queries import reports
from aging.question import Question
from config.dates import shown_day
from customers.models import Customer, User
from ledger.models import Entry
from ledger.money import ZERO
from reconciliation.rounds.errors import RoundRefused
from reconciliation.rounds.models import Reconciliation, Rhythm, Round, State
from reconciliation.rounds.rhythm import Every, ends_period, last_month_end, period_of, usual
from reconciliation.statements.models import Answer, Statement


@dataclass(frozen=True, slots=True)
class Due:
    """A customer whose turn it is, with what the ledger says that it owed on the day."""

    customer: int
    currency: str
    balance: Decimal


@transaction.atomic
def open_round(*, last_day: Date, by: User | None = None, today: Date | None = None) -> Round:
    """Opens the round of a month end, or adds to it whoever has become due since; run twice it changes nothing.

    Raises RoundRefused unless `last_day` is the last day of a month that is over.
    """
    today = today or timezone.localdate()
    if by is not None and not by.keeps_books:
        raise RoundRefused(_("Only finance opens a round."))
    if last_day != last_month_end(_next(last_day)) or last_day >= today:
        refusal = _("%(day)s is not the end of a month that is over.")
        raise RoundRefused(refusal % {"day": shown_day(last_day)}, field="last_day")
    found, _is_new = Round.objects.get_or_create(
        last_day=last_day, defaults={"opened_at": timezone.now(), "opened_by": by}
    )
    there = set(found.reconciliations.values_list("customer", flat=True))
    added = [
        Reconciliation(round=found, customer_id=due.customer, currency=due.currency, balance=due.balance)
        for due in due_customers(last_day)
        if due.customer not in there
    ]
    Reconciliation.objects.bulk_create(added, ignore_conflicts=True)
    _adopt_statements(found)
    if added and found.closed_at is not None:
        found.closed_at = None
        found.save(update_fields=["closed_at"])
    return found


def _adopt_statements(found: Round) -> None:
    """Who was sent a statement of the very day already is not sent another one, unless it did not agree with that."""
    waiting = found.reconciliations.filter(state=State.TO_SEND, statement__isnull=True)
    stated = Statement.objects.standing().filter(last_date=found.last_day, reconciliation__isnull=True)
    stated = stated.filter(customer__in=waiting.values("customer")).exclude(answer__verdict=Answer.Verdict.DIFFERS)
    for customer, statement in dict(stated.order_by("pk").values_list("customer", "pk")).items():
        waiting.filter(customer=customer).update(statement=statement)


def due_customers(last_day: Date) -> list[Due]:
    """Those whose period ends on `last_day` and who have a balance then, or have moved within the period."""
    balances = _balances(last_day)
    decided = dict(Rhythm.objects.values_list("customer", "every"))
    moved = {every: _moved(*period_of(every, last_day)) for every in Every if ends_period(every, last_day)}
    due = []
    for pk, currency, key_account in Customer.objects.order_by("pk").values_list("pk", "currency", "key_account"):
        every = Every(decided[pk]) if pk in decided else usual(key_account=key_account)
        if every in moved and (pk in balances or pk in moved[every]):
            due.append(Due(pk, currency, balances.get(pk, ZERO)))
    return due


def _balances(last_day: Date) -> dict[int, Decimal]:
    """What each customer owed on the day, from the aging report of that day; those who owed nothing are left out."""
    return {
        row.group: row.amounts.balance
        for report in reports(Question(as_of=last_day))
        for row in report
        if isinstance(row.group, int) and row.amounts.balance_cents
    }


def _moved(first_day: Date, last_day: Date) -> set[int]:
    days = Entry.objects.filter(date__range=(first_day, last_day))
    return set(days.order_by().values_list("customer", flat=True).distinct())


def _next(day: Date) -> Date:
    """The first day of the month after that of `day`."""
    return Date(day.year + day.month // 12, day.month % 12 + 1, 1)
