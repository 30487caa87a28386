"""A customer's account: what is owed, its open items, and its ledger with the running balance.

Everything here reads open entries by their partial index, or one page of the ledger: the cost follows what is
shown, not the age of the account.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Min, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from config.fields import ExactDecimalField
from customers.models import Customer, User
from ledger.models import Attachment, Billing, Entry, Invoice, InvoiceStep, Kind, Side
from ledger.money import ZERO

PAGE = 50
# More open items than this are looked at in the list of entries, where they can be filtered.
MOST_OPEN_ITEMS = 50


def _parts(on: date) -> dict[str, Q]:
    """What an account adds up to: each figure the sum over the open entries that meet its condition.

    `overdue` leaves out what is not invoiced yet, which stands in `unbilled`; `unapplied` is negative.
    """
    invoiced = Q(side=Side.DEBT, kind__in=[kind for kind in Kind.values if kind != Kind.SHIPMENT])
    return {
        "balance": Q(),
        "receivable": invoiced,
        "overdue": invoiced & Q(due_date__lt=on),
        "unbilled": Q(side=Side.DEBT, kind=Kind.SHIPMENT),
        "unapplied": Q(side=Side.CREDIT),
    }


def _or_nothing(total: Any) -> Coalesce:
    return Coalesce(total, Value(0), output_field=ExactDecimalField())


def _totals(on: date) -> dict[str, Coalesce]:
    return {name: _or_nothing(Sum("open_amount", filter=part)) for name, part in _parts(on).items()}


def customers_with_totals(user: User, *, on: date) -> QuerySet[Customer]:
    """The customers that `user` sees, with `balance`, `receivable`, `overdue`, `unbilled` and `unapplied` as
    of now, overdue on `on`: one statement, whatever the number of customers.

    Each figure is a look at the open entries of its customer, so that a page reckons them for its own rows alone, and
    of all customers only the one that they are sorted or filtered by.
    """
    opened = Entry.objects.open().filter(customer=OuterRef("pk")).order_by().values("customer")
    totals = {
        name: _or_nothing(Subquery(opened.filter(part).values(total=Sum("open_amount"))))
        for name, part in _parts(on).items()
    }
    return Customer.objects.visible_to(user).select_related("owner").annotate(**totals)


def totals_by_currency(customers: QuerySet[Customer], *, on: date) -> dict[str, Mapping[str, Decimal]]:
    """The same figures over all of the customers, apart for each currency."""
    entries = Entry.objects.open()
    if customers.query.where:
        entries = entries.filter(customer__in=customers.order_by().values("pk"))
    rows: Any = entries.order_by().values("currency").annotate(**_totals(on))
    return {row.pop("currency"): row for row in rows}


@dataclass(frozen=True, slots=True)
class AccountTotals:
    """What is open today; `unapplied` is negative, the others are not, and `balance` may be either."""

    balance: Decimal
    receivable: Decimal
    overdue: Decimal
    unbilled: Decimal
    unapplied: Decimal
    # The due date of the oldest debt that is overdue.
    overdue_since: date | None


def account_totals(customer: Customer, *, on: date) -> AccountTotals:
    is_overdue = Q(side=Side.DEBT, due_date__lt=on) & ~Q(kind=Kind.SHIPMENT)
    open_entries = Entry.objects.open().filter(customer=customer)
    return AccountTotals(**open_entries.aggregate(**_totals(on), overdue_since=Min("due_date", filter=is_overdue)))


@dataclass(frozen=True, slots=True)
class OpenLine:
    entry: Entry
    # Since the due date; zero and below where the debt is not due yet, None for a credit.
    days_past_due: int | None
    # Of a shipment: whether an invoice bills a part of it.
    is_partly_billed: bool = False
    # Standing files on the document.
    files: int = 0

    @property
    def invoice(self) -> Invoice | None:
        """The invoice that the entry, or the first of its instalments, carries."""
        return getattr(self.entry.instalment_of or self.entry, "invoice", None)

    @property
    def next_step(self) -> InvoiceStep.Step | None:
        """What the invoice's way waits for."""
        if (invoice := self.invoice) is None:
            return None
        waiting = None
        for step, column in reversed(InvoiceStep.COLUMNS.items()):
            if getattr(invoice, column) is not None:
                break
            waiting = step
        return waiting

    @property
    def is_overdue(self) -> bool:
        return self.days_past_due is not None and self.days_past_due > 0


@dataclass(frozen=True, slots=True)
class OpenLines:
    debts: list[OpenLine]
    credits: list[OpenLine]
    # There are more than these.
    is_cut: bool


