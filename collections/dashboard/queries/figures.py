"""The figures of the dashboard. Each is a condition, of which both the figure and the list behind it are made: the
list adds up to the figure because it is the same question.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import In
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from customers.models import Customer, User, home_first
from ledger.models import Entry, Invoice, Kind, Side
from ledger.models.entries import GOODS_KINDS, MONEY_KINDS
from ledger.money import ZERO

RECEIVABLE, OVERDUE, UNBILLED, UNSENT, UNRECEIVED, UNAPPLIED = (
    *("receivable", "overdue", "unbilled", "unsent", "unreceived", "unapplied"),
)
# Goods and money are never added up: goods add to what is owed, money takes from it.
UNCONFIRMED_GOODS, UNCONFIRMED_MONEY = UNCONFIRMED = ("unconfirmed_goods", "unconfirmed_money")
LABELS: Mapping[str, Promise] = {
    RECEIVABLE: _("Receivable"),
    OVERDUE: _("Overdue"),
    UNBILLED: _("Unbilled"),
    UNSENT: _("Not sent"),
    UNRECEIVED: _("Not received"),
    UNAPPLIED: _("Unapplied"),
    UNCONFIRMED_GOODS: _("Goods not confirmed"),
    UNCONFIRMED_MONEY: _("Money not confirmed"),
}
MEANINGS: Mapping[str, Promise] = {
    RECEIVABLE: _("Open invoices and other debts; what is shipped and not invoiced stands under Unbilled."),
    OVERDUE: _("Of the receivable, what is past its due date."),
    UNBILLED: _("Open shipments without an invoice."),
    UNSENT: _("Open invoices that were neither sent, received nor booked."),
    UNRECEIVED: _("Open invoices that were sent, and neither received nor booked."),
    UNAPPLIED: _("Payments and other credits that no debt has been settled with yet."),
    UNCONFIRMED_GOODS: _("Shipments and returns that finance has not confirmed, by their face value."),
    UNCONFIRMED_MONEY: _("Payments and refunds that finance has not confirmed, by their face value."),
}
KINDS = {UNCONFIRMED_GOODS: GOODS_KINDS, UNCONFIRMED_MONEY: MONEY_KINDS}
# What is open of the entries makes the figure, but for what is confirmed as a whole.
MEASURED = dict.fromkeys(LABELS, "open_amount") | dict.fromkeys(UNCONFIRMED, "document_amount")


@dataclass(frozen=True, slots=True)
class Figure:
    key: str
    currency: str
    amount: Decimal
    count: int

    @property
    def label(self) -> Promise:
        return LABELS[self.key]

    @property
    def meaning(self) -> Promise:
        return MEANINGS[self.key]

    @property
    def tone(self) -> str:
        return {OVERDUE: "bad", UNBILLED: "warn", UNSENT: "warn"}.get(self.key, "")


def figures(user: User, *, on: date) -> dict[str, list[Figure]]:
    """By currency, the home currency first, all figures of what `user` sees: two statements, which read what is open
    and what is unconfirmed.
    """
    sums: dict[str, Any] = {}
    for key, condition in _conditions(on).items():
        sums[f"{key}_sum"] = Sum("open_amount", filter=condition)
        sums[f"{key}_count"] = Count("pk", filter=condition)
    opened: Any = _seen(user).open().order_by().values("currency").annotate(**sums)
    waiting: Any = (
        _seen(user)
        .unconfirmed()
        .order_by()
        .values("currency")
        .annotate(
            **{f"{key}_sum": Sum("document_amount", filter=Q(kind__in=KINDS[key])) for key in UNCONFIRMED},
            **{f"{key}_count": Count("pk", filter=Q(kind__in=KINDS[key])) for key in UNCONFIRMED},
        )
    )
    found: dict[str, dict[str, Any]] = {}
    for row in (*opened, *waiting):
        found.setdefault(row["currency"], {}).update(row)
    return {
        currency: [
            Figure(key, currency, found[currency].get(f"{key}_sum") or ZERO, found[currency].get(f"{key}_count") or 0)
            for key in LABELS
        ]
        for currency in sorted(found, key=home_first)
    }


def entries_of(key: str, user: User, *, on: date) -> QuerySet[Entry]:
    """The entries that add up to a figure."""
    if key in UNCONFIRMED:
        entries: Any = _seen(user).unconfirmed().filter(kind__in=KINDS[key])
    else:
        entries = _seen(user).open().filter(_conditions(on)[key])
    shown: QuerySet[Entry] = entries.select_related("customer", "salesperson", "reversed_by")
    # Whoever sees the figure sees the customers that it is made of.
    return shown.annotate(customer_is_visible=Value(True)).order_by("-date", "-id")


def total_of(key: str, entries: QuerySet[Entry]) -> Mapping[str, Decimal]:
    """The total of a list in one currency, under the name of its column."""
    column = MEASURED[key]
    return {column: entries.order_by().aggregate(total=Sum(column))["total"] or ZERO}


@dataclass(frozen=True, slots=True)
class SalespersonFigures:
    """Of the customers that a salesperson answers for now, in one currency."""

    salesperson: int | None
    name: str
    owed: Decimal
    receivable: Decimal
    overdue: Decimal
    unbilled: Decimal
    oldest_due: date | None

    @property
    def overdue_share(self) -> Decimal | None:
        """Of what is receivable, in hundredths; None where nothing is."""
        return 100 * self.overdue / self.receivable if self.receivable > 0 else None

    def oldest_days(self, on: date) -> int | None:
        return (on - self.oldest_due).days if self.oldest_due and self.oldest_due < on else None


def by_salesperson(user: User, *, currency: str, on: date) -> list[SalespersonFigures]:
    """The most overdue first; they add up to the figures."""
    receivable, overdue, unbilled = (_conditions(on)[key] for key in (RECEIVABLE, OVERDUE, UNBILLED))
    rows: Any = (
        _seen(user)
        .open()
        .filter(currency=currency)
        .order_by()
        .values(
            owner=F("customer__owner"),
            username=F("customer__owner__username"),
            first=F("customer__owner__first_name"),
            last=F("customer__owner__last_name"),
        )
        .annotate(
            owed=Sum("open_amount"),
            receivable=Sum("open_amount", filter=receivable),
            overdue=Sum("open_amount", filter=overdue),
            unbilled=Sum("open_amount", filter=unbilled),
            oldest=Min("due_date", filter=overdue),
        )
    )
    found = [
        SalespersonFigures(
            row["owner"],
            _name(row),
            row["owed"] or ZERO,
            row["receivable"] or ZERO,
            row["overdue"] or ZERO,
            row["unbilled"] or ZERO,
            row["oldest"],
        )
        for row in rows
    ]
    return sorted(found, key=lambda row: (-row.overdue, -row.owed, row.name))


def sum_of(rows: Sequence[SalespersonFigures]) -> SalespersonFigures:
    """All of them as one: what the customers owe, as the figures say it."""
    return SalespersonFigures(
        None,
        "",
        sum((row.owed for row in rows), ZERO),
        sum((row.receivable for row in rows), ZERO),
        sum((row.overdue for row in rows), ZERO),
        sum((row.unbilled for row in rows), ZERO),
        min((row.oldest_due for row in rows if row.oldest_due), default=None),
    )


def _name(row: Any) -> str:
    return str(User(username=row["username"], first_name=row["first"], last_name=row["last"])) if row["owner"] else ""


def _seen(user: User) -> Any:
    """Entries of the customers that `user` sees now: what the accounts say, whoever made the sale."""
    if user.sees_all:
        return Entry.objects.all()
    return Entry.objects.filter(customer__in=Customer.objects.visible_to(user).order_by().values("pk"))


def _conditions(on: date) -> dict[str, Q]:
    """Of each figure over open entries, which of them it counts."""
    receivable = Q(side=Side.DEBT) & ~Q(kind=Kind.SHIPMENT)
    return {
        RECEIVABLE: receivable,
        OVERDUE: receivable & Q(due_date__lt=on),
        UNBILLED: Q(side=Side.DEBT, kind=Kind.SHIPMENT),
        UNSENT: _on_way(is_sent=False),
        UNRECEIVED: _on_way(is_sent=True),
        UNAPPLIED: Q(side=Side.CREDIT),
    }


def _on_way(*, is_sent: bool) -> Q:
    """Invoices that wait for a step; a later instalment goes with the document's first. They are asked for as one set
    of documents: a join by either path would read the invoice of everything that is open.
    """
    waiting = Invoice.objects.filter(
        kind__in=[Invoice.TaxKind.SPECIAL, Invoice.TaxKind.GENERAL],
        sent_on__isnull=not is_sent,
        received_on__isnull=True,
        booked_on__isnull=True,
    )
    return Q(side=Side.DEBT, kind=Kind.INVOICE) & Q(In(Coalesce("instalment_of", "pk"), waiting.values("pk")))
