"""What finance of the demo firm has rejected: money that was recorded, and that the bank did not show."""

from django.urls import reverse
from django.utils import timezone

from flags.models import FlagKind
from flags.raising import raise_flag
from ledger.models import Entry
from ledger.models.entries import CONFIRMABLE_KINDS
from reconciliation.books.models import Rejection


def tell_rejections() -> int:
    """Says why finance has reversed goods and money, and flags the salespeople; returns
    how many.
    """
    reversed_by_finance = (
        Entry.objects.filter(reversed_on__isnull=False, kind__in=CONFIRMABLE_KINDS)
        .exclude(reversed_by__memo="")
        .select_related("customer__owner", "reversed_by__posting__by")
        .order_by("pk")
    )
    told = 0
    for entry in reversed_by_finance:
        reversal, by = entry.reversed_by, entry.reversed_by.posting.by
        if by is None or not by.keeps_books:
            continue
        rejection = Rejection.objects.create(
            entry=entry, reason=reversal.memo, by=by, recorded_at=reversal.recorded_at
        )
        raise_flag(
            kind=FlagKind.REJECTED,
            source=rejection.source,
            customer=entry.customer,
            entry=entry,
            since=reversal.date,
            on=timezone.localdate(reversal.recorded_at),
            amount=abs(entry.document_amount),
            reason=reversal.memo,
            path=reverse("books:rejected-entry", args=[entry.pk]),
        )
        told += 1
    return told
