"""Goods out and goods back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as Date
from decimal import Decimal

from django.utils.translation import gettext as _

from customers.models import Customer, User
from ledger.book import Book, positive
from ledger.bulk import new
from ledger.documents.references import given, own, settle_as_far_as_open
from ledger.errors import InvalidDocument
from ledger.models import Entry, Kind, Shipment, ShipmentLine, Side
from ledger.money import ZERO, rounded


@dataclass(frozen=True, slots=True)
class LineInput:
    """One line of a shipment; its amount is quantity times unit price, rounded half up to the cent."""

    product: str
    quantity: Decimal
    unit: str
    unit_price: Decimal

    @property
    def amount(self) -> Decimal:
        return rounded(self.quantity * self.unit_price)


def shipment(
    book: Book,
    customer: Customer,
    *,
    number: str,
    date: Date,
    amount: Decimal | None = None,
    lines: Sequence[LineInput] = (),
    due_date: Date | None = None,
    delivered_on: Date | None = None,
    invoice: Entry | None = None,
    salesperson: User | None = None,
    memo: str = "",
) -> Entry:
    """Goods out: a debt, until an invoice takes it over. Give the amount, or lines that add up to it.

    `invoice` names one that was posted ahead of the goods: what it bills of this shipment adds nothing again.
    """
    total = _total(amount, lines)
    covered = ZERO
    if invoice is not None:
        invoice = own(book, customer, invoice, Kind.INVOICE, "invoice")
        covered = min(total, _left_to_ship(book, invoice))
        if covered <= 0:
            raise InvalidDocument(
                _("Of %(invoice)s nothing is left to ship: it bills other shipments, or was taken back.")
                % {"invoice": invoice},
                field="invoice",
            )
    _check_delivery(book, date, delivered_on)
    entry = book.add(
        customer,
        Kind.SHIPMENT,
        side=Side.DEBT,
        day=book.check_date(date),
        document_amount=total,
        amount=total - covered,
        number=book.claim_number("shipment", given(number)),
        due_date=book.check_due_date(due_date),
        salesperson=salesperson,
        memo=memo,
    )
    _add_goods(book, entry, lines, delivered_on)
    if invoice is not None:
        book.bill(entry, invoice, covered, max(entry.date, invoice.date))
    return entry


def goods_return(
    book: Book,
    customer: Customer,
    *,
    number: str,
    date: Date,
    amount: Decimal | None = None,
    lines: Sequence[LineInput] = (),
    shipment: Entry | None = None,
    delivered_on: Date | None = None,
    salesperson: User | None = None,
    memo: str = "",
) -> Entry:
    """Goods back: a credit. It settles `shipment`, where one is named, as far as that is still open."""
    if shipment is not None:
        shipment = own(book, customer, shipment, Kind.SHIPMENT, "shipment")
    _check_delivery(book, date, delivered_on)
    entry = book.add(
        customer,
        Kind.RETURN,
        side=Side.CREDIT,
        day=book.check_date(date),
        document_amount=_total(amount, lines),
        number=book.claim_number("shipment", given(number)),
        salesperson=salesperson,
        memo=memo,
    )
    _add_goods(book, entry, lines, delivered_on)
    if shipment is not None:
        settle_as_far_as_open(book, entry, shipment)
    return entry


def _total(amount: Decimal | None, lines: Sequence[LineInput]) -> Decimal:
    for position, line in enumerate(lines, start=1):
        if not line.product.strip():
            raise InvalidDocument(_("Line %(n)s names no product.") % {"n": position}, field="lines")
        if line.quantity <= 0 or line.unit_price < 0:
            raise InvalidDocument(
                _("Line %(n)s needs a quantity above zero and a price that is not negative.") % {"n": position},
                field="lines",
            )
    of_lines = sum((line.amount for line in lines), ZERO)
    if amount is None:
        if not lines:
            raise InvalidDocument(_("Give an amount, or lines with quantity and unit price."), field="amount")
        return positive(of_lines, "lines")
    if lines and amount != of_lines:
        raise InvalidDocument(
            _("The lines add up to %(sum)s, not to %(amount)s.") % {"sum": of_lines, "amount": amount}, field="amount"
        )
    return positive(amount)


def _left_to_ship(book: Book, invoice: Entry) -> Decimal:
    """What of an invoice no shipment stands behind yet, and no credit note has taken back.

    A credit note for returned goods leaves what is still to be shipped as it is, unless it takes back all the rest.
    """
    total = sum((part.document_amount for part in book.document(invoice, with_closed=True)), ZERO)
    notes = book.credit_notes(book.invoice_of(invoice))
    credited = -sum((note.document_amount for note in notes), ZERO)
    beyond_goods = -sum((note.amount for note in notes), ZERO)
    return min(total - credited, total - book.billed_by(invoice) - beyond_goods)


def _check_delivery(book: Book, date: Date, delivered_on: Date | None) -> None:
    if delivered_on is not None and book.check_date(delivered_on, "delivered_on") < date:
        raise InvalidDocument(_("Goods cannot be delivered before they are shipped."), field="delivered_on")


def _add_goods(book: Book, entry: Entry, lines: Sequence[LineInput], delivered_on: Date | None) -> None:
    goods = new(Shipment, entry=entry, delivered_on=delivered_on)
    book.shipments.append(goods)
    for position, line in enumerate(lines, start=1):
        book.lines.append(
            new(
                ShipmentLine,
                shipment=goods,
                position=position,
                product=line.product.strip(),
                quantity=line.quantity,
                unit=line.unit,
                unit_price=line.unit_price,
                amount=line.amount,
            )
        )
