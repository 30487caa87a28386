"""A recorded payment of which the bank shows a little less: it is reversed, and posted anew with what came."""

from decimal import Decimal
from uuid import UUID, uuid5

from customers.models import Customer, User
from ledger import documents
from ledger.models import Allocation, Entry, Side
from ledger.posting import post
from ledger.reversal import reverse
from reconciliation.matching.dating import dated


def correct(
    payment: Entry, *, customer: Customer, received: Decimal, short: Decimal, by: User, key: UUID, note: str
) -> tuple[Entry, Entry]:
    """The payment in its place, with the same day where that is open, number, method and salesperson and for the
    same debts; and the discount of the rest. Within the caller's transaction: all of it or nothing.
    """
    settled = _settled(payment)
    facts = payment.payment
    on, memo = dated(payment.date, payment.memo)
    post(reverse, by, reversal_key(key), customer, entry=payment, reason=note)
    anew = post(
        documents.payment,
        by,
        key,
        customer,
        date=on,
        amount=received,
        number=payment.number,
        method=facts.method,
        bank_reference=facts.bank_reference,
        matures_on=facts.matures_on,
        invoices=[(debt, None) for debt in settled],
        automatic=False,
        salesperson=payment.salesperson,
        memo=memo[:200],
    )
    rest = post(
        documents.discount,
        by,
        uuid5(key, "fee"),
        customer,
        date=on,
        amount=short,
        debt=settled[-1] if settled else None,
        salesperson=payment.salesperson,
        memo=note,
    )
    return anew, rest


def reversal_key(key: UUID) -> UUID:
    """Under which the payment is reversed within the act of this key."""
    return uuid5(key, "reversed")


def _settled(payment: Entry) -> list[Entry]:
    """The debts that the payment settles, in the order in which it did."""
    rows = Allocation.objects.filter(
        from_entry=payment, to_entry__side=Side.DEBT, undoes__isnull=True, undone_by__isnull=True
    )
    return list(dict.fromkeys(row.to_entry for row in rows.select_related("to_entry").order_by("date", "pk")))
