"""Every act on the ledger passes here: lock, permission, idempotency key, rules, one write.

Locking: a posting locks the rows of its customers, in the order of their keys and before it reads anything else.
Two acts on one customer therefore happen one after the other, and acts on different customers never wait.
"""

import hashlib
import logging
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeVar, get_type_hints
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.models import Customer, User
from ledger.book import Book
from ledger.book.checks import WayOut, not_closed
from ledger.bulk import chunks, insert
from ledger.errors import ClosedMonth, DuplicateNumber, KeyReused, NotPermitted
from ledger.models import (
    Allocation,
    Billing,
    Confirmation,
    Entry,
    Invoice,
    InvoiceStep,
    LatePosting,
    Payment,
    Posting,
    Shipment,
    ShipmentLine,
)
from ledger.money import to_cents

logger = logging.getLogger(__name__)

# What higher floors do once an act is committed, with the customers that it touched. Whoever follows says so when
# its app is ready.
FOLLOWERS: list[Callable[[Collection[int]], None]] = []
# What higher floors write within the act itself, from what its book holds: it stands or falls with the act.
WITNESSES: list[Callable[[Book], None]] = []

P = ParamSpec("P")
T = TypeVar("T", Entry, Allocation, list[Allocation])


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that was sent: its key, and a digest of all that was in it."""

    key: UUID
    digest: str
    # Why finance writes into a closed month.
    late_reason: str = ""

    @classmethod
    def form(cls, key: UUID, *said: Any, late_reason: str = "") -> "Sent":
        return cls(key, _digest(*said), late_reason.strip())


def post(
    act: Callable[Concatenate[Book, Customer, P], T],
    by: User,
    key: UUID | Sent,
    customer: Customer,
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Applies `act` (a function of `documents`, `allocation` or `reversal`) to the customer's ledger.

        post(documents.payment, by=user, key=key, customer=customer, number="P-1", date=day, amount=Decimal("400"))

    All or nothing. `key` is made by the client, once for each thing that a person wants done: the same key with
    the same data returns what the first call posted, with other data it raises KeyReused. Raises a LedgerError
    that can be shown to the user; nothing is changed then.
    """
    name = act.__name__
    sent = key if isinstance(key, Sent) else Sent.form(key, name, by.pk, customer.pk, *args, *sorted(kwargs.items()))
    try:
        with transaction.atomic():
            locked = lock_customers([customer.pk])[customer.pk]
            if (first := first_result(act, sent)) is not None:
                return first
            if not Customer.objects.writable_by(by).filter(pk=customer.pk).exists():
                raise NotPermitted(_("You may not post for %(customer)s.") % {"customer": customer})
            book = open_book(
                name, by=by, key=sent.key, digest=sent.digest, now=timezone.now(), late_reason=sent.late_reason
            )
            book.load_open_items([customer.pk])
            result = act(book, locked, *args, **kwargs)
            write(book)
            announce([customer.pk])
            return result
    except IntegrityError as error:
        raise _refusal(error) from error


def announce(customers: Iterable[int]) -> None:
    """Calls the followers once the act under way is committed; never where it is undone. The act stands, whatever
    becomes of them.
    """
    touched = frozenset(customers)

    def tell() -> None:
        for follower in FOLLOWERS:
            try:
                follower(touched)
            except Exception:
                logger.exception("%s could not follow an act on %d customers.", follower.__module__, len(touched))

    transaction.on_commit(tell)


def lock_customers(customers: Iterable[int]) -> dict[int, Customer]:
    """The customers by primary key, their rows locked until the transaction ends.

    On SQLite a transaction that writes has the whole database to itself, so the lock is there already.
    """
    rows = Customer.objects.select_for_update(no_key=True, of=("self",)).select_related("owner").order_by("pk")
    return {customer.pk: customer for keys in chunks(sorted(customers)) for customer in rows.filter(pk__in=keys)}


def open_book(
    act: str,
    *,
    by: User | None,
    key: UUID,
    digest: str,
    now: datetime,
    note: str = "",
    late_reason: str = "",
) -> Book:
    """An empty book for an act that is recorded at `now`, a moment after the lock was taken. With a reason finance
    may write into closed months; nobody else's reason counts.
    """
    posting = Posting(key=key, act=act, digest=digest, by=by, note=note, recorded_at=now)
    book = Book(posting, today=timezone.localdate(now))
    book.late_reason = late_reason if by is not None and by.keeps_books else ""
    return book


