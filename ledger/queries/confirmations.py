"""What finance has still to confirm: the difference between the sales book and the finance book."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Min, Q, QuerySet, Sum

from customers.models import User
from ledger.models import Confirmation, Entry, EntryQuerySet, Kind
from ledger.models.entries import CONFIRMABLE_KINDS
from ledger.money import ZERO

GOODS = (Kind.SHIPMENT, Kind.RETURN)
MONEY = (Kind.PAYMENT, Kind.REFUND)


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """Of one currency: goods shipped less returned, money received less refunded, both by their face value."""

    shipped: Decimal
    received: Decimal
    shipments: int
    payments: int
    oldest: date | None

    @property
    def count(self) -> int:
        return self.shipments + self.payments


def unconfirmed_by_currency(user: User) -> dict[str, Unconfirmed]:
    """What of the entries that `user` sees is not confirmed yet, by currency; costs what is unconfirmed."""
    rows = (
        Entry.objects.visible_to(user)
        .unconfirmed()
        .order_by()
        .values_list("currency")
        .annotate(
            shipped=Sum("document_amount", filter=Q(kind__in=GOODS)),
            received=Sum("document_amount", filter=Q(kind__in=MONEY)),
            shipments=Count("pk", filter=Q(kind__in=GOODS)),
            payments=Count("pk", filter=Q(kind__in=MONEY)),
            oldest=Min("date"),
        )
    )
    return {
        currency: Unconfirmed(shipped or ZERO, -(received or ZERO), shipments, payments, oldest)
        for currency, shipped, received, shipments, payments, oldest in sorted(rows)
    }


def entries_to_confirm(user: User) -> EntryQuerySet:
    """The entries that wait for finance, the oldest first."""
    waiting = Entry.objects.visible_to(user).unconfirmed()
    return waiting.select_related("customer", "salesperson", "payment", "shipment").order_by("date", "id")


def is_confirmable(entry: Entry) -> bool:
    """Whether it is goods or money, and no reversal."""
    return entry.kind in CONFIRMABLE_KINDS and entry.reverses_id is None


def confirmations_of(entry: Entry) -> QuerySet[Confirmation]:
    """All that finance has said of the entry, the latest last."""
    return entry.confirmations.select_related("by").order_by("pk")
