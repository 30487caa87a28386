"""Several invoices issued at once, each for the goods of one customer and month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as Date
from decimal import Decimal
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from customers.models import Customer, User
from ledger.documents import invoice
from ledger.errors import LedgerError
from ledger.models import Entry
from ledger.posting import Sent, first_result, post
from queues.queries.issuing import bill_of


@dataclass(frozen=True, slots=True)
class Wanted:
    """An invoice as it was asked for; `amount` is what the list said of the goods then."""

    customer: Customer
    month: Date
    number: str
    amount: Decimal
    # Whether the list showed goods that are paid already, too.
    with_paid: bool = False


@dataclass(frozen=True, slots=True)
class Issued:
    wanted: Wanted
    invoice: Entry | None
    # Why there is none.
    refusal: str = ""


def issue_several(*, by: User, key: UUID, date: Date, wanted: Sequence[Wanted]) -> list[Issued]:
    """Issues each invoice, all of the month's goods; an invoice that is refused does not keep the others from being
    issued. Sent twice with one key each is issued once.
    """
    return [_issue(by, uuid5(key, f"{one.customer.pk} {one.month}"), date, one) for one in wanted]


def _issue(by: User, key: UUID, date: Date, wanted: Wanted) -> Issued:
    sent = Sent.form(key, "issue", by.pk, wanted.customer.pk, date, wanted.number, wanted.amount)
    try:
        if (first := first_result(invoice, sent)) is not None:
            return Issued(wanted, first)
        bill = bill_of(wanted.customer, wanted.month, with_paid=wanted.with_paid)
        if not bill.shipments or bill.amount != wanted.amount:
            return Issued(wanted, None, _("The goods of this month have changed meanwhile; look at them once more."))
        made = post(
            invoice,
            by,
            sent,
            wanted.customer,
            number=wanted.number,
            date=date,
            amount=bill.amount,
            shipments=bill.shipments,
        )
        return Issued(wanted, made)
    except LedgerError as refusal:
        return Issued(wanted, None, refusal.message)
