"""Keeps the demo firm's books: every planned act becomes a posting of its own, by the ledger's own rules.

A posting carries the hour in the past at which somebody would have recorded it, so that a report "as known on" a past
day answers as it would have answered then. To be quick, many acts share one `Book` and are stored together; an act
that takes back what is stored (a reversal, a red letter) has a book to itself.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from django.utils import timezone

from config.demo.acts import (
    Act,
    Allocated,
    Cancelled,
    Credited,
    Discounted,
    Invoiced,
    Opened,
    Paid,
    Reallocated,
    Refunded,
    Returned,
    Reversed,
    Shipped,
    standing,
)
from config.demo.profiles import Profile
from customers.models import Customer, Role, User
from ledger import documents, posting
from ledger.allocation import allocate, undo_allocation
from ledger.book import Book
from ledger.bulk import insert
from ledger.models import Allocation, Billing, Entry, InvoiceStep, Posting
from ledger.reversal import reverse

_BATCH = 4_000
# The payments of so many days wait to be allocated.
_LEFT_TO_ALLOCATE = 3
_OPENS, _OPEN_FOR = time(8, 30), timedelta(hours=9)


@dataclass(frozen=True, slots=True)
class _Kind:
    """How an act is posted, and what its number is made of: a prefix and the series that it belongs to."""

    document: Callable[..., Any]
    prefix: str = ""
    series: str = ""
    # It takes back entries that the ledger looks up, so that they must be stored before.
    takes_back: bool = False


_KINDS: dict[type[Act], _Kind] = {
    Opened: _Kind(documents.opening, "QC", "opening"),
    Shipped: _Kind(documents.shipment, "FH", "shipment"),
    Returned: _Kind(documents.goods_return, "TH", "shipment"),
    Invoiced: _Kind(documents.invoice, "", "invoice"),
    Credited: _Kind(documents.credit_note, "", "invoice"),
    Cancelled: _Kind(documents.red_letter, "", "invoice", takes_back=True),
    Paid: _Kind(documents.payment, "SK", "payment"),
    Refunded: _Kind(documents.refund, "TK", "payment"),
    Discounted: _Kind(documents.discount, "ZK", "discount"),
    Allocated: _Kind(allocate),
    Reversed: _Kind(reverse, takes_back=True),
    Reallocated: _Kind(allocate, takes_back=True),
}


@dataclass(slots=True)
class _Deed:
    """An act with what the books ask besides."""

    act: Act
    profile: Profile
    customer: int
    by: User
    number: str
    posting: Posting

    @property
    def kind(self) -> _Kind:
        return _KINDS[type(self.act)]


class Clerk:
    """Give it the whole past of as many customers as fit into memory, then that of the next ones; in one
    transaction, and nobody else may post meanwhile.
    """

    def __init__(self, *, now: datetime, rng: Random, staff: dict[str, User]) -> None:
        self._now = now
        self._rng = rng
        self._staff = staff
        self._finance = [user for user in staff.values() if user.role == Role.FINANCE]
        self._numbered: Counter[tuple[str, date]] = Counter()
        self._entries: dict[Act, int] = {}

    def keep(self, pasts: Sequence[tuple[Profile, Customer, list[Act]]]) -> None:
        self._entries.clear()
        customers = posting.lock_customers(customer.pk for _profile, customer, _acts in pasts)
        for deeds in _batches(self._deeds(pasts)):
            self._store(deeds, customers)

    def _deeds(self, pasts: Sequence[tuple[Profile, Customer, list[Act]]]) -> list[_Deed]:
        """All acts in the order in which they reached the books."""
        told = [(profile, customer, act) for profile, customer, acts in pasts for act in acts]
        told.sort(key=lambda one: one[2].recorded_on)
        on_day = Counter(act.recorded_on for _profile, _customer, act in told)
        done: Counter[date] = Counter()
        deeds = []
        for profile, customer, act in told:
            day = act.recorded_on
            hour = timezone.make_aware(datetime.combine(day, _OPENS)) + _OPEN_FOR * done[day] / on_day[day]
            done[day] += 1
            kind, by = _KINDS[type(act)], self._recorder(act, profile, customer)
            act_posting = Posting(
                key=(key := UUID(int=self._rng.getrandbits(128), version=4)),
                act=kind.document.__name__,
                digest=key.hex,  # no form will ever send it again
                by=by,
                recorded_at=min(hour, self._now),
            )
            deeds.append(_Deed(act, profile, customer.pk, by, self._number(act), act_posting))
        return deeds

    def _recorder(self, act: Act, profile: Profile, customer: Customer) -> User:
        """Salespeople record the goods, finance the rest and what is nobody's."""
        owner = profile.owner_on(act.date)
        if owner and isinstance(act, Shipped | Returned):
            return self._staff[owner]
        return self._finance[customer.pk % len(self._finance)]

    def _number(self, act: Act) -> str:
        """FH240315003 for the third shipment of a day; an invoice has the tax office's twenty digits."""
        kind = _KINDS[type(act)]
        if not kind.series:
            return ""
        self._numbered[kind.prefix, act.date] += 1
        running = self._numbered[kind.prefix, act.date]
        if kind.series == "invoice":
            return f"{act.date:%y}312{act.date.toordinal():010}{running:05}"
        return f"{kind.prefix}{act.date:%y%m%d}{running:03}"

    def _store(self, deeds: Sequence[_Deed], customers: dict[int, Customer]) -> None:
        *earlier, last = deeds
        insert(Posting, [deed.posting for deed in earlier])
        book = Book(last.posting, today=timezone.localdate(self._now))
        self._load(book, deeds)
        added: dict[Act, Entry] = {}
        for deed in deeds:
            book.posting = deed.posting
            known = len(book.entries), len(book.allocations), len(book.billings)
            entry = self._apply(book, customers[deed.customer], deed, added)
            made: list[Entry | Allocation | Billing] = [*book.entries[known[0] :], *book.allocations[known[1] :]]
            for row in (*made, *book.billings[known[2] :]):
                row.posting_id = deed.posting.pk
            if entry is not None:
                added[deed.act] = entry
        book.steps.clear()  # the whole way, with carriers and failures, is stored below
        posting.write(book)
        self._entries.update((act, entry.pk) for act, entry in added.items())
        self._store_ways(deeds)

    def _load(self, book: Book, deeds: Sequence[_Deed]) -> None:
        """Reads in few statements what the acts of the batch will ask for."""
        book.load_open_items({deed.customer for deed in deeds})
        for series in {deed.kind.series for deed in deeds if deed.kind.series}:
            book.numbers.look_up(series, [deed.number for deed in deeds if deed.kind.series == series])
        goods = {
            self._entries[named]
            for deed in deeds
            for named in deed.act.rests_on
            if isinstance(named, Shipped | Returned) and named in self._entries
        }
        book.load(goods)
        book.load_billed(goods)

    def _apply(self, book: Book, customer: Customer, deed: _Deed, added: dict[Act, Entry]) -> Entry | None:
        act, document = deed.act, deed.kind.document

        def entry(named: Any) -> Any:
            """The entry of an act, wherever it stands; anything else as it is."""
            if isinstance(named, Act):
                return added.get(named) or Entry(pk=self._entries[named])
            return tuple(map(entry, named)) if isinstance(named, tuple) else named

        facts = {one.name: entry(getattr(act, one.name)) for one in fields(act) if one.name not in _PLANNED_ONLY}
        if isinstance(act, Allocated | Reallocated):
            (_allocate if isinstance(act, Allocated) else _reallocate)(book, customer, **facts)
            return None
        if isinstance(act, Reversed):
            facts["reason"] = facts.pop("memo")
        elif isinstance(act, Paid):
            facts["invoices"] = [(debt, None) for debt in facts["invoices"]]
            if not deed.profile.story and (book.today - act.date).days <= _LEFT_TO_ALLOCATE:
                facts |= self._unallocated(book, customer, facts)
        elif isinstance(act, Invoiced):
            facts |= standing(act.way or [])
        if deed.number:
            facts["number"] = deed.number
            if not deed.kind.takes_back:
                owner = deed.profile.owner_on(act.date)
                facts["salesperson"] = self._staff[owner] if owner else None
        found = document(book, customer, **facts)
        assert isinstance(found, Entry)
        return found

    @staticmethod
    def _unallocated(book: Book, customer: Customer, facts: dict[str, Any]) -> dict[str, Any]:
        """A payment of these days, which finance has still to allocate; some payers name what they pay."""
        named = [book.item(debt).entry.number for debt, _amount in facts["invoices"]]
        says = " ".join(number[-8:] for number in named) if customer.pk % 3 == 0 else ""
        return {"invoices": [], "automatic": False, "memo": f"货款 {says}".strip()}

    def _store_ways(self, deeds: Sequence[_Deed]) -> None:
        """The steps of the invoices' ways: the invoice says where it stands, they say how it came there."""
        insert(
            InvoiceStep,
            [
                InvoiceStep(
                    invoice_id=self._entries[deed.act],
                    step=step.step,
                    date=step.date,
                    carrier=step.carrier,
                    tracking_number=step.tracking_number,
                    note=step.note,
                    by=deed.by,
                    recorded_at=min(self._now, timezone.make_aware(datetime.combine(step.date, time(17, 45)))),
                )
                for deed in deeds
                if isinstance(deed.act, Invoiced)
                for step in deed.act.way or ()
            ],
        )


# Fields of an act that its document does not ask for.
_PLANNED_ONLY = {"recorded_on", "way"}


def _allocate(
    book: Book, customer: Customer, *, credit: Entry, debt: Entry, amount: Decimal, date: date, memo: str
) -> None:
    allocate(book, customer, credit=book.item(credit).entry, debt=book.item(debt).entry, amount=amount, date=date)


def _reallocate(
    book: Book, customer: Customer, *, payment: Entry, wrong: Entry, right: Entry, date: date, memo: str
) -> None:
    made = Allocation.objects.get(from_entry=payment.pk, to_entry=wrong.pk)
    undo_allocation(book, customer, allocation=made, date=date)
    _allocate(book, customer, credit=payment, debt=right, amount=-made.amount, date=date, memo=memo)


def _batches(deeds: Sequence[_Deed]) -> Iterator[Sequence[_Deed]]:
    batch: list[_Deed] = []
    for deed in deeds:
        if deed.kind.takes_back or len(batch) == _BATCH:
            if batch:
                yield batch
            batch = []
        batch.append(deed)
        if deed.kind.takes_back:
            yield batch
            batch = []
    if batch:
        yield batch
