"""What a book holds: the open items of the locked customers as they are stored, and the rows that an act adds."""

from collections import defaultdict, deque
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db.models import Sum

from ledger.allocation_order import ORDERS
from ledger.book.numbering import Numbers
from ledger.bulk import chunks
from ledger.models import (
    Allocation,
    Billing,
    Confirmation,
    Entry,
    Invoice,
    InvoiceStep,
    Kind,
    Payment,
    PeriodClose,
    Posting,
    Shipment,
    ShipmentLine,
    Side,
)
from ledger.money import ZERO
from ledger.open_item import OpenItem


class Contents:
    def __init__(self, posting: Posting, *, today: date) -> None:
        self.posting = posting
        self.today = today
        # The last day that finance has closed, and why this act may write into a closed month all the same.
        self.closed_until: date | None = None
        self.late_reason = ""
        self.entries: list[Entry] = []
        self.allocations: list[Allocation] = []
        self.billings: list[Billing] = []
        self.shipments: list[Shipment] = []
        self.lines: list[ShipmentLine] = []
        self.invoices: list[Invoice] = []
        self.steps: list[InvoiceStep] = []
        self.payments: list[Payment] = []
        self.confirmations: list[Confirmation] = []
        self.numbers = Numbers()
        self._stored: dict[int, OpenItem] = {}
        self._added: dict[int, OpenItem] = {}
        self._of_customer: dict[int, list[OpenItem]] = defaultdict(list)
        self._debts_in_order: dict[int, deque[OpenItem]] = {}
        self._instalments: dict[int, list[Entry]] = defaultdict(list)
        self._invoices: dict[int, Invoice] = {}
        self._credit_notes: dict[int, list[Entry]] = defaultdict(list)

    def load_open_items(self, customers: Iterable[int]) -> None:
        """Brings every open entry of the customers into the book; they must be locked. From now on it knows, too,
        which months are closed.
        """
        self.closed_until = PeriodClose.objects.closed_until()
        for chunk in chunks(list(customers)):
            self._load(list(Entry.objects.open().filter(customer__in=chunk).select_related("instalment_of")))

    def load(self, entries: Iterable[int]) -> None:
        """Brings entries into the book that may be closed."""
        for chunk in chunks([pk for pk in entries if pk not in self._stored]):
            self._load(list(Entry.objects.filter(pk__in=chunk)))

    def _load(self, entries: list[Entry]) -> None:
        fresh = {entry.pk: OpenItem(entry, []) for entry in entries if entry.pk not in self._stored}
        for chunk in chunks(list(fresh)):
            into = Allocation.objects.filter(to_entry__in=chunk).values_list("to_entry_id", "date", "amount")
            for pk, day, amount in into:
                fresh[pk].moves.append((day, amount))
            out_of = Allocation.objects.filter(from_entry__in=chunk).values_list("from_entry_id", "date", "amount")
            for pk, day, amount in out_of:
                fresh[pk].moves.append((day, -amount))
        for item in fresh.values():
            self._stored[item.entry.pk] = item
            self._index(item)

    def load_billed(self, goods: Iterable[int]) -> None:
        """Looks up what of the named shipments and returns is billed."""
        for chunk in chunks(list(goods)):
            sums = Billing.objects.filter(shipment__in=chunk).values_list("shipment_id").annotate(Sum("amount"))
            billed = dict(sums.order_by())
            for pk in chunk:
                self._stored[pk].billed = billed.get(pk, ZERO)

    def is_goods(self, entry: int) -> bool:
        return self._stored[entry].entry.kind in (Kind.SHIPMENT, Kind.RETURN)

    def item(self, entry: Entry) -> OpenItem:
        """The open item of an entry, which is read from the database where it is not in the book yet."""
        if entry.pk is None:
            return self._added[id(entry)]
        if entry.pk not in self._stored:
            self.load([entry.pk])
        return self._stored[entry.pk]

    def unbilled_value(self, goods: Entry) -> Decimal:
        """What of a shipment's (or return's) document amount no invoice (credit note) bills yet, positive."""
        return abs(self.item(goods).entry.document_amount) - abs(self.billed(goods))

    def billed(self, goods: Entry) -> Decimal:
        """What of a shipment's (or return's) document amount is billed, with its sign."""
        item = self.item(goods)
        if item.billed is None:
            self.load_billed([goods.pk])
        return item.billed or ZERO

    def document(self, entry: Entry, *, with_closed: bool = False) -> list[Entry]:
        """The entries of a document, one for each instalment, in order: those that are open, unless all are
        asked for. An entry that is no first instalment stands for itself.
        """
        first = self.item(entry).entry
        if with_closed and first.pk is not None:
            self.load(
                Entry.objects.filter(customer=first.customer_id, instalment_of=first).values_list("pk", flat=True)
            )
        later = self._instalments.get(first.pk or id(first), [])
        return [first, *sorted(later, key=lambda part: part.instalment)]

    def invoice_of(self, entry: Entry) -> Invoice:
        """What the document says as an invoice."""
        if entry.pk is not None:
            return Invoice.objects.select_related("entry").get(entry=entry)
        return self._invoices[id(entry)]

    def add_invoice(self, invoice: Invoice) -> None:
        self.invoices.append(invoice)
        self._invoices[id(invoice.entry)] = invoice
        if invoice.reverses is not None:
            reversed_entry = invoice.reverses.entry
            self._credit_notes[reversed_entry.pk or id(reversed_entry)].append(invoice.entry)

    def credit_notes(self, invoice: Invoice) -> list[Entry]:
        """The credit notes that reverse the invoice and stand."""
        if invoice.entry_id is None:
            return self._credit_notes[id(invoice.entry)]
        stored = Entry.objects.standing().filter(invoice__reverses=invoice)
        return [*self._credit_notes[invoice.entry_id], *stored]

    def credited(self, invoice: Invoice) -> Decimal:
        """The face value, positive, of the credit notes that reverse the invoice and stand."""
        return -sum((note.document_amount for note in self.credit_notes(invoice)), ZERO)

    def billed_by(self, invoice: Entry) -> Decimal:
        """How much of the invoice stands on shipments."""
        here = sum((row.amount for row in self.billings if row.invoice is invoice), ZERO)
        if invoice.pk is None:
            return here
        return here + (Billing.objects.filter(invoice=invoice).aggregate(total=Sum("amount"))["total"] or ZERO)

    def open_credits(self, customer: int) -> list[Entry]:
        """The customer's open credits, the oldest first."""
        found = (item.entry for item in self._of_customer[customer])
        return sorted((e for e in found if e.side == Side.CREDIT and e.open_amount), key=lambda e: (e.date, e.number))

    def open_debts(self, customer: int) -> Iterable[OpenItem]:
        """The customer's debts in the firm's order; those settled on the way are dropped from its head."""
        ordered = self._debts_in_order.get(customer)
        if ordered is None:
            debts = [item for item in self._of_customer[customer] if item.entry.side == Side.DEBT]
            debts = [item for item in debts if item.entry.open_amount]
            order = ORDERS[settings.ALLOCATION_ORDER]
            ordered = self._debts_in_order[customer] = deque(sorted(debts, key=lambda item: order(item.entry)))
        while ordered and not ordered[0].entry.open_amount:
            ordered.popleft()
        return ordered

    @property
    def changed(self) -> list[Entry]:
        """Entries that were in the database before and whose derived columns the act has changed."""
        return [item.entry for item in self._stored.values() if item.is_changed]

    def _index(self, item: OpenItem) -> None:
        customer = item.entry.customer_id
        self._of_customer[customer].append(item)
        if item.entry.instalment_of is not None:
            first = item.entry.instalment_of
            self._instalments[first.pk or id(first)].append(item.entry)
        if item.entry.side == Side.DEBT:
            self._debts_in_order.pop(customer, None)
