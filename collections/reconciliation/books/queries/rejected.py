"""Documents that finance has rejected."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from customers.models import User
from flags.models import Flag, FlagKind
from reconciliation.books.models import Rejection


def flag_of(rejection: Rejection) -> Flag | None:
    """The flag that tells of it, the latest where there were several."""
    return Flag.objects.of_source(FlagKind.REJECTED, rejection.source).order_by("-pk").first()


def rejections_for_list(user: User) -> QuerySet[Any]:
    """The latest first; `is_again` says whether the document stands in the ledger again, under its number."""
    again = Rejection.objects.recorded_again().filter(pk=OuterRef("pk"))
    return (
        Rejection.objects.visible_to(user)
        .select_related("entry__customer__owner", "entry__salesperson", "by")
        .annotate(is_again=Exists(again))
        .order_by("-recorded_at", "-pk")
    )