def write(book: Book) -> None:
    """Stores what the book holds: a handful of statements for one document, batches of them for many.

    Rows belong to the book's posting, unless who filled it with several acts gave them a posting already.
    """
    book.posting.save(force_insert=True)
    _account_for_lateness(book)
    rows: list[Entry | Allocation | Billing] = [*book.entries, *book.allocations, *book.billings]
    for row in rows:
        row.posting_id = row.posting_id or book.posting.pk
    insert(Entry, [entry for entry in book.entries if not _refers(entry)])
    insert(Entry, [entry for entry in book.entries if _refers(entry)])
    insert(Shipment, book.shipments)
    insert(ShipmentLine, book.lines)
    insert(Invoice, [invoice for invoice in book.invoices if not _refers(invoice)])
    insert(Invoice, [invoice for invoice in book.invoices if _refers(invoice)])
    insert(InvoiceStep, book.steps)
    insert(Payment, book.payments)
    insert(Allocation, book.allocations)
    insert(Billing, book.billings)
    insert(Confirmation, book.confirmations)
    if changed := book.changed:
        day = connection.ops.adapt_datefield_value
        with connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE ledger_entry SET open_amount = %s, closed_on = %s, reversed_on = %s, confirmed_on = %s"
                " WHERE id = %s",
                [
                    (
                        to_cents(entry.open_amount),
                        day(entry.closed_on),
                        day(entry.reversed_on),
                        day(entry.confirmed_on),
                        entry.pk,
                    )
                    for entry in changed
                ],
            )
    for witness in WITNESSES:
        witness(book)


def _account_for_lateness(book: Book) -> None:
    """Says why rows are dated into a closed month, or refuses them: the last look, whatever an act has checked."""
    closed = book.closed_until
    if closed is None:
        return
    days = [*(entry.date for entry in book.entries), *(move.date for move in book.allocations)]
    late = min(days, default=closed)
    if not days or late > closed:
        return
    if not book.late_reason:
        not_closed(late, closed_until=closed, way_out=WayOut.of(book.posting.by))
    LatePosting.objects.create(posting=book.posting, reason=book.late_reason)


def _refers(row: Entry | Invoice) -> bool:
    """Whether the row points at another of its own table, which must be stored before it."""
    if isinstance(row, Entry):
        return row.instalment_of is not None or row.reverses is not None
    return row.reverses is not None or row.replaces is not None


def first_result(act: Callable[..., T], sent: Sent) -> T | None:
    """What the same sending has posted already; None where it is new. Raises KeyReused where its key came with
    other data.
    """
    done = Posting.objects.filter(key=sent.key).first()
    if done is None:
        return None
    if done.digest != sent.digest:
        raise KeyReused(_("This form was sent before with other data; open it anew."))
    result: Any
    match get_type_hints(act)["return"]:
        case cls if cls is Entry:
            result = done.entries.filter(instalment_of__isnull=True).earliest("pk")
        case cls if cls is Allocation:
            result = done.allocations.earliest("pk")
        case _:
            result = list(done.allocations.order_by("pk"))
    return result  # type: ignore[no-any-return]


def _digest(*data: Any) -> str:
    return hashlib.sha256(repr([_plain(value) for value in data]).encode()).hexdigest()


def _plain(value: Any) -> Any:
    """A form of `value` that reads the same in every process: models by key, sequences in order."""
    if isinstance(value, Model):
        return (type(value).__name__, value.pk)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def _refusal(error: IntegrityError) -> Exception:
    """The database's refusal as a sentence, where two acts ran into each other; else the error itself."""
    text = str(error)
    if "_number_once" in text or "ledger_entry.number" in text:
        return DuplicateNumber(_("The number was taken a moment ago; give another one."), field="number")
    if "closed month" in text:
        return ClosedMonth(_("The month was closed a moment ago; date it later, or ask finance."), field="date")
    if "ledger_posting" in text and "key" in text:
        return KeyReused(_("This form was sent before with other data; open it anew."))
    return error
