"""Money in, money out again, and balances that were there before the ledger."""

from collections.abc import Sequence
from datetime import date as Date
from decimal import Decimal

from django.utils.translation import gettext as _

from customers.models import Customer, User
from ledger.book import Book, positive
from ledger.bulk import new
from ledger.documents.references import own, settle_as_far_as_open
from ledger.errors import InvalidDocument
from ledger.models import Entry, Kind, Payment, Side


def opening(
    book: Book,
    customer: Customer,
    *,
    date: Date,
    amount: Decimal,
    number: str = "",
    due_date: Date | None = None,
    salesperson: User | None = None,
    memo: str = "",
) -> Entry:
    """An opening balance; the only document whose `amount` is signed: below zero it is an advance."""
    return book.add(
        customer,
        Kind.OPENING,
        side=Side.CREDIT if amount < 0 else Side.DEBT,
        day=book.check_date(date),
        document_amount=positive(abs(amount)),
        number=book.claim_number("opening", number),
        due_date=book.check_due_date(due_date),
        salesperson=salesperson,
        memo=memo,
    )


def payment(
    book: Book,
    customer: Customer,
    *,
    date: Date,
    amount: Decimal,
    number: str = "",
    method: str = Payment.Method.TRANSFER,
    bank_reference: str = "",
    matures_on: Date | None = None,
    invoices: Sequence[tuple[Entry, Decimal | None]] = (),
    automatic: bool = True,
    salesperson: User | None = None,
    memo: str = "",
) -> Entry:
    """Money in: a credit. It settles the named debts first, each by the stated amount or as far as it reaches;
    what is left settles the others in the firm's order where `automatic`, else it stays unapplied.
    """
    entry = book.add(
        customer,
        Kind.PAYMENT,
        side=Side.CREDIT,
        day=book.check_date(date),
        document_amount=positive(amount),
        number=book.claim_number("payment", number),
        salesperson=salesperson,
        memo=memo,
    )
    _add_payment(book, entry, method, bank_reference, matures_on)
    for named, part in invoices:
        debt = own(book, customer, named, None, "invoices")
        if part is None:
            settle_as_far_as_open(book, entry, debt)
        else:
            book.settle_document(entry, debt, positive(part, "invoices"))
    if automatic:
        book.settle_in_order(entry)
    return entry


def refund(
    book: Book,
    customer: Customer,
    *,
    date: Date,
    amount: Decimal,
    number: str = "",
    method: str = Payment.Method.TRANSFER,
    bank_reference: str = "",
    payment: Entry | None = None,
    automatic: bool = True,
    salesperson: User | None = None,
    memo: str = "",
) -> Entry:
    """Money back to the customer: a debt, which takes up `payment` or, where none is named and `automatic`,
    the oldest open credits.
    """
    entry = book.add(
        customer,
        Kind.REFUND,
        side=Side.DEBT,
        day=book.check_date(date),
        document_amount=positive(amount),
        number=book.claim_number("payment", number),
        due_date=date,
        salesperson=salesperson,
        memo=memo,
    )
    _add_payment(book, entry, method, bank_reference, None)
    if payment is not None:
        settle_as_far_as_open(book, own(book, customer, payment, None, "payment"), entry)
    elif automatic:
        for credit in book.open_credits(customer.pk):
            settle_as_far_as_open(book, credit, entry)
    return entry


def discount(
    book: Book,
    customer: Customer,
    *,
    date: Date,
    amount: Decimal,
    number: str = "",
    debt: Entry | None = None,
    salesperson: User | None = None,
    memo: str = "",
) -> Entry:
    """A discount granted after the fact: a credit, which settles `debt` as far as that is still open."""
    if debt is not None:
        debt = own(book, customer, debt, None, "debt")
    entry = book.add(
        customer,
        Kind.DISCOUNT,
        side=Side.CREDIT,
        day=book.check_date(date),
        document_amount=positive(amount),
        number=book.claim_number("discount", number),
        salesperson=salesperson,
        memo=memo,
    )
    if debt is not None:
        settle_as_far_as_open(book, entry, debt)
    return entry


def _add_payment(book: Book, entry: Entry, method: str, bank_reference: str, matures_on: Date | None) -> None:
    if matures_on is not None and method != Payment.Method.BILL:
        raise InvalidDocument(_("Only an acceptance bill has a day on which it matures."), field="matures_on")
    if matures_on is not None and book.check_due_date(matures_on, "matures_on") and matures_on < entry.date:
        raise InvalidDocument(_("The bill would mature before it was received."), field="matures_on")
    book.payments.append(
        new(Payment, entry=entry, method=method, bank_reference=bank_reference.strip(), matures_on=matures_on)
    )
