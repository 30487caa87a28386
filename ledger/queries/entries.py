"""Entries as the list of the ledger shows them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Sum, Value

from customers.models import Customer, User
from ledger.models import Entry


def entries_for_list(user: User) -> QuerySet[Entry]:
    """Entries that `user` sees, the newest first. `customer_is_visible` says whether the customer's page is, too:
    who answered for a sale still sees it after the customer was handed over.
    """
    # Asked of each row, also of those that a deep page passes over: not where the answer is known.
    seen: Any = Value(value=True)
    if not user.sees_all:
        seen = Exists(Customer.objects.visible_to(user).filter(pk=OuterRef("customer")))
    return (
        Entry.objects.visible_to(user)
        .select_related("customer", "salesperson", "reversed_by")
        .annotate(customer_is_visible=seen)
        .order_by("-date", "-id")
    )


def totals_in_one_currency(entries: QuerySet[Entry], name: str) -> Mapping[str, Decimal]:
    """The sum of a column, where all of the result is in one currency: two are never added up."""
    sums = list(entries.order_by().values_list("currency").annotate(total=Sum(name))[:2])
    return {name: sums[0][1]} if len(sums) == 1 else {}


def totals_of_entries(entries: QuerySet[Entry]) -> Mapping[str, Decimal]:
    """Sums of a result in one currency."""
    return entries.order_by().aggregate(amount=Sum("amount"), open_amount=Sum("open_amount"))
