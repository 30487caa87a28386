"""Moving open amount between a customer's entries; apply with `posting.post`."""

from collections.abc import Sequence
from datetime import date as Date
from decimal import Decimal

from django.utils.translation import gettext as _

from customers.models import Customer
from ledger.book import Book, positive
from ledger.errors import InvalidAllocation, OverAllocation
from ledger.models import Allocation, Entry, Side
from ledger.money import ZERO
from ledger.undoing import hand_on


def allocate(
    book: Book, customer: Customer, *, credit: Entry, debt: Entry, amount: Decimal, date: Date | None = None
) -> Allocation:
    """Settles `amount` of the debt by the credit, on the later of their dates or on a later `date`.

    Raises OverAllocation where less than `amount` is open on either side on that day or on any later one.
    """
    for entry, field in ((credit, "credit"), (debt, "debt")):
        if entry.customer_id != customer.pk:
            raise InvalidAllocation(_("%(entry)s belongs to another customer.") % {"entry": entry}, field=field)
    return book.settle(credit, debt, positive(amount), date)


def allocate_to_several(
    book: Book, customer: Customer, *, credit: Entry, parts: Sequence[tuple[Entry, Decimal]]
) -> list[Allocation]:
    """Settles each of the debts by the credit with exactly its amount, as soon as both are open.

    Raises OverAllocation, and settles nothing, where less is open of one of them by now.
    """
    paying = book.item(credit).entry
    settled = [(book.item(debt).entry, positive(amount)) for debt, amount in parts]
    if any(entry.customer_id != customer.pk for entry in (paying, *(debt for debt, _amount in settled))):
        raise InvalidAllocation(_("The allocation belongs to another customer."))
    if paying.side != Side.CREDIT or any(debt.side != Side.DEBT for debt, _amount in settled):
        raise InvalidAllocation(_("A credit settles a debt: choose one of each."))
    total = sum((amount for _debt, amount in settled), ZERO)
    # What is open on both sides can be settled whole, if on a later day.
    short = [debt for debt, amount in settled if debt.open_amount < amount]
    if -paying.open_amount < total:
        short.append(paying)
    if short or len({debt.pk for debt, _amount in settled}) < len(settled):
        raise OverAllocation(
            _("%(entry)s has changed meanwhile; less of it is open now.")
            % {"entry": (short or [paying])[0].described}
        )
    before = len(book.allocations)
    for debt, amount in settled:
        book.settle_as_open(paying, debt, most=amount)
    return book.allocations[before:]


def allocate_automatically(book: Book, customer: Customer, *, date: Date | None = None) -> list[Allocation]:
    """Settles the customer's open debts by all open credits, the oldest credit first, in the firm's order.
    `date` dates the allocations later than the entries themselves would.
    """
    if date is not None:
        book.check_date(date)
    return [made for credit in book.open_credits(customer.pk) for made in book.settle_in_order(credit, date)]


def undo_allocation(
    book: Book, customer: Customer, *, allocation: Allocation, date: Date | None = None
) -> Allocation:
    """Undoes an allocation as of `date` (today where None): both entries are open again from that day on."""
    stored = Allocation.objects.select_related("from_entry", "to_entry").get(pk=allocation.pk)
    if stored.customer_id != customer.pk:
        raise InvalidAllocation(_("The allocation belongs to another customer."))
    if stored.undoes_id is not None or Allocation.objects.filter(undoes=stored).exists():
        raise InvalidAllocation(_("The allocation was undone already."))
    if stored.from_entry.side == stored.to_entry.side:
        raise InvalidAllocation(_("An invoice keeps what it took over; reverse or cancel the invoice instead."))
    if stored.from_entry_id == stored.to_entry.reverses_id or stored.to_entry_id == stored.from_entry.reverses_id:
        raise InvalidAllocation(_("A reversal stands; post the document again instead."))
    on = date or max(book.today, stored.date)
    made = book.undo(stored, on)
    hand_on(book, [stored.from_entry, stored.to_entry], on)
    return made
