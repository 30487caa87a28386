"""The tax document, its red-letter reversal, and what of the goods they bill.

A debt is owed once: an invoice takes over what is open of the shipments that it bills, and adds to the balance only
what it bills beyond them. A credit note does the same with returns.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as Date
from decimal import Decimal

from django.utils.translation import gettext as _

from config.dates import shown_day
from customers.models import Customer, User
from ledger.book import Book, positive
from ledger.bulk import new
from ledger.documents.references import given, own, settle_as_far_as_open
from ledger.errors import InvalidDocument, NotReversible
from ledger.models import Entry, Invoice, InvoiceStep, Kind, Side
from ledger.money import ZERO, NotAnAmount, checked, formatted
from ledger.undoing import check_nothing_stands_on, hand_on, undo_allocations, undo_billings


@dataclass(frozen=True, slots=True)
class Instalment:
    due_date: Date
    amount: Decimal


def invoice(
    book: Book,
    customer: Customer,
    *,
    number: str,
    date: Date,
    amount: Decimal,
    kind: str = Invoice.TaxKind.SPECIAL,
    tax: Decimal = ZERO,
    due_date: Date | None = None,
    instalments: Sequence[Instalment] = (),
    shipments: Sequence[Entry] = (),
    replaces: Entry | None = None,
    sent_on: Date | None = None,
    received_on: Date | None = None,
    booked_on: Date | None = None,
    salesperson: User | None = None,
    memo: str = "",
) -> Entry:
    """An invoice of `amount`, tax included: a debt, one entry for each instalment.

    It bills `shipments` in the order of their dates. `replaces` names an invoice that it is issued again for, which
    must be cancelled by red letter first.
    """
    total = positive(amount)
    parts = _instalments(book, total, instalments, due_date)
    goods = [own(book, customer, named, Kind.SHIPMENT, "shipments") for named in shipments]
    replaced = _replaced(book, customer, replaces) if replaces is not None else None
    book.check_date(date)
    billed = _billed(book, total, goods, "shipments")
    number = book.claim_number("invoice", given(number))
    from_goods = sum((value for _goods, value in billed), ZERO)
    first: Entry | None = None
    taking: list[tuple[Entry, Decimal]] = []
    for position, part in enumerate(parts, start=1):
        of_goods = min(part.amount, from_goods)
        from_goods -= of_goods
        entry = book.add(
            customer,
            Kind.INVOICE,
            side=Side.DEBT,
            day=date,
            document_amount=part.amount,
            amount=part.amount - of_goods,
            number=number,
            due_date=part.due_date,
            instalment=position,
            instalment_of=first,
            salesperson=salesperson,
            memo=memo,
        )
        first = first or entry
        taking.append((entry, of_goods))
    assert first is not None
    _take_over(book, billed, taking)
    way = _way(book, date, sent_on, received_on, booked_on)
    _add_invoice(book, new(Invoice, entry=first, kind=kind, tax=_tax(tax, total), replaces=replaced, **way))
    return first


def credit_note(
    book: Book,
    customer: Customer,
    *,
    number: str,
    date: Date,
    amount: Decimal,
    kind: str = Invoice.TaxKind.SPECIAL,
    tax: Decimal = ZERO,
    reverses: Entry | None = None,
    returns: Sequence[Entry] = (),
    sent_on: Date | None = None,
    received_on: Date | None = None,
    booked_on: Date | None = None,
    salesperson: User | None = None,
    memo: str = "",
) -> Entry:
    """A red-letter invoice of `amount`: a credit. It bills `returns`, and settles the invoice that it
    `reverses`, wholly or in part, as far as that is still open.
    """
    total = positive(amount)
    reversed_entry = reversed_invoice = None
    if reverses is not None:
        reversed_entry = own(book, customer, reverses, Kind.INVOICE, "reverses")
        reversed_invoice = book.invoice_of(reversed_entry)
        left = _document_total(book, reversed_entry) - book.credited(reversed_invoice)
        if total > left:
            raise InvalidDocument(
                _("Only %(left)s of %(invoice)s is left to reverse.")
                % {"left": formatted(left), "invoice": reversed_entry},
                field="amount",
            )
    goods = [own(book, customer, named, Kind.RETURN, "returns") for named in returns]
    book.check_date(date)
    billed = _billed(book, total, goods, "returns")
    of_goods = sum((value for _goods, value in billed), ZERO)
    entry = book.add(
        customer,
        Kind.CREDIT_NOTE,
        side=Side.CREDIT,
        day=date,
        document_amount=total,
        amount=total - of_goods,
        number=book.claim_number("invoice", given(number)),
        salesperson=salesperson,
        memo=memo,
    )
    _take_over(book, billed, [(entry, of_goods)])
    way = _way(book, date, sent_on, received_on, booked_on)
    _add_invoice(book, new(Invoice, entry=entry, kind=kind, tax=-_tax(tax, total), reverses=reversed_invoice, **way))
    if reversed_entry is not None:
        settle_as_far_as_open(book, entry, reversed_entry)
    return entry


def red_letter(book: Book, customer: Customer, *, invoice: Entry, number: str, date: Date, memo: str = "") -> Entry:
    """Cancels a whole invoice by a red-letter invoice, so that it can be issued again.

    What had settled the invoice is undone; the debt goes back to the shipments that it billed, where it waits as
    unbilled. Only what the invoice had added to the balance itself is taken off it.
    """
    cancelled = own(book, customer, invoice, Kind.INVOICE, "invoice")
    parts = book.document(cancelled, with_closed=True)
    facts = book.invoice_of(cancelled)
    if book.credited(facts):
        raise NotReversible(
            _("%(invoice)s is reversed in part already; reverse that credit note first.") % {"invoice": cancelled},
            field="invoice",
        )
    check_nothing_stands_on(book, parts)
    on = book.check_date(date)
    reopened = undo_allocations(book, parts, on)
    undo_billings(book, parts, on)
    entry = book.add(
        customer,
        Kind.CREDIT_NOTE,
        side=Side.CREDIT,
        day=on,
        document_amount=sum((part.document_amount for part in parts), ZERO),
        amount=sum((part.amount for part in parts), ZERO),
        number=book.claim_number("invoice", given(number)),
        memo=memo,
    )
    _add_invoice(book, new(Invoice, entry=entry, kind=facts.kind, tax=-facts.tax, reverses=facts))
    for part in parts:
        if part.amount:
            book.settle(entry, part, part.amount, on)
    hand_on(book, reopened, on, leaving=parts)
    return entry


def _add_invoice(book: Book, invoice: Invoice) -> None:
    """Adds what the document says as an invoice, and the steps of its way that it begins with."""
    book.add_invoice(invoice)
    for step, column in InvoiceStep.COLUMNS.items():
        if (day := getattr(invoice, column)) is not None:
            facts = {"by": book.posting.by, "recorded_at": book.posting.recorded_at}
            book.steps.append(new(InvoiceStep, invoice=invoice, step=step, date=day, **facts))


def _instalments(
    book: Book, total: Decimal, instalments: Sequence[Instalment], due_date: Date | None
) -> list[Instalment]:
    """The parts of the document in the order of their due dates; a single one may leave its due date to terms."""
    if not instalments:
        return [Instalment(book.check_due_date(due_date), total)]  # type: ignore[arg-type]
    if (together := sum((positive(part.amount, "instalments") for part in instalments), ZERO)) != total:
        raise InvalidDocument(
            _("The instalments add up to %(sum)s, the invoice says %(amount)s.")
            % {"sum": formatted(together), "amount": formatted(total)},
            field="instalments",
        )
    for part in instalments:
        book.check_due_date(part.due_date, "instalments")
    return sorted(instalments, key=lambda part: part.due_date)


def _billed(book: Book, total: Decimal, goods: Sequence[Entry], field: str) -> list[tuple[Entry, Decimal]]:
    """How much of each shipment (or return) a document of `total` bills, the oldest first."""
    billed = []
    for entry in sorted(goods, key=lambda entry: (entry.date, entry.number)):
        value = book.unbilled_value(entry)
        if value <= 0:
            raise InvalidDocument(_("%(entry)s is billed in full already.") % {"entry": entry}, field=field)
        part = min(total, value)
        if part <= 0:
            raise InvalidDocument(
                _("The amount does not reach as far as %(entry)s; leave it out.") % {"entry": entry}, field=field
            )
        total -= part
        billed.append((entry, part))
    return billed


def _take_over(book: Book, billed: list[tuple[Entry, Decimal]], taking: list[tuple[Entry, Decimal]]) -> None:
    """Moves what is open of the goods to the instalments that bill them, the latest instalment first: what was
    settled of the goods before counts towards the earliest.
    """
    capacity = dict(enumerate(amount for _entry, amount in taking))
    first = taking[0][0]
    for goods, value in billed:
        on = max(goods.date, first.date)
        book.bill(goods, first, value, on)
        for position, (entry, _amount) in reversed(list(enumerate(taking))):
            moved = book.take_over(goods, entry, min(value, capacity[position]), on)
            capacity[position] -= moved
            value -= moved


def _replaced(book: Book, customer: Customer, replaces: Entry) -> Invoice:
    entry = own(book, customer, replaces, Kind.INVOICE, "replaces")
    facts = book.invoice_of(entry)
    if book.credited(facts) < _document_total(book, entry):
        raise InvalidDocument(
            _("Issue the red-letter invoice for %(invoice)s first; only then can it be issued again.")
            % {"invoice": entry},
            field="replaces",
        )
    if Entry.objects.standing().filter(invoice__replaces=facts).exists():
        raise InvalidDocument(_("%(invoice)s was issued again already.") % {"invoice": entry}, field="replaces")
    return facts


def _document_total(book: Book, entry: Entry) -> Decimal:
    return sum((part.document_amount for part in book.document(entry, with_closed=True)), ZERO)


def _tax(tax: Decimal, total: Decimal) -> Decimal:
    try:
        exact = checked(tax)
    except NotAnAmount:
        raise InvalidDocument(_("%(tax)s is not an amount with two places.") % {"tax": tax}, field="tax") from None
    if not ZERO <= exact < total:
        raise InvalidDocument(_("The tax is contained in the amount: between zero and less than it."), field="tax")
    return exact


def _way(
    book: Book, date: Date, sent_on: Date | None, received_on: Date | None, booked_on: Date | None
) -> dict[str, Date | None]:
    """The steps of the invoice's way, each not before the one that precedes it and none ahead of today."""
    way = {"sent_on": sent_on, "received_on": received_on, "booked_on": booked_on}
    earliest = date
    for field, day in way.items():
        if day is not None:
            if book.check_date(day, field) > book.today:
                raise InvalidDocument(_("A step is recorded once it has happened, not ahead of it."), field=field)
            if day < earliest:
                raise InvalidDocument(
                    _("%(date)s is before the step that precedes it (%(earliest)s).")
                    % {"date": shown_day(day), "earliest": shown_day(earliest)},
                    field=field,
                )
            earliest = day
    return way
