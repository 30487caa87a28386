"""Making statements: the figures from the ledger, the paper from the figures, both kept for good."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from config.dates import shown_day
from customers.models import HOME_CURRENCY, Customer, User
from ledger.errors import NotPermitted
from ledger.posting import lock_customers
from reconciliation.statements.account import Account, Layout
from reconciliation.statements.errors import StatementRefused
from reconciliation.statements.models import Statement
from reconciliation.statements.paper import Asked, statement_pdf
from reconciliation.statements.queries.accounts import accounts
from reconciliation.statements.queries.firm import Letterhead, letterhead

# Accounts that are read together.
TOGETHER = 200
# So often another reference is taken where two make statements of one customer at once.
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of a statement; an empty language or layout is the customer's usual one."""

    first: date
    last: date
    layout: str = ""
    language: str = ""
    demand_by: date | None = None


def check(wish: Wish, *, today: date) -> None:
    if wish.first > wish.last:
        raise StatementRefused(_("The period ends before it begins."), field="last")
    if wish.last > today:
        raise StatementRefused(_("A statement speaks of a day that is over, or of today."), field="last")
    if wish.demand_by is not None and wish.demand_by <= today:
        raise StatementRefused(_("Payment is demanded by a day that is still to come."), field="demand_by")


def nothing_to_demand(day: date) -> str:
    """For whoever asked for a demand that the statement does not make."""
    return _("Nothing was overdue on %(day)s: the statement demands nothing.") % {"day": shown_day(day)}


def usual(customer: Customer) -> tuple[Layout, str]:
    """As the customer's latest statement was, else Chinese for an account in the home currency."""
    latest = Statement.objects.filter(customer=customer).order_by("-pk").values_list("layout", "language").first()
    if latest is not None:
        return Layout(latest[0]), latest[1]
    return (Layout.CHINESE, "zh-hans") if customer.currency == HOME_CURRENCY else (Layout.BALANCE, "en")


def may_make_for(user: User, customer: Customer) -> bool:
    return Customer.objects.writable_by(user).filter(pk=customer.pk).exists()


def make(*, by: User, customer: Customer, wish: Wish, now: datetime | None = None) -> Statement:
    account = accounts([customer], first=wish.first, last=wish.last)[customer.pk]
    return make_of(by=by, customer=customer, wish=wish, account=account, firm=letterhead(), now=now)


def read_many(customers: Sequence[Customer], wish: Wish) -> dict[int, Account]:
    """The accounts of up to TOGETHER customers at once."""
    return accounts(customers, first=wish.first, last=wish.last)


def made_in(job: UUID, customer: Customer) -> Statement | None:
    """What a job that was killed has made before."""
    return Statement.objects.filter(job=job, customer=customer).first()


def make_of(
    *,
    by: User,
    customer: Customer,
    wish: Wish,
    account: Account,
    firm: Letterhead,
    job: UUID | None = None,
    now: datetime | None = None,
) -> Statement:
    """Makes and keeps the statement of an account that was read. Raises StatementRefused, NotPermitted."""
    now = now or timezone.now()
    check(wish, today=timezone.localdate(now))
    if not may_make_for(by, customer):
        raise NotPermitted(_("You may not make statements for %(customer)s.") % {"customer": customer})
    if account.closing != account.receivable + account.unbilled + account.unapplied:
        raise StatementRefused(_("The ledger was changed meanwhile; make the statement once more."))
    layout, language = usual(customer)
    layout, language = Layout(wish.layout or layout), wish.language or language
    demand_by = wish.demand_by if account.overdue > 0 else None
    for _try in range(_TRIES):
        reference = _reference(customer, wish.last)
        # Drawn before anything is locked: on SQLite everybody would wait for the paper.
        with translation.override(language):
            asked = Asked(customer, reference, layout, timezone.localdate(now), demand_by, _contact(customer))
            pdf = statement_pdf(account, asked, firm)
        statement = Statement(
            customer=customer,
            reference=reference,
            first_date=account.first,
            last_date=account.last,
            layout=layout,
            language=language,
            currency=account.currency,
            opening=account.opening,
            closing=account.closing,
            overdue=account.overdue,
            unbilled=account.unbilled,
            unapplied=account.unapplied,
            demand_by=demand_by,
            content=account.as_data(),
            sha256=hashlib.sha256(pdf).hexdigest(),
            size=len(pdf),
            made_by=by,
            made_at=now,
            job=job,
        )
        if _kept(statement, pdf):
            return statement
    raise StatementRefused(_("A colleague makes a statement for this customer; try again in a moment."))


def _kept(statement: Statement, pdf: bytes) -> bool:
    """Stores the paper and then its row; not where somebody has taken the reference meanwhile."""
    statement.pdf.save(statement.file_name, ContentFile(pdf), save=False)
    try:
        with transaction.atomic():
            statement.save(force_insert=True)
    except IntegrityError:
        statement.pdf.delete(save=False)
        return False
    except BaseException:
        statement.pdf.delete(save=False)
        raise
    return True


@transaction.atomic
def withdraw(*, by: User, statement: Statement, reason: str) -> Statement:
    """Says that the statement was wrong: its links open nothing any more. One that was answered stands."""
    lock_customers([statement.customer_id])
    stored = Statement.objects.select_related("customer", "answer").get(pk=statement.pk)
    if not may_make_for(by, stored.customer):
        raise NotPermitted(_("You may not make statements for %(customer)s.") % {"customer": stored.customer})
    if hasattr(stored, "answer"):
        raise StatementRefused(_("The customer has answered this statement; make a new one instead."))
    if not reason.strip():
        raise StatementRefused(_("Say why the statement is withdrawn."), field="reason")
    if not stored.is_withdrawn:
        stored.withdrawn_by, stored.withdrawn_at, stored.withdrawn_because = by, timezone.now(), reason.strip()[:200]
        stored.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_because"])
    return stored


def _reference(customer: Customer, last: date) -> str:
    """The code, the day and which one of that day: a reply that comes back by post can be found by it."""
    start = f"{customer.code}-{last:%Y%m%d}"
    before = Statement.objects.filter(customer=customer, last_date=last).count()
    return f"{start}-{before + 1}"


def _contact(customer: Customer) -> str:
    owner = customer.owner
    return " ".join(filter(None, (str(owner), owner.email))) if owner else ""
