"""The working set of a posting: the open items of the locked customers, and what the act adds to them.

A `Book` changes nothing in the database. Documents, allocations and reversals are applied to it in memory, one or
a hundred thousand of them, and `posting.write` stores the outcome at once.
"""

from collections import defaultdict, deque
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings
from django.db.models import Sum
from django.utils.translation import gettext as _

from customers.models import Customer, User
from ledger.allocation_order import ORDERS
from ledger.bulk import new
from ledger.errors import DuplicateNumber, InvalidAllocation, InvalidDocument, OverAllocation
from ledger.models import (
    Allocation,
    Billing,
    Entry,
    Invoice,
    InvoiceStep,
    Kind,
    Payment,
    Posting,
    Shipment,
    ShipmentLine,
    Side,
)
from ledger.models.entries import EARLIEST_DATE, NUMBER_SERIES
from ledger.money import ZERO, NotAnAmount, checked, formatted
from ledger.open_item import OpenItem

# A bulk query names at most so many rows: SQLite's limit on parameters, and a plan that stays small.
CHUNK = 5_000
LONGEST_TERMS = timedelta(days=3660)


class Book:
    def __init__(self, posting: Posting, *, today: date) -> None:
        self.posting = posting
        self.latest_date = date(today.year + 1, 12, 31)
        self.today = today
        self.entries: list[Entry] = []
        self.allocations: list[Allocation] = []
        self.billings: list[Billing] = []
        self.shipments: list[Shipment] = []
        self.lines: list[ShipmentLine] = []
        self.invoices: list[Invoice] = []
        self.steps: list[InvoiceStep] = []
        self.payments: list[Payment] = []
        self._stored: dict[int, OpenItem] = {}
        self._added: dict[int, OpenItem] = {}
        self._of_customer: dict[int, list[OpenItem]] = defaultdict(list)
        self._debts_in_order: dict[int, deque[OpenItem]] = {}
        self._instalments: dict[int, list[Entry]] = defaultdict(list)
        self._invoices: dict[int, Invoice] = {}
        self._credit_notes: dict[int, list[Entry]] = defaultdict(list)
        self._numbers: dict[str, set[str]] = {series: set() for series in NUMBER_SERIES}
        self._looked_up: dict[str, set[str]] = {series: set() for series in NUMBER_SERIES}

    # --- reading ------------------------------------------------------------------------------------------

    def load_open_items(self, customers: Iterable[int]) -> None:
        """Brings every open entry of the customers into the book; they must be locked."""
        for chunk in _chunks(list(customers)):
            self._load(list(Entry.objects.open().filter(customer__in=chunk).select_related("instalment_of")))

    def load(self, entries: Iterable[int]) -> None:
        """Brings entries into the book that may be closed."""
        for chunk in _chunks([pk for pk in entries if pk not in self._stored]):
            self._load(list(Entry.objects.filter(pk__in=chunk)))

    def _load(self, entries: list[Entry]) -> None:
        fresh = {entry.pk: OpenItem(entry, []) for entry in entries if entry.pk not in self._stored}
        for chunk in _chunks(list(fresh)):
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
        for chunk in _chunks(list(goods)):
            sums = Billing.objects.filter(shipment__in=chunk).values_list("shipment_id").annotate(Sum("amount"))
            billed = dict(sums.order_by())
            for pk in chunk:
                self._stored[pk].billed = billed.get(pk, ZERO)

    def look_up_numbers(self, series: str, numbers: Iterable[str]) -> None:
        """Asks the database once which of the numbers are taken."""
        unknown = [number for number in set(numbers) - self._looked_up[series] if number]
        for chunk in _chunks(unknown):
            taken = Entry.objects.numbered_among(series, chunk)
            self._numbers[series].update(taken.values_list("number", flat=True))
        self._looked_up[series].update(unknown)

    def note_numbers(self, series: str, looked_up: Iterable[str], *, taken: Iterable[str]) -> None:
        """Numbers that somebody has looked up already, and which of them are taken."""
        self._looked_up[series].update(looked_up)
        self._numbers[series].update(taken)

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
        item = self.item(goods)
        if item.billed is None:
            self.load_billed([goods.pk])
        assert item.billed is not None
        value: Decimal = abs(item.entry.document_amount) - abs(item.billed)
        return value

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

    @property
    def changed(self) -> list[Entry]:
        """Entries that were in the database before and whose derived columns the act has changed."""
        return [item.entry for item in self._stored.values() if item.is_changed]

    # --- adding -------------------------------------------------------------------------------------------

    def add(
        self,
        customer: Customer,
        kind: Kind,
        *,
        side: Side,
        day: date,
        document_amount: Decimal,
        amount: Decimal | None = None,
        number: str = "",
        due_date: date | None = None,
        salesperson: User | None = None,
        instalment: int = 1,
        instalment_of: Entry | None = None,
        reverses: Entry | None = None,
        memo: str = "",
    ) -> Entry:
        """Adds an entry. `document_amount` and `amount` (what it adds to the balance; the whole document
        where None) are positive here and take their sign from `side`.
        """
        added = document_amount if amount is None else amount
        if side == Side.DEBT:
            due_date = due_date or customer.due_date(day)
        entry = new(
            Entry,
            customer_id=customer.pk,
            salesperson_id=salesperson.pk if salesperson else customer.owner_id,
            kind=kind,
            side=side,
            number=number,
            instalment=instalment,
            date=day,
            due_date=due_date,
            currency=customer.currency,
            amount=added * side,
            document_amount=document_amount * side,
            open_amount=added * side,
            closed_on=None if added else day,
            memo=memo,
            recorded_at=self.posting.recorded_at,
        )
        if instalment_of is not None:
            entry.instalment_of = instalment_of
        if reverses is not None:
            entry.reverses = reverses
            reversed_item = self.item(reverses)
            reversed_item.entry.reversed_on = day
            reversed_item.is_changed = True
        item = OpenItem(entry, [])
        item.billed = ZERO
        self.entries.append(entry)
        self._added[id(entry)] = item
        self._index(item)
        return entry

    def _index(self, item: OpenItem) -> None:
        customer = item.entry.customer_id
        self._of_customer[customer].append(item)
        if item.entry.instalment_of is not None:
            first = item.entry.instalment_of
            self._instalments[first.pk or id(first)].append(item.entry)
        if item.entry.side == Side.DEBT:
            self._debts_in_order.pop(customer, None)

    # --- moving -------------------------------------------------------------------------------------------

    def settle(self, credit: Entry, debt: Entry, amount: Decimal, on: date | None = None) -> Allocation:
        """Settles `amount` (positive) of the debt by the credit, on the later of their dates or on `on`."""
        paying, paid = self.item(credit), self.item(debt)
        credit, debt = paying.entry, paid.entry
        if (credit.side, debt.side) != (Side.CREDIT, Side.DEBT):
            raise InvalidAllocation(_("A credit settles a debt: choose one of each."), field="debt")
        if credit.customer_id != debt.customer_id:
            raise InvalidAllocation(_("Both entries must belong to the same customer."), field="debt")
        earliest = max(credit.date, debt.date)
        on = on or earliest
        if on < earliest:
            raise InvalidAllocation(
                _("An allocation cannot be dated before its entries (%(date)s).") % {"date": earliest}, field="date"
            )
        self.check_date(on)
        for item, field in ((paying, "credit"), (paid, "debt")):
            if amount > (room := item.room(on)):
                raise OverAllocation(
                    _("Only %(room)s of %(entry)s is open from %(date)s on, %(amount)s is too much.")
                    % {"room": formatted(room), "entry": item.entry, "date": on, "amount": formatted(amount)},
                    field="amount" if field == "debt" else field,
                )
        return self._move(paying, paid, -amount, on)

    def settle_document(self, credit: Entry, debt: Entry, amount: Decimal, on: date | None = None) -> None:
        """Settles exactly `amount` of the debt, its instalments in turn; raises OverAllocation where it is more
        than is open.
        """
        paying, parts = self.item(credit), self.document(debt)
        for part in parts[:-1]:
            day = max(paying.entry.date, part.date, on or EARLIEST_DATE)
            taken = min(amount, self.item(part).room(day))
            if taken > 0:
                self.settle(credit, part, taken, on)
                amount -= taken
        if amount > 0:
            self.settle(credit, parts[-1], amount, on)

    def settle_in_order(self, credit: Entry, on: date | None = None) -> list[Allocation]:
        """Settles what is left of the credit against the customer's open debts, in the firm's order."""
        paying = self.item(credit)
        made = []
        for debt in self._open_debts(credit.customer_id):
            if not paying.entry.open_amount:
                break
            day = max(paying.entry.date, debt.entry.date, on or EARLIEST_DATE)
            amount = min(paying.room(day), debt.room(day))
            if amount > 0:
                made.append(self._move(paying, debt, -amount, day))
        return made

    def open_credits(self, customer: int) -> list[Entry]:
        """The customer's open credits, the oldest first."""
        found = (item.entry for item in self._of_customer[customer])
        return sorted((e for e in found if e.side == Side.CREDIT and e.open_amount), key=lambda e: (e.date, e.number))

    def _open_debts(self, customer: int) -> Iterable[OpenItem]:
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

    def take_over(self, goods: Entry, bill: Entry, amount: Decimal, on: date) -> Decimal:
        """Moves up to `amount` (positive) of what is open of the goods to the document that bills them: on the day,
        and what was settled then but is open again later, on that later day. Returns how much.
        """
        source, target = self.item(goods), self.item(bill)
        moved = ZERO
        for day in source.days_from(on):
            part = min(amount - moved, source.room(day))
            if part > 0:
                self._move(source, target, part * source.entry.side, day)
                moved += part
        return moved

    def bill(self, goods: Entry, bill: Entry, amount: Decimal, on: date) -> None:
        """Notes that the document bills `amount` of the goods; negative takes an earlier note back."""
        item = self.item(goods)
        signed = amount * item.entry.side
        assert item.billed is not None
        item.billed += signed
        self.billings.append(
            new(
                Billing,
                customer_id=item.entry.customer_id,
                invoice=self.item(bill).entry,
                shipment=item.entry,
                amount=signed,
                date=on,
                recorded_at=self.posting.recorded_at,
            )
        )

    def undo(self, allocation: Allocation, on: date) -> Allocation:
        """Moves an allocation's amount back, as of `on`."""
        if on < allocation.date:
            raise InvalidAllocation(
                _("The allocation of %(date)s cannot be undone on an earlier day.") % {"date": allocation.date},
                field="date",
            )
        self.check_date(on)
        source, target = self.item(allocation.from_entry), self.item(allocation.to_entry)
        takes_from_target = allocation.amount * target.entry.side > 0
        if takes_from_target and abs(allocation.amount) > target.room(on):
            raise OverAllocation(
                _("%(entry)s has been settled with what it took over; undo those allocations first.")
                % {"entry": target.entry},
                field="allocation",
            )
        return self._move(source, target, -allocation.amount, on, undoes=allocation)

    def _move(
        self, source: OpenItem, target: OpenItem, amount: Decimal, on: date, undoes: Allocation | None = None
    ) -> Allocation:
        source.move(on, -amount)
        target.move(on, amount)
        if undoes is not None or amount > 0:  # a debt may be open again, or for the first time
            self._debts_in_order.pop(source.entry.customer_id, None)
        allocation = new(
            Allocation,
            customer_id=source.entry.customer_id,
            from_entry=source.entry,
            to_entry=target.entry,
            amount=amount,
            date=on,
            recorded_at=self.posting.recorded_at,
        )
        if undoes is not None:
            allocation.undoes = undoes
        self.allocations.append(allocation)
        return allocation

    # --- checking -----------------------------------------------------------------------------------------

    def check_date(self, day: date, field: str = "date") -> date:
        if not EARLIEST_DATE <= day <= self.latest_date:
            raise InvalidDocument(
                _("%(date)s is not between %(first)s and %(last)s; check the year.")
                % {"date": day, "first": EARLIEST_DATE, "last": self.latest_date},
                field=field,
            )
        return day

    def check_due_date(self, due_date: date | None, field: str = "due_date") -> date | None:
        if due_date is not None and not EARLIEST_DATE <= due_date <= self.latest_date + LONGEST_TERMS:
            raise InvalidDocument(
                _("The due date %(date)s is out of reach; check the year.") % {"date": due_date}, field=field
            )
        return due_date

    def claim_number(self, series: str, number: str) -> str:
        """`number` itself, without blanks around it; raises DuplicateNumber where the series has it."""
        number = number.strip()
        if not number:
            return number
        if number not in self._looked_up[series]:
            self.look_up_numbers(series, [number])
        if number in self._numbers[series]:
            raise DuplicateNumber(
                _("The number %(number)s is in the ledger already; each document is posted once.")
                % {"number": number},
                field="number",
            )
        self._numbers[series].add(number)
        return number


def positive(amount: Decimal, field: str = "amount") -> Decimal:
    """`amount` with two places; raises InvalidDocument where it is not above zero, too precise or too large."""
    try:
        exact = checked(amount)
    except NotAnAmount as refusal:
        messages = {
            "places": _("%(amount)s has more than two decimal places."),
            "large": _("%(amount)s is larger than the ledger can hold."),
            "text": _("%(amount)s is not an amount."),
        }
        raise InvalidDocument(messages[refusal.reason] % {"amount": amount}, field=field) from None
    if exact <= 0:
        raise InvalidDocument(_("The amount must be above zero."), field=field)
    return exact


def _chunks(keys: list[int] | list[str]) -> Iterable[list]:  # type: ignore[type-arg]
    for start in range(0, len(keys), CHUNK):
        yield keys[start : start + CHUNK]
