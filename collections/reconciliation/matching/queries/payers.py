"""Payers that were learned, for finance."""

from django.db.models import QuerySet

from customers.models import User
from reconciliation.matching.models import Payer


def payers_seen_by(user: User) -> QuerySet[Payer]:
    found = Payer.objects.visible_to(user).standing()
    return found.select_related("customer", "taught_by__entry", "taught_by__line")
