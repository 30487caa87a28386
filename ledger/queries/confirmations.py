"""What finance has said of an entry, and of which entries it may say something."""

from django.db.models import QuerySet

from ledger.models import Confirmation, Entry
from ledger.models.entries import CONFIRMABLE_KINDS


def is_confirmable(entry: Entry) -> bool:
    """Whether it is goods or money, and no reversal."""
    return entry.kind in CONFIRMABLE_KINDS and entry.reverses_id is None


def confirmations_of(entry: Entry) -> QuerySet[Confirmation]:
    """All that finance has said of the entry, the latest last."""
    return entry.confirmations.select_related("by").order_by("pk")
