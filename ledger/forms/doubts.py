"""What is allowed and yet looks like a slip: asked once before it is recorded.

The ledger itself refuses what is wrong; here is what only the person who records it can know. An ordinary document
raises no question. A customer that owes nothing pays in advance, whatever the amount.
"""

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from config.dates import shown_day
from customers.models import Customer
from ledger.models import Kind
from ledger.money import formatted
from ledger.queries.accounts import AccountTotals
from ledger.queries.quick import recorded_alike

DAYS_BACK = 60
DAYS_ALIKE = 3


def is_long_ago(day: date) -> bool:
    return timezone.localdate() - day > timedelta(days=DAYS_BACK)


def doubts_about(kind: Kind, customer: Customer, totals: AccountTotals, *, amount: Decimal, day: date) -> list[str]:
    """The questions about a payment or a shipment that is to be recorded; `totals` is the account before it."""
    doubts = []
    alike = recorded_alike(kind, customer, amount, day, days=DAYS_ALIKE)
    if alike is not None:
        said = _("Is it recorded already? %(entry)s of %(day)s has the same amount, %(amount)s.")
        doubts.append(said % {"entry": alike, "day": shown_day(alike.date), "amount": formatted(amount)})
    if kind == Kind.PAYMENT and 0 < totals.balance < amount:
        said = _("%(amount)s is more than the customer owes, by %(excess)s.")
        doubts.append(said % {"amount": formatted(amount), "excess": formatted(amount - totals.balance)})
    limit = customer.credit_limit
    if kind == Kind.SHIPMENT and limit is not None and totals.balance + amount > limit:
        said = _("This goes beyond the credit limit of %(limit)s by %(excess)s.")
        excess = totals.balance + amount - limit
        doubts.append(said % {"limit": formatted(limit), "excess": formatted(excess)})
    if is_long_ago(day):
        said = _("%(day)s is more than %(n)d days ago.")
        doubts.append(said % {"day": shown_day(day), "n": DAYS_BACK})
    return doubts


def answer_to(doubts: Sequence[str]) -> str:
    """What says yes to just these questions: another amount or day is asked about anew."""
    return hashlib.sha256("\n".join(doubts).encode()).hexdigest()[:16]
