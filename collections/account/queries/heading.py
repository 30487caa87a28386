"""What stands at the head of each of a customer's pages: who they are, and where the account stands today.

A handful of statements, each over what is open or over the newest documents alone: their cost does not grow with the
age of the account.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum

from account.lateness import Lateness, Paid, lateness
from aging.buckets import Basis, Bucket, buckets
from customers.models import Customer, User
from ledger.models import Allocation, Entry, Kind, Side
from ledger.money import ZERO
from ledger.queries.accounts import AccountTotals, account_totals, customers_with_totals

YEAR = timedelta(days=365)
# The average asks no more than the newest settlements of a year.
MOST_PAID = 500
MOST_OF_FAMILY = 30


@dataclass(frozen=True, slots=True)
class Aged:
    bucket: Bucket
    amount: Decimal
    # Of the whole bar, in thousandths, for widths in whole steps.
    start: int
    width: int
    tone: str


@dataclass(frozen=True, slots=True)
class Credit:
    """How much of the limit the balance takes up."""

    limit: Decimal
    used: Decimal

    @property
    def percent(self) -> int:
        if not self.limit:
            return 100 if self.used > 0 else 0
        return int((max(self.used, ZERO) * 100 / self.limit).quantize(Decimal(1), ROUND_DOWN))

    @property
    def shown(self) -> int:
        return min(self.percent, 100)

    @property
    def excess(self) -> Decimal:
        return self.used - self.limit

    @property
    def left(self) -> Decimal:
        return self.limit - self.used

    @property
    def is_over(self) -> bool:
        return self.used > self.limit

    @property
    def is_near(self) -> bool:
        return not self.is_over and self.percent >= 90


@dataclass(frozen=True, slots=True)
class Heading:
    totals: AccountTotals
    # Days past due of the oldest invoice that is overdue.
    oldest_days: int | None
    lateness: Lateness | None
    last_payment: Entry | None
    last_shipment: Entry | None
    credit: Credit | None


def customers_for_page(user: User, *, on: date) -> QuerySet[Customer]:
    """The customers that `user` sees, with what their pages say at once."""
    newest = Entry.objects.standing().filter(customer=OuterRef("pk")).order_by("-date", "-id").values("pk")
    return (
        Customer.objects.visible_to(user)
        .select_related("owner__team", "parent")
        .prefetch_related("contacts")
        .annotate(
            last_payment=Subquery(newest.filter(kind=Kind.PAYMENT)[:1]),
            last_shipment=Subquery(newest.filter(kind=Kind.SHIPMENT)[:1]),
            # The account counts documents dated ahead, which a report of the day leaves out.
            has_documents_ahead=Exists(Entry.objects.filter(customer=OuterRef("pk"), date__gt=on)),
            has_branches=Exists(Customer.objects.filter(parent=OuterRef("pk"))),
        )
    )


def heading(customer: Any, *, on: date) -> Heading:
    """`customer` is one of `customers_for_page`."""
    totals = account_totals(customer, on=on)
    last = Entry.objects.in_bulk([pk for pk in (customer.last_payment, customer.last_shipment) if pk])
    return Heading(
        totals=totals,
        oldest_days=(on - totals.overdue_since).days if totals.overdue_since else None,
        lateness=lateness(_paid(customer, on)),
        last_payment=last.get(customer.last_payment),
        last_shipment=last.get(customer.last_shipment),
        credit=None if customer.credit_limit is None else Credit(customer.credit_limit, totals.balance),
    )


def aging(customer: Customer, *, on: date) -> list[Aged]:
    """The open debts by days past due, but for goods that are not invoiced yet."""
    invoiced = Q(side=Side.DEBT) & ~Q(kind=Kind.SHIPMENT)
    parts = buckets(Basis.DUE, settings.AGING_LIMITS)
    sums: dict[str, Any] = {}
    for number, bucket in enumerate(parts):
        within = invoiced
        if (earliest := bucket.earliest(on)) is not None:
            within &= Q(due_date__gte=earliest)
        if (latest := bucket.latest(on)) is not None:
            within &= Q(due_date__lte=latest)
        sums[f"bucket_{number}"] = Sum("open_amount", filter=within)
    found = Entry.objects.open().filter(customer=customer).aggregate(**sums)
    amounts = [found[f"bucket_{number}"] or ZERO for number in range(len(parts))]
    total = sum(amounts, ZERO)
    aged, start = [], 0
    for number, (bucket, amount) in enumerate(zip(parts, amounts, strict=True)):
        width = int(amount * 1000 / total) if total else 0
        aged.append(Aged(bucket, amount, start, max(width, 4) if amount else 0, f"age-{min(number + 1, 7)}"))
        start += aged[-1].width
    return aged


def _paid(customer: Customer, on: date) -> list[Paid]:
    """The newest sums that payments settled of invoices within a year, by the day on which they did."""
    settled = Allocation.objects.filter(
        customer=customer,
        date__gt=on - YEAR,
        date__lte=on,
        from_entry__kind=Kind.PAYMENT,
        to_entry__kind=Kind.INVOICE,
        to_entry__side=Side.DEBT,
        undoes__isnull=True,
        undone_by__isnull=True,
    )
    rows = settled.order_by("-date", "-pk").values_list("amount", "to_entry__due_date", "date")
    return [Paid(abs(amount), due, day) for amount, due, day in rows[:MOST_PAID] if due]


def family(user: User, customer: Any, *, on: date) -> Sequence[Any]:
    """The customer's parent and all of its branches that the user sees, with their balances, this one among them;
    empty for one that stands alone.
    """
    if not customer.parent_id and not customer.has_branches:
        return ()
    root = customer.parent_id or customer.pk
    members = customers_with_totals(user, on=on).filter(Q(pk=root) | Q(parent=root))
    return list(members.order_by(F("parent").asc(nulls_first=True), "code")[:MOST_OF_FAMILY])
