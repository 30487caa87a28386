"""An act on a book: adding entries to it, and moving open amount between them. Nothing is written here."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from config.dates import shown_day
from customers.models import Customer, User
from ledger.book.checks import WayOut, due_within_reach, not_closed, within_reach
from ledger.book.contents import Contents
from ledger.bulk import new
from ledger.errors import InvalidAllocation, OverAllocation
from ledger.models import Allocation, Billing, Confirmation, Entry, Kind, Side
from ledger.models.entries import EARLIEST_DATE
from ledger.money import ZERO, formatted
from ledger.open_item import OpenItem


class Book(Contents):
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

    def settle(self, credit: Entry, debt: Entry, amount: Decimal, on: date | None = None) -> Allocation:
        """Settles `amount` (positive) of the debt by the credit, on `on`; else on the later of their dates, or where
        that is closed on the first open day.
        """
        paying, paid = self.item(credit), self.item(debt)
        credit, debt = paying.entry, paid.entry
        if (credit.side, debt.side) != (Side.CREDIT, Side.DEBT):
            raise InvalidAllocation(_("A credit settles a debt: choose one of each."), field="debt")
        if credit.customer_id != debt.customer_id:
            raise InvalidAllocation(_("Both entries must belong to the same customer."), field="debt")
        earliest = max(credit.date, debt.date)
        on = on or max(earliest, self.first_open_day)
        if on < earliest:
            raise InvalidAllocation(
                _("An allocation cannot be dated before its entries (%(date)s).") % {"date": shown_day(earliest)},
                field="date",
            )
        self.check_date(on)
        for item, field in ((paying, "credit"), (paid, "debt")):
            if amount > (room := item.room(on)):
                raise OverAllocation(
                    _("Only %(room)s of %(entry)s is open from %(date)s on, %(amount)s is too much.")
                    % {
                        "room": formatted(room),
                        "entry": item.entry,
                        "date": shown_day(on),
                        "amount": formatted(amount),
                    },
                    field="amount" if field == "debt" else field,
                )
        return self._move(paying, paid, -amount, on)

    def settle_document(self, credit: Entry, debt: Entry, amount: Decimal, on: date | None = None) -> None:
        """Settles exactly `amount` of the debt, its instalments in turn; raises OverAllocation where it is more
        than is open. Without a day each part is settled as soon as both are open.
        """
        parts = self.document(debt)
        settled = ZERO
        for part in parts:
            if on is None:
                settled += self.settle_as_open(credit, part, most=amount - settled)
            else:
                most = min(amount - settled, self.item(part).room(max(credit.date, part.date, on)))
                if part is not parts[-1] and most > 0:
                    self.settle(credit, part, most, on)
                    settled += most
        if settled < amount:
            self.settle(credit, parts[-1], amount - settled, on)

    def settle_as_open(
        self, credit: Entry, debt: Entry, *, most: Decimal | None = None, on: date | None = None
    ) -> Decimal:
        """Settles of the debt what both have open, `most` at most: on the later of their dates (or `on`), never in a
        closed month, and what is open for good on a later day only, on that day. Returns how much.
        """
        paying, paid = self.item(credit), self.item(debt)
        wanted = min(abs(paying.entry.open_amount), abs(paid.entry.open_amount))
        left = wanted if most is None else min(wanted, most)
        first = max(paying.entry.date, paid.entry.date, on or EARLIEST_DATE, self.first_open_day)
        settled = ZERO
        for day in self._days_to_settle(paying, paid, first):
            amount = min(left - settled, paying.room(day), paid.room(day))
            if amount > 0:
                self._move(paying, paid, -amount, day)
                settled += amount
            if settled == left:
                break
        return settled

    @staticmethod
    def _days_to_settle(paying: OpenItem, paid: OpenItem, first: date) -> Iterator[date]:
        """The first day, then each on which more of either may be open; most of the time the first is enough."""
        yield first
        yield from sorted({*paying.days_from(first), *paid.days_from(first)} - {first})

    def settle_in_order(self, credit: Entry, on: date | None = None) -> list[Allocation]:
        """Settles what is left of the credit against the customer's open debts, in the firm's order."""
        paying = self.item(credit)
        before = len(self.allocations)
        for debt in self.open_debts(credit.customer_id):
            if not paying.entry.open_amount:
                break
            self.settle_as_open(credit, debt.entry, on=on)
        return self.allocations[before:]

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
        item.billed = self.billed(goods) + signed
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

    def withdraw(self, entry: Entry, on: date, note: str) -> None:
        """Takes back that the entry is confirmed, where it is."""
        stored = self.item(entry).entry
        if stored.confirmed_on is None:
            return
        self.confirmations.append(
            new(
                Confirmation,
                entry=stored,
                is_confirmed=False,
                date=max(on, stored.confirmed_on),
                note=note,
                by=self.posting.by,
                recorded_at=self.posting.recorded_at,
            )
        )
        stored.confirmed_on = None
        self.item(entry).is_changed = True

    def undo(self, allocation: Allocation, on: date) -> Allocation:
        """Moves an allocation's amount back, as of `on`."""
        if on < allocation.date:
            raise InvalidAllocation(
                _("The allocation of %(date)s cannot be undone on an earlier day.")
                % {"date": shown_day(allocation.date)},
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

    @property
    def first_open_day(self) -> date:
        """The earliest day on which this act moves anything by itself."""
        if self.closed_until is None or self.late_reason:
            return EARLIEST_DATE
        return self.closed_until + timedelta(days=1)

    def check_date(self, day: date, field: str = "date") -> date:
        """Of an entry or a movement; another field holds a fact of the document, which may lie in a closed month."""
        if field == "date" and not self.late_reason:
            not_closed(day, closed_until=self.closed_until, way_out=WayOut.of(self.posting.by))
        return within_reach(day, today=self.today, field=field)

    def check_due_date(self, due_date: date | None, field: str = "due_date") -> date | None:
        return due_within_reach(due_date, today=self.today, field=field)

    def claim_number(self, series: str, number: str) -> str:
        return self.numbers.claim(series, number)
