"""Goods and money that wait to be confirmed, and invoices that have not arrived yet."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Exists, ExpressionWrapper, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from config.fields import ExactDecimalField
from customers.models import Customer, User
from ledger.models import Entry, Kind


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
    """What finance has still to confirm, the oldest first. Goods count positive, money in too."""
    waiting = Entry.objects.visible_to(user).unconfirmed().select_related("customer", "salesperson", "payment")
    return with_visible_customer(waiting, user).order_by("date", "id")


def invoices_on_their_way(user: User) -> QuerySet[Entry]:
    """Invoices and credit notes that have not reached the customer, the oldest first; `face` is the whole document,
    all of its instalments. What was reversed or taken back whole goes nowhere.
    """
    later = Entry.objects.filter(instalment_of=OuterRef("pk")).order_by().values("instalment_of")
    notes = Entry.objects.standing().filter(invoice__reverses=OuterRef("pk")).order_by().values("invoice__reverses")
    face = _money(F("document_amount") + _sum_of(later))
    return (
        with_visible_customer(Entry.objects.visible_to(user), user)
        .filter(
            invoice__received_on__isnull=True,
            invoice__booked_on__isnull=True,
            reversed_on__isnull=True,
            reverses__isnull=True,
            kind__in=(Kind.INVOICE, Kind.CREDIT_NOTE),
        )
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
