"""How one document refers to another: it must be the customer's own and still stand."""

from django.utils.translation import gettext as _

from customers.models import Customer
from ledger.book import Book
from ledger.errors import InvalidDocument
from ledger.models import Entry, Kind


def own(book: Book, customer: Customer, named: Entry, kind: Kind | None, field: str) -> Entry:
    """The book's own copy of an entry that a document names; raises InvalidDocument unless it is one of the
    customer's, of `kind` where one is asked for, and not reversed.
    """
    entry = book.item(named).entry
    if entry.customer_id != customer.pk:
        raise InvalidDocument(_("%(entry)s belongs to another customer.") % {"entry": entry}, field=field)
    if kind is None:
        return entry
    if entry.kind != kind or entry.reverses_id is not None:
        raise InvalidDocument(
            _("%(entry)s is not what is asked for here: %(kind)s.") % {"entry": entry, "kind": kind.label},
            field=field,
        )
    if entry.reversed_on is not None:
        raise InvalidDocument(_("%(entry)s was reversed.") % {"entry": entry}, field=field)
    return entry


def settle_as_far_as_open(book: Book, credit: Entry, debt: Entry) -> None:
    """Settles the debt, each of its instalments in turn, by what is open of the credit."""
    for part in book.document(debt):
        book.settle_as_open(credit, part)


def given(number: str) -> str:
    if not number.strip():
        raise InvalidDocument(_("Give the number of the document."), field="number")
    return number
