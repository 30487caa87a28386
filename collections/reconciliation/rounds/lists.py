"""What a customer's list left over becomes differences with an owner."""

from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from config.dates import shown_day
from config.words import said_of
from customers.models import User
from ledger.models import Entry
from reconciliation.comparison.choices import ClassChoices
from reconciliation.comparison.lines import CHOICES
from reconciliation.comparison.models import CustomerList
from reconciliation.comparison.queries import comparisons
from reconciliation.comparison.wording import class_in_words
from reconciliation.rounds.differences import Found, check_writable_for, record
from reconciliation.rounds.models import Difference, Reconciliation


@transaction.atomic
def record_differences(*, row: CustomerList, by: User) -> list[Difference]:
    """Records what the latest comparison of the list found and nobody has recorded yet. They belong to the customer's
    reconciliation that is under way, where there is one. Raises DifferenceRefused.
    """
    check_writable_for(row.customer, by)
    left = comparisons.differences(row)
    entries = Entry.objects.in_bulk([one.entry for one in left if one.entry is not None])
    found = [_found(row, one, entries.get(one.entry or 0)) for one in left]
    under_way = Reconciliation.objects.under_way().filter(customer=row.customer).order_by("-pk").first()
    return record(found, customer=row.customer, by=by, today=timezone.localdate(), reconciliation=under_way)


def _found(row: CustomerList, left: comparisons.Difference, entry: Entry | None) -> Found:
    label = class_in_words(left.cls.value)
    thing = entry.described if entry is not None else shown_day(left.day)
    words = said_of(thing, label if not left.words else f"{label} · {left.words}")
    # What stands in the bridge alone has no name yet.
    kind = ClassChoices(left.cls.value if left.cls in CHOICES else ClassChoices.UNKNOWN)
    # A key names every line of an item, and may be long.
    source = f"list:{row.pk}:{sha256(left.key.encode()).hexdigest()[:32]}"
    return Found(source=source, kind=kind, words=words, amount=left.amount, entry=left.entry)
