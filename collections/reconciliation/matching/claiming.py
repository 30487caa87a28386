"""Receipts to be claimed (待认领): released by finance or by the rule, claimed by salespeople, decided by finance."""

from collections.abc import Collection
from datetime import date as Date
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from config.dates import shown_day
from customers.models import Customer, User
from ledger.errors import NotPermitted
from ledger.models import Entry, Side
from ledger.posting import lock_customers
from reconciliation.bank.models import BankLine
from reconciliation.matching.accepting import Outcome, Wanted, accept
from reconciliation.matching.errors import NotMatched
from reconciliation.matching.models import Claim, Release, Rule
from reconciliation.matching.queries.facts import items_of
from reconciliation.matching.queries.taken_back import taken_back
from reconciliation.matching.recording import lock_lines
from reconciliation.matching.running import OwnAccounts
from reconciliation.matching.weighing.account import FAR


@transaction.atomic
def release(*, lines: Collection[BankLine], by: User) -> int:
    """Lets all salespeople see and claim the receipts, but for those that the bank took back; how many were not
    released before.
    """
    if not by.keeps_books:
        raise NotPermitted(_("Only finance releases receipts."))
    stored = lock_lines(line.pk for line in lines)
    returned = taken_back(stored.values()).pairs
    return _release([pk for pk, line in stored.items() if line.open_amount > 0 and pk not in returned], by=by)


@transaction.atomic
def release_by_rule(today: Date) -> int:
    """Releases receipts without any suggestion that are older than the rule of their currency says; none that is no
    customer's by its words, or that the bank took back.
    """
    own, returned = OwnAccounts.read(), taken_back().pairs
    found: list[int] = []
    for rule in Rule.objects.exclude(claim_after_days=None):
        until = today - timedelta(days=rule.claim_after_days or 0)
        rows = BankLine.objects.unmatched_receipts().filter(currency=rule.currency, date__lte=until, release=None)
        found += [
            line.pk for line in rows.filter(weighed__score=0) if line.pk not in returned and not own.aside(line)
        ]
    return _release(found, by=None)


def _release(keys: list[int], *, by: User | None) -> int:
    known = set(Release.objects.filter(line__in=keys).values_list("line", flat=True))
    now = timezone.now()
    rows = [Release(line_id=key, by=by, recorded_at=now) for key in keys if key not in known]
    Release.objects.bulk_create(rows)
    return len(rows)


@transaction.atomic
def take_back(*, line: BankLine, by: User) -> bool:
    """The receipt is not to be claimed any more; False where it was not. Claims that wait keep it there."""
    if not by.keeps_books:
        raise NotPermitted(_("Only finance releases receipts."))
    lock_lines([line.pk])
    if Claim.objects.waiting().filter(line=line).exists():
        raise NotMatched(_("Somebody has claimed it; approve or refuse the claim first."))
    return bool(Release.objects.filter(line=line).delete()[0])


@transaction.atomic
def claim(*, line: BankLine, by: User, customer: Customer, reason: str, debts: Collection[Entry] = ()) -> Claim:
    """Says that the customer has paid the receipt. The same customer is claimed once; others may be claimed too."""
    if not Customer.objects.writable_by(by).filter(pk=customer.pk).exists():
        raise NotPermitted(_("You may not post for %(customer)s.") % {"customer": customer})
    if not reason.strip():
        raise NotMatched(_("Say how you know that it is the customer's."), field="reason")
    [stored] = lock_lines([line.pk]).values()
    _check_stayed(stored)
    if stored.open_amount <= 0 or not Release.objects.filter(line=stored).exists():
        raise NotMatched(_("This receipt is not to be claimed any more."))
    if customer.currency != stored.currency:
        raise NotMatched(
            _("The receipt is in %(currency)s; the customer's account is not.") % {"currency": stored.currency},
            field="customer",
        )
    if any(debt.customer_id != customer.pk or debt.side != Side.DEBT for debt in debts):
        raise NotMatched(_("Choose what this customer owes."), field="debts")
    waiting = Claim.objects.waiting().filter(line=stored, customer=customer).first()
    if waiting is not None:
        if waiting.by_id != by.pk:
            raise NotMatched(
                _("%(who)s has claimed it for this customer already.") % {"who": waiting.by}, field="customer"
            )
        return waiting
    made = Claim.objects.create(
        line=stored, customer=customer, reason=reason.strip()[:200], by=by, recorded_at=timezone.now()
    )
    made.debts.set(debts)
    return made


