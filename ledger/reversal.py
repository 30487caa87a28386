"""Nothing is edited once it is posted: a mistake is reversed by an entry of the opposite amount."""

from collections.abc import Sequence
from datetime import date as Date

from django.utils.translation import gettext as _

from config.dates import shown_day
from customers.models import Customer, User
from ledger.book import Book
from ledger.errors import NotReversible
from ledger.models import Billing, Entry, Kind, Side
from ledger.undoing import check_nothing_stands_on, hand_on, undo_allocations, undo_billings


def gave_goods_back(entry: Entry) -> bool:
    """Whether it is a credit note that cancelled an invoice of shipments, which owe again: it cannot be reversed."""
    taken_off = Billing.objects.filter(posting=entry.posting_id, shipment__side=Side.DEBT, amount__lt=0)
    return entry.kind == Kind.CREDIT_NOTE and taken_off.exists()


def refused_as_confirmed(parts: Sequence[Entry], by: User | None) -> str:
    """Why `by` cannot reverse a document that finance has confirmed; empty where that is not in the way."""
    if (by and by.keeps_books) or not any(part.confirmed_on for part in parts):
        return ""
    return _("Finance has confirmed %(entry)s; only finance can reverse it.") % {"entry": parts[0]}


def reverse(book: Book, customer: Customer, *, entry: Entry, date: Date | None = None, reason: str = "") -> Entry:
    """Reverses a document, all of its instalments, as of `date` (today where None) and returns the (first)
    reversing entry. Whatever it settled is open again from that day on, and nothing of it is confirmed any more.
    """
    named = book.item(entry).entry
    if named.instalment_of is not None:
        named = book.item(named.instalment_of).entry
    if named.customer_id != customer.pk:
        raise NotReversible(_("%(entry)s belongs to another customer.") % {"entry": named})
    if named.reverses_id is not None:
        raise NotReversible(_("%(entry)s is a reversal itself; post the document again instead.") % {"entry": named})
    if named.reversed_on is not None:
        raise NotReversible(_("%(entry)s was reversed already.") % {"entry": named})
    if gave_goods_back(named):
        raise NotReversible(
            _("%(entry)s cancelled an invoice, whose debt went back to the shipments; bill them anew instead.")
            % {"entry": named}
        )
    parts = book.document(named, with_closed=True)
    on = book.check_date(date or max(book.today, named.date))
    if on < named.date:
        raise NotReversible(
            _("A reversal cannot be dated before its entry (%(date)s).") % {"date": shown_day(named.date)},
            field="date",
        )
    check_nothing_stands_on(book, parts)
    if refused := refused_as_confirmed(parts, book.posting.by):
        raise NotReversible(refused)
    reopened = undo_allocations(book, parts, on)
    undo_billings(book, parts, on)
    reversals = []
    for part in parts:
        book.withdraw(part, on, reason)
        reversal = book.add(
            customer,
            Kind(part.kind),
            side=Side(-part.side),
            day=on,
            document_amount=abs(part.document_amount),
            amount=abs(part.amount),
            number=part.number,
            due_date=on if part.side == Side.CREDIT else None,
            salesperson=part.salesperson,
            instalment=part.instalment,
            reverses=part,
            memo=reason,
        )
        if part.amount:
            credit, debt = (part, reversal) if part.side == Side.CREDIT else (reversal, part)
            book.settle(credit, debt, abs(part.amount), on)
        reversals.append(reversal)
    hand_on(book, reopened, on, leaving=parts)
    return reversals[0]
