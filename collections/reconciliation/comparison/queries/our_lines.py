"""Our documents as a customer would book them, from the ledger.

A customer books the invoice, not the delivery before it. The ledger counts a debt with whichever document came first,
so what an invoice bills of goods that came before it moves from the shipment to the invoice here; the sum stays.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, Max, Sum

from customers.models import Customer
from ledger.models import Billing, Entry, InvoiceStep, ShipmentLine
from ledger.money import ZERO
from reconciliation.comparison.lines import Goods, Line
from reconciliation.statements.models import AnswerLine

# What lies further back than this was not on its way any more when their list began.
DAYS_BEFORE = 120


@dataclass(frozen=True, slots=True)
class OurLedger:
    """`lines` of the period and, with `is_prior`, some before it; `opening` plus those of the period is `balance`."""

    lines: list[Line]
    opening: Decimal
    balance: Decimal


def our_ledger(customer: Customer, *, since: date, on: date) -> OurLedger:
    entries = Entry.objects.filter(customer=customer, date__lte=on)
    balance = entries.aggregate(total=Sum("amount"))["total"] or ZERO
    near = entries.filter(date__gte=since - timedelta(days=DAYS_BEFORE))
    rows = {entry.pk: entry for entry in near.select_related("invoice", "payment", "shipment").order_by("date", "pk")}
    billed = _billings(customer, rows, on)
    worth = _as_the_customer_books(rows, billed)
    lines = _lines(rows, worth, _goods(rows, billed), _disputed(customer), since=since, on=on)
    opening = balance - sum((line.amount for line in lines if not line.is_prior), ZERO)
    return OurLedger(lines, opening, balance)


def amounts_of(customer: Customer) -> frozenset[Decimal]:
    """What stands on the customer's documents, with the sign of what they do to the debt."""
    return frozenset(Entry.objects.filter(customer=customer).values_list("document_amount", flat=True))


def ledger_mark(customer: Customer) -> str:
    """Changes whenever something is recorded that a comparison would see."""
    entries = Entry.objects.filter(customer=customer).aggregate(
        last=Max("pk"), confirmed=Count("confirmed_on"), delivered=Count("shipment__delivered_on")
    )
    steps = InvoiceStep.objects.filter(invoice__entry__customer=customer).aggregate(last=Max("pk"))
    said = AnswerLine.objects.filter(answer__statement__customer=customer).aggregate(last=Max("pk"))
    return ":".join(str(seen or 0) for seen in (*entries.values(), *steps.values(), *said.values()))


def _billings(customer: Customer, rows: Mapping[int, Entry], on: date) -> dict[tuple[int, int], Decimal]:
    """What stands billed, by invoice and goods, the earliest first."""
    found: dict[tuple[int, int], Decimal] = defaultdict(lambda: ZERO)
    since = min((entry.date for entry in rows.values()), default=on)
    bills = Billing.objects.filter(invoice__customer=customer, invoice__date__range=(since, on), date__lte=on)
    for invoice, goods, amount in bills.order_by("pk").values_list("invoice_id", "shipment_id", "amount"):
        if invoice in rows and goods in rows:
            found[invoice, goods] += amount
    return found


def _as_the_customer_books(
    rows: Mapping[int, Entry], billed: Mapping[tuple[int, int], Decimal]
) -> dict[int, Decimal]:
    worth = {key: entry.amount for key, entry in rows.items()}
    # Goods that came after their invoice add nothing themselves: so much of what is billed is there already.
    ahead = {goods: rows[goods].document_amount - rows[goods].amount for _invoice, goods in billed}
    for (invoice, goods), amount in billed.items():
        side = rows[goods].side
        known = min(amount * side, ahead[goods] * side)
        ahead[goods] -= known * side
        moved = min(amount * side - known, worth[goods] * side)
        if moved > 0:
            worth[goods] -= moved * side
            worth[invoice] += moved * side
    return worth


def _goods(rows: Mapping[int, Entry], billed: Mapping[tuple[int, int], Decimal]) -> Mapping[int, tuple[Goods, ...]]:
    """Quantities and prices, of shipments and of the invoices that bill them."""
    found: dict[int, list[Goods]] = defaultdict(list)
    invoices: dict[int, list[int]] = defaultdict(list)
    for invoice, goods in billed:
        invoices[goods].append(invoice)
    days = [entry.date for entry in rows.values() if hasattr(entry, "shipment")]
    if not days:
        return {}
    customer = next(iter(rows.values())).customer_id
    lines = ShipmentLine.objects.filter(
        shipment__entry__customer=customer, shipment__entry__date__range=(days[0], days[-1])
    )
    for goods, quantity, price in lines.values_list("shipment_id", "quantity", "unit_price"):
        for key in (goods, *invoices[goods]):
            found[key].append(Goods(quantity, price))
    return {key: tuple(some) for key, some in found.items()}


def _lines(
    rows: Mapping[int, Entry],
    worth: Mapping[int, Decimal],
    goods: Mapping[int, tuple[Goods, ...]],
    disputed: Collection[int],
    *,
    since: date,
    on: date,
) -> list[Line]:
    """A line for each document: instalments are one, what was reversed on the same side of `since` is none."""
    documents: dict[tuple[int, bool], list[Entry]] = defaultdict(list)
    for entry in rows.values():
        documents[_document(entry, rows), entry.date < since].append(entry)
    lines = []
    for (_key, is_prior), entries in documents.items():
        if amount := sum((worth[entry.pk] for entry in entries), ZERO):
            made = _line(entries[0], amount, goods.get(entries[0].pk, ()), is_prior, on)
            lines.append(replace(made, is_disputed=any(entry.pk in disputed for entry in entries)))
    return lines


def _disputed(customer: Customer) -> frozenset[int]:
    """The entries of which the customer has said, in answer to a statement, that the amount is wrong."""
    marked = AnswerLine.objects.filter(answer__statement__customer=customer, kind=AnswerLine.Kind.WRONG)
    return frozenset(marked.values_list("entry_id", flat=True))


def _document(entry: Entry, rows: Mapping[int, Entry]) -> int:
    """The key of the document to which the entry belongs: its first instalment, or what it reverses."""
    reversed_one = rows.get(entry.reverses_id or 0)
    origin = reversed_one or entry
    return origin.instalment_of_id or origin.pk


def _line(entry: Entry, amount: Decimal, goods: Iterable[Goods], is_prior: bool, on: date) -> Line:
    invoice, shipment = getattr(entry, "invoice", None), getattr(entry, "shipment", None)
    payment = getattr(entry, "payment", None)
    numbers = (entry.number, payment.bank_reference if payment else "")

    def by_then(day: date | None) -> date | None:
        return day if day is not None and day <= on else None

    return Line(
        key=entry.pk,
        day=entry.date,
        amount=amount,
        numbers=tuple(filter(None, numbers)),
        memo=entry.memo,
        kind=entry.kind,
        is_prior=is_prior,
        sent_on=by_then(invoice.sent_on) if invoice else None,
        received_on=by_then(invoice.received_on) if invoice else None,
        booked_on=by_then(invoice.booked_on) if invoice else None,
        delivered_on=by_then(shipment.delivered_on) if shipment else None,
        is_confirmed=payment is None or entry.confirmed_on is not None,
        goods=tuple(goods),
    )