@transaction.atomic
def approve(*, claim: Claim, by: User, key: UUID) -> Outcome:
    """The receipt is the customer's: matched with money that was recorded, or posted. Other claims are refused."""
    _require(by)
    lock_customers([claim.customer_id])
    [line] = lock_lines([claim.line_id]).values()
    stored = _waiting(claim)
    _check_stayed(line)
    if line.open_amount <= 0:
        raise NotMatched(_("The receipt was matched meanwhile."))
    outcome = accept(line=line, by=by, wanted=[_wanted(stored, line)], key=key, note=stored.reason)
    if not outcome.matches:
        raise NotMatched(_("The receipt was matched meanwhile."))
    _decide(stored, Claim.State.APPROVED, by=by, answer="")
    refuse_all(line=line, by=by, answer=_("Another claim was approved."))
    return outcome


def _wanted(claim: Claim, line: BankLine) -> Wanted:
    """Money of the very amount that was recorded is not posted twice."""
    items = items_of(line.currency, received=True, days=[line.date], customers=[claim.customer_id])
    near = [
        item
        for item in items
        if item.is_money and item.open == line.open_amount and abs((item.due_date - line.date).days) <= FAR
    ]
    if near:
        nearest = min(near, key=lambda item: abs((item.due_date - line.date).days))
        return Wanted(claim.customer_id, line.open_amount, ((nearest.key, nearest.open),), is_money=True)
    parts = [(debt.pk, debt.open_amount) for debt in claim.debts.open().order_by("due_date", "pk")]
    return Wanted(claim.customer_id, line.open_amount, tuple(parts))


@transaction.atomic
def refuse(*, claim: Claim, by: User, answer: str) -> Claim:
    _require(by)
    if not answer.strip():
        raise NotMatched(_("Give the reason; the salesperson reads it."), field="answer")
    lock_lines([claim.line_id])
    return _decide(_waiting(claim), Claim.State.REFUSED, by=by, answer=answer.strip()[:200])


def refuse_all(*, line: BankLine, by: User, answer: str) -> None:
    """The claims that wait for the line, within an act that leaves nothing of it to claim."""
    for waiting in Claim.objects.waiting().filter(line=line):
        _decide(waiting, Claim.State.REFUSED, by=by, answer=answer)


@transaction.atomic
def withdraw_claim(*, claim: Claim, by: User) -> Claim:
    if claim.by_id != by.pk:
        raise NotPermitted(_("Only who claimed it withdraws the claim."))
    lock_lines([claim.line_id])
    return _decide(_waiting(claim), Claim.State.WITHDRAWN, by=by, answer="")


def mark_read(*, user: User) -> int:
    """Whoever looks at the list of claims has read what finance decided."""
    return Claim.objects.filter(by=user, decided_at__isnull=False, read_at=None).update(read_at=timezone.now())


def _check_stayed(line: BankLine) -> None:
    pair = taken_back([line]).pairs.get(line.pk)
    if pair is None:
        return
    if pair.line.pk != line.pk:
        words, day = _("This is the firm's own payment of %(date)s that came back: it is nobody's."), pair.line.date
    else:
        words, day = _("The bank took this receipt back on %(date)s: it is nobody's."), pair.reversal.date
    raise NotMatched(words % {"date": shown_day(day)})


def _waiting(claim: Claim) -> Claim:
    stored = Claim.objects.select_related("customer", "by").get(pk=claim.pk)
    if stored.state != Claim.State.WAITING:
        raise NotMatched(_("The claim is decided already: %(state)s.") % {"state": stored.get_state_display()})
    return stored


def _decide(claim: Claim, state: Claim.State, *, by: User, answer: str) -> Claim:
    claim.state, claim.answer, claim.decided_by, claim.decided_at = state, answer, by, timezone.now()
    claim.save(update_fields=["state", "answer", "decided_by", "decided_at"])
    return claim


def _require(by: User) -> None:
    if not by.keeps_books:
        raise NotPermitted(_("Only finance decides on claims."))
