"""Goods that no invoice bills yet, by customer and month: what one invoice would say."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, ExpressionWrapper, F, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, TruncMonth

from config.fields import ExactDecimalField
from customers.models import Customer, User
from ledger.models import Billing, Entry, Kind
from ledger.money import ZERO
from ledger.queries.documents import unbilled_goods

# How far back the goods are looked for that were paid before they were billed.
LONGEST_PAID = timedelta(days=366)


def shipments_to_bill(user: User, *, paid_since: date | None = None) -> QuerySet[Entry]:
    """Shipments of visible customers that are not billed whole: the open ones, which costs what is open; and where it
    is asked for, those shipped since a day that were paid before they were billed, which costs what was shipped.
    """
    billed = Billing.objects.filter(shipment=OuterRef("pk")).order_by().values("shipment").annotate(sum=Sum("amount"))
    billed_so_far = Coalesce(Subquery(billed.values("sum")), Decimal(0), output_field=ExactDecimalField())
    to_bill = ExpressionWrapper(F("document_amount") - billed_so_far, output_field=ExactDecimalField())
    goods = Entry.objects.unbilled()
    if paid_since:
        goods = Entry.objects.filter(Q(closed_on__isnull=True) | Q(date__gte=paid_since), kind=Kind.SHIPMENT)
    shipments = goods.filter(
        customer__in=Customer.objects.visible_to(user), reverses__isnull=True, reversed_on__isnull=True
    )
    return shipments.annotate(to_bill=to_bill).exclude(to_bill=0)


def by_customer_and_month(shipments: QuerySet[Entry]) -> QuerySet[Entry, Any]:
    """One row for each customer and month, the oldest first."""
    return (
        shipments.order_by()
        .annotate(month=TruncMonth("date"))
        .values("month", "customer_id", "customer__code", "customer__name", "currency")
        .annotate(
            count=Count("pk"),
            first=Min("date"),
            last=Max("date"),
            total=Sum("to_bill", output_field=ExactDecimalField()),
        )
        .order_by("month", "customer__code")
    )


def sums_by_customer_and_month(shipments: QuerySet[Entry]) -> list[tuple[str, Decimal]]:
    """Of each of these rows the currency and what is to bill: for adding up, as names cost more than sums."""
    rows = shipments.order_by().annotate(month=TruncMonth("date")).values("month", "customer_id", "currency")
    total = Sum("to_bill", output_field=ExactDecimalField())
    return list(rows.annotate(total=total).values_list("currency", "total"))


@dataclass(frozen=True, slots=True)
class Bill:
    """What an invoice for the goods of a customer in a month would bill."""

    customer: Customer
    month: date
    shipments: list[Entry]
    amount: Decimal


def bill_of(customer: Customer, month: date, *, with_paid: bool = False) -> Bill:
    """The goods of the month that are not billed whole, as they stand now; those that are paid whole on request."""
    after = (month + timedelta(days=31)).replace(day=1)
    goods: Any = unbilled_goods(customer, Kind.SHIPMENT).filter(date__gte=month, date__lt=after)
    if not with_paid:
        goods = goods.filter(closed_on__isnull=True)
    amounts = dict(goods.values_list("pk", "to_bill"))
    return Bill(customer, month, list(goods), sum(amounts.values(), ZERO))


def customers_to_bill(user: User, keys: Iterable[int]) -> dict[int, Customer]:
    return Customer.objects.writable_by(user).in_bulk(list(keys))