def open_items(customer: Customer, *, on: date, most: int = MOST_OPEN_ITEMS) -> OpenLines:
    """The customer's open debts, the longest due first, and open credits, the oldest first."""
    found = (
        Entry.objects.open().filter(customer=customer).select_related("invoice", "instalment_of__invoice", "payment")
    )
    billed = Billing.objects.filter(shipment=OuterRef("pk")).order_by().values("shipment")
    kept = Attachment.objects.standing().filter(entry=Coalesce(OuterRef("instalment_of"), OuterRef("pk")))
    owed = found.debts().annotate(
        billed=Subquery(billed.annotate(total=Sum("amount")).values("total")),
        files=Subquery(kept.order_by().values("entry").annotate(n=Count("pk")).values("n")),
    )
    debts = list(owed.order_by("due_date", "date", "id")[: most + 1])
    credit = list(found.credits().order_by("date", "id")[: most + 1])
    return OpenLines(
        debts=[
            OpenLine(entry, (on - entry.due_date).days, bool(entry.billed), entry.files or 0)  # type: ignore[attr-defined]
            for entry in debts[:most]
            if entry.due_date
        ],
        credits=[OpenLine(entry, None) for entry in credit[:most]],
        is_cut=len(debts) > most or len(credit) > most,
    )


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a ledger: newest first, by date and, within a day, by the order of recording."""

    date: date
    pk: int

    @classmethod
    def read(cls, text: str) -> "Position":
        """From the text of an address, `2026-03-31.120`; raises ValueError."""
        day, _dot, pk = text.partition(".")
        return cls(date.fromisoformat(day), int(pk))

    def __str__(self) -> str:
        return f"{self.date.isoformat()}.{self.pk}"


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One entry in the columns of the ledger; an amount stands in the column of its kind, the others are None.

    `received` counts money in as positive; `balance` is what the customer owes after the entry, and not said where
    entries of other kinds between the lines are left out.
    """

    entry: Entry
    shipped: Decimal | None
    invoiced: Decimal | None
    received: Decimal | None
    other: Decimal | None
    balance: Decimal | None

    @property
    def is_undone(self) -> bool:
        """Whether the entry was reversed, or is a reversal itself."""
        return self.entry.reverses_id is not None or self.entry.reversed_on is not None


@dataclass(frozen=True, slots=True)
class LedgerPage:
    lines: list[LedgerLine]
    older: Position | None

    @property
    def has_other(self) -> bool:
        return any(line.other is not None for line in self.lines)


COLUMN_OF_KIND = {
    Kind.SHIPMENT: "shipped",
    Kind.RETURN: "shipped",
    Kind.INVOICE: "invoiced",
    Kind.CREDIT_NOTE: "invoiced",
    Kind.PAYMENT: "received",
    Kind.REFUND: "received",
}


def ledger_page(
    customer: Customer,
    *,
    balance: Decimal,
    before: Position | None = None,
    kind: str = "",
    year: int | None = None,
    size: int = PAGE,
) -> LedgerPage:
    """The `size` newest entries, older than `before` where that is given, of a kind or a year, with the running
    balance.

    It is counted back from the customer's `balance`, so that the first page reads only what it shows.
    """
    if year is not None:
        end = Position(date(year + 1, 1, 1), 0)
        before = min(before, end, key=lambda place: (place.date, place.pk)) if before else end
    entries = Entry.objects.filter(customer=customer)
    if before is not None:
        # Written for the index: a range of dates first, the order within the day after that.
        newer = entries.filter(date__gte=before.date).filter(Q(date__gt=before.date) | Q(pk__gte=before.pk))
        if not kind:
            balance -= newer.aggregate(total=Sum("amount"))["total"] or ZERO
        entries = entries.filter(date__lte=before.date).filter(Q(date__lt=before.date) | Q(pk__lt=before.pk))
    if year is not None:
        entries = entries.filter(date__gte=date(year, 1, 1))
    if kind:
        entries = entries.filter(kind=kind)
    shown = list(entries.select_related("invoice", "payment").order_by(F("date").desc(), F("id").desc())[: size + 1])
    lines = []
    for entry in shown[:size]:
        column = COLUMN_OF_KIND.get(Kind(entry.kind), "other")
        value = -entry.document_amount if column == "received" else entry.document_amount
        columns = dict.fromkeys(("shipped", "invoiced", "received", "other"), None) | {column: value}
        lines.append(LedgerLine(entry=entry, balance=None if kind else balance, **columns))
        balance -= entry.amount
    last = lines[-1].entry if len(shown) > size else None
    return LedgerPage(lines, Position(last.date, last.pk) if last else None)


def first_year(customer: Customer) -> int | None:
    """The year of the customer's first entry."""
    first = Entry.objects.filter(customer=customer).order_by("date", "id").values_list("date", flat=True).first()
    return first.year if first else None
