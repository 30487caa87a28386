"""Goods and money that wait to be confirmed, and invoices that have not arrived yet."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from config.fields import ExactDecimalField
from customers.models import Customer, User, home_first
from ledger.models import Entry, Invoice, Kind
from ledger.models.entries import GOODS_KINDS, MONEY_KINDS


def with_visible_customer(entries: QuerySet[Entry], user: User) -> QuerySet[Entry]:
    """`customer_is_visible` says whether the customer's page is: who answered for a sale sees it after a handover."""
    seen = Customer.objects.visible_to(user).filter(pk=OuterRef("customer"))
    return entries.annotate(customer_is_visible=Exists(seen))


def entries_named(user: User, keys: Sequence[int]) -> QuerySet[Entry]:
    """The entries of these keys that the user sees, whether they still wait or not, the oldest first."""
    return (
        Entry.objects.visible_to(user)
        .filter(pk__in=keys)
        .select_related("customer", "invoice")
        .order_by("date", "id")
    )


def entries_waiting_for_confirmation(user: User) -> QuerySet[Entry]:
    """What finance has still to confirm, the oldest first; `face` as the delivery note and the bank say it: goods out
    and money in count positive, goods back and money out negative.
    """
    waiting = Entry.objects.visible_to(user).unconfirmed().select_related("customer", "salesperson", "payment")
    face = _money(
        Case(
            When(kind__in=MONEY_KINDS, then=_money(Value(Decimal(0), ExactDecimalField()) - F("document_amount"))),
            default=F("document_amount"),
        )
    )
    return with_visible_customer(waiting, user).annotate(face=face).order_by("date", "id")


def recorded_by_then(entries: QuerySet[Entry], posting: int) -> QuerySet[Entry]:
    """Those of the entries that were in the ledger when its latest posting was this one."""
    return entries.filter(posting__lte=posting)


def first_keys(entries: QuerySet[Entry], most: int) -> list[int]:
    """The keys of the entries in their order, and of no more than so many."""
    return list(entries.values_list("pk", flat=True)[:most])


def sums_to_confirm(entries: QuerySet[Entry]) -> dict[str, dict[str, Decimal]]:
    """By currency, what the goods and what the money of the entries come to; never both in one sum."""
    rows: Any = (
        entries.order_by()
        .values("currency")
        .annotate(
            goods=Sum("face", filter=Q(kind__in=GOODS_KINDS), output_field=ExactDecimalField()),
            money=Sum("face", filter=Q(kind__in=MONEY_KINDS), output_field=ExactDecimalField()),
        )
    )
    return {
        row["currency"]: {part: row[part] for part in ("goods", "money") if row[part] is not None}
        for row in sorted(rows, key=lambda row: home_first(row["currency"]))
    }


def invoices_on_their_way(user: User) -> QuerySet[Entry]:
    """Invoices and credit notes that have not reached the customer, the oldest first; `face` is the whole document,
    all of its instalments. What was reversed or taken back whole goes nowhere, nor does what is no tax invoice.
    """
    later = Entry.objects.filter(instalment_of=OuterRef("pk")).order_by().values("instalment_of")
    notes = Entry.objects.standing().filter(invoice__reverses=OuterRef("pk")).order_by().values("invoice__reverses")
    face = _money(F("document_amount") + _sum_of(later))
    return (
        with_visible_customer(Entry.objects.visible_to(user), user)
        .filter(
            # A later instalment has no way of its own: it goes with the first. Asked through the entry, the join
            # would be an outer one, which reads every invoice there is.
            pk__in=Invoice.objects.filter(received_on__isnull=True, booked_on__isnull=True).values("pk"),
            reversed_on__isnull=True,
            reverses__isnull=True,
            kind__in=(Kind.INVOICE, Kind.CREDIT_NOTE),
        )
        .exclude(invoice__kind=Invoice.TaxKind.NONE)
        .select_related("customer", "salesperson", "invoice")
        .annotate(face=face, left=_money(F("face") + _sum_of(notes)))
        .exclude(left=Decimal(0))
        .order_by("date", "id")
    )


def _money(expression: Any) -> Any:
    return ExpressionWrapper(expression, output_field=ExactDecimalField())


def _sum_of(entries: QuerySet[Entry, Any]) -> Coalesce:
    total = Subquery(entries.annotate(total=Sum("document_amount")).values("total"))
    return Coalesce(total, Decimal(0), output_field=ExactDecimalField())
