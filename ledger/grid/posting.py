"""A whole grid as one act: all of its documents or none, under one key."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.models import Customer, User
from ledger import documents
from ledger.book import Book
from ledger.documents import LineInput
from ledger.errors import KeyReused, LedgerError, NotPermitted
from ledger.grid.layout import PAYMENT_GRID, Layout
from ledger.grid.reading import GridRow, amount_of
from ledger.models import Entry, Payment, Posting
from ledger.money import ZERO
from ledger.posting import Sent, announce, lock_customers, open_book, write

ACT, LATE = "grid", "late_reason"
# Where a refusal that names another field is said.
COLUMNS = {"matures_on": "due_date", "lines": "product", "settles": "amount"}


class GridRefused(LedgerError):
    """Nothing was posted; what is wrong stands at the cells of the rows. Of the field `LATE` where a day lies in a
    closed month, which finance may date into with a reason.
    """


def posted_before(sent: Sent) -> list[Entry] | None:
    """What the same grid posted when it was sent before; None where it is new."""
    done = Posting.objects.filter(key=sent.key).first()
    if done is None:
        return None
    if done.digest != sent.digest:
        raise KeyReused(_("This form was sent before with other data; open it anew."))
    return list(done.entries.filter(reverses=None).select_related("customer").order_by("pk"))


def post_grid(*, by: User, sent: Sent, layout: Layout, rows: Sequence[GridRow]) -> list[Entry]:
    """Posts every row, in the order of the dates. Raises GridRefused, with nothing posted and the reasons at the
    cells, where a single one is refused.
    """
    filled = [row for row in rows if not row.is_empty]
    customers = {row.customer.pk for row in filled if row.customer is not None}
    with transaction.atomic():
        locked = lock_customers(customers)
        if (first := posted_before(sent)) is not None:
            return first
        if Customer.objects.writable_by(by).filter(pk__in=customers).count() < len(customers):
            raise NotPermitted(_("One of these customers is not yours to post for any more."))
        book = open_book(
            ACT, by=by, key=sent.key, digest=sent.digest, now=timezone.now(), late_reason=sent.late_reason
        )
        book.load_open_items(customers)
        series, add = ("payment", _add_payment) if layout is PAYMENT_GRID else ("shipment", _add_shipment)
        book.numbers.look_up(series, {row.of("number") for row in filled if row.of("number")})
        entries = _add_all(book, locked, layout, filled, add)
        if not all(row.is_sound for row in filled):
            closed = book.closed_until
            is_late = closed is not None and any(row.of("date") <= closed for row in filled)
            words = _("Nothing was recorded; please mend the marked cells.")
            raise GridRefused(words, field=LATE if is_late else None)
        try:
            with transaction.atomic():
                write(book)
        except IntegrityError:
            raise GridRefused(_("A number was taken a moment ago; nothing was recorded. Send it again.")) from None
        announce(customers)
    for entry in entries:
        entry.customer = locked[entry.customer_id]
    return entries


def _add_all(
    book: Book,
    locked: dict[int, Customer],
    layout: Layout,
    rows: Sequence[GridRow],
    add: Callable[[Book, Customer, list[GridRow]], Entry],
) -> list[Entry]:
    entries = []
    for together in _documents(layout, rows):
        first = together[0]
        assert first.customer is not None
        try:
            entries.append(add(book, locked[first.customer.pk], together))
        except LedgerError as refusal:
            key = COLUMNS.get(refusal.field or "", refusal.field or "")
            first.wrong(key if key in layout.keys else layout.keys[0], refusal.message)
    return entries


def _documents(layout: Layout, rows: Sequence[GridRow]) -> list[list[GridRow]]:
    """The rows of each document, in the order of the dates: rows of one shipment number are its lines."""
    if layout is PAYMENT_GRID:
        return [[row] for row in sorted(rows, key=lambda row: row.of("date"))]
    by_number = sorted(rows, key=lambda row: (row.of("date"), row.of("number")))
    return [list(together) for _number, together in groupby(by_number, key=lambda row: row.of("number"))]


def _add_payment(book: Book, customer: Customer, rows: list[GridRow]) -> Entry:
    row = rows[0]
    return documents.payment(
        book,
        customer,
        date=row.of("date"),
        amount=row.of("amount"),
        number=row.of("number") or "",
        method=row.of("method") or ("bill" if row.of("due_date") else Payment.Method.TRANSFER),
        bank_reference=row.of("bank_reference") or "",
        matures_on=row.of("due_date"),
        memo=row.of("memo") or "",
    )


def _add_shipment(book: Book, customer: Customer, rows: list[GridRow]) -> Entry:
    first = rows[0]
    has_lines = any(row.of("product") for row in rows)
    facts: dict[str, Any] = {"lines": [_line(row) for row in rows]} if has_lines else {}
    return documents.shipment(
        book,
        customer,
        number=first.of("number"),
        date=first.of("date"),
        amount=sum((amount_of(row) or ZERO for row in rows), ZERO),
        due_date=first.of("due_date"),
        memo=first.of("memo") or "",
        **facts,
    )


def _line(row: GridRow) -> LineInput:
    quantity, price = row.of("quantity"), row.of("unit_price")
    if quantity is None or price is None:
        quantity, price = Decimal(1), row.of("amount")
    return LineInput(row.of("product") or row.of("memo") or "–", quantity, row.of("unit") or "", price)


def check_documents(layout: Layout, rows: Sequence[GridRow]) -> None:
    """What only shows when rows are seen together, or several cells of one: said at the cells."""
    filled = [row for row in rows if not row.is_empty]
    if layout is PAYMENT_GRID:
        for row in filled:
            if row.of("method") == Payment.Method.BILL and row.of("due_date") is None:
                row.wrong("due_date", _("is empty; say when the bill matures"))
        return
    first_of: dict[str, GridRow] = {}
    for row in filled:
        _check_amount(row)
        first = first_of.setdefault(row.of("number") or "", row) if row.of("number") else row
        for key in ("customer", "date", "due_date"):
            same = row.customer == first.customer if key == "customer" else row.of(key) in (None, first.of(key))
            if not same and row.is_sound:
                row.wrong(
                    key, _("differs from row %(row)d of this number, of which it is a line") % {"row": first.number}
                )
        if row.of("due_date") and row.of("date") and row.of("due_date") < row.of("date"):
            row.wrong("due_date", _("lies before the date of the document"))


def _check_amount(row: GridRow) -> None:
    amount = amount_of(row)
    if amount is None:
        if row.is_sound:
            row.wrong("amount", _("is empty; give an amount, or a quantity and a unit price"))
    elif row.of("amount") is not None and row.of("amount") != amount:
        row.wrong("amount", _("is not quantity times unit price (%(sum)s)") % {"sum": amount})
