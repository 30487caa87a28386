"""What is recorded of documents without moving a balance: steps of an invoice's way, and what finance confirms."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from customers.models import Customer, User
from dashboard.acts import STEP, confirming, name_of_confirming
from ledger.models import Confirmation, InvoiceStep
from ledger.models.entries import GOODS_KINDS
from ledger.queries.news import recorded_by_themselves


@dataclass(frozen=True, slots=True)
class Said:
    by: int | None
    act: str
    label: str
    count: int
    sums: dict[str, Decimal] = field(default_factory=dict)


def steps_since(user: User, begin: datetime) -> Iterator[Said]:
    rows: Any = steps_seen_by(user).filter(recorded_at__gte=begin).order_by().values("by", "step")
    for row in rows.annotate(count=Count("pk")):
        label = _("Invoice: %(step)s") % {"step": InvoiceStep.Step(row["step"]).label}
        yield Said(row["by"], f"{STEP}{row['step']}", label, row["count"])


def confirmed_since(user: User, begin: datetime) -> Iterator[Said]:
    """Goods and money apart: they are never added up."""
    rows: Any = (
        confirmations_seen_by(user)
        .filter(recorded_at__gte=begin)
        .order_by()
        .values("by", "is_confirmed", is_goods=Q(entry__kind__in=GOODS_KINDS), money=F("entry__currency"))
        .annotate(count=Count("pk"), total=Sum("entry__document_amount"))
    )
    for row in rows:
        act = confirming(is_goods=row["is_goods"], is_confirmed=row["is_confirmed"])
        yield Said(row["by"], act, name_of_confirming(act), row["count"], {row["money"]: row["total"]})


def steps_for_list(user: User) -> QuerySet[InvoiceStep]:
    return steps_seen_by(user).select_related("by", "invoice__entry__customer").order_by("-pk")


def confirmations_for_list(user: User) -> QuerySet[Confirmation]:
    return confirmations_seen_by(user).select_related("by", "entry__customer").order_by("-pk")


def steps_seen_by(user: User) -> QuerySet[InvoiceStep]:
    """Steps that are acts of their own, on invoices of the customers that `user` sees."""
    steps = recorded_by_themselves(InvoiceStep.objects.all())
    return steps if user.sees_all else steps.filter(invoice__entry__customer__in=_customers(user))


def confirmations_seen_by(user: User) -> QuerySet[Confirmation]:
    rows = Confirmation.objects.all()
    return rows if user.sees_all else rows.filter(entry__customer__in=_customers(user))


def people_who_confirm() -> QuerySet[User]:
    return User.objects.filter(pk__in=Confirmation.objects.order_by().values("by")).order_by("last_name", "username")


def of_confirming(rows: QuerySet[Confirmation], act: str) -> QuerySet[Confirmation]:
    for is_goods in (True, False):
        for is_confirmed in (True, False):
            if act == confirming(is_goods=is_goods, is_confirmed=is_confirmed):
                kind = Q(entry__kind__in=GOODS_KINDS)
                return rows.filter(kind if is_goods else ~kind, is_confirmed=is_confirmed)
    return rows.none()


def _customers(user: User) -> Any:
    return Customer.objects.visible_to(user).order_by().values("pk")
