"""What of a file the ledger has already: found by number, or by content where a row has none."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q

from ledger.models import Allocation, Entry
from ledger.money import ZERO

CHUNK = 5_000


class Known:
    """The stored documents that the file's numbers name; one entry stands for all of a document's instalments."""

    def __init__(self) -> None:
        self._documents: dict[str, dict[str, Entry]] = defaultdict(dict)
        self._totals: dict[int, Decimal] = defaultdict(lambda: ZERO)

    def load(self, series: str, numbers: Iterable[str]) -> None:
        wanted = sorted(set(numbers) - set(self._documents[series]))
        for start in range(0, len(wanted), CHUNK):
            entries = (
                Entry.objects.numbered_among(series, wanted[start : start + CHUNK])
                .select_related("shipment", "invoice__reverses__entry", "payment")
                .order_by("instalment")
            )
            for entry in entries:
                first = self._documents[series].setdefault(entry.number, entry)
                self._totals[first.pk] += entry.document_amount

    def keys(self) -> list[int]:
        return [entry.pk for found in self._documents.values() for entry in found.values()]

    def document(self, series: str, number: str) -> Entry | None:
        return self._documents[series].get(number)

    def numbers(self, series: str) -> Iterable[str]:
        return self._documents[series].keys()

    def total(self, entry: Entry) -> Decimal:
        """The signed face value of the whole document."""
        return self._totals[entry.pk]


def openings_without_number(customers: Iterable[int]) -> Counter[tuple[int, date, Decimal]]:
    """How often an opening balance without a number stands for a customer, day and signed amount."""
    found: Counter[tuple[int, date, Decimal]] = Counter()
    rows = Entry.objects.filter(customer__in=list(customers), kind="opening", number="", reverses__isnull=True)
    found.update(rows.values_list("customer_id", "date", "document_amount"))
    return found


def allocations_between(entries: Iterable[int]) -> Counter[tuple[int, int, Decimal, date]]:
    """How often a standing allocation moves a (positive) amount from one entry to another on a day."""
    found: Counter[tuple[int, int, Decimal, date]] = Counter()
    keys = sorted(set(entries))
    for start in range(0, len(keys), CHUNK):
        rows = Allocation.objects.filter(
            Q(undone_by__isnull=True), from_entry__in=keys[start : start + CHUNK], undoes__isnull=True
        )
        for source, target, amount, day in rows.values_list("from_entry_id", "to_entry_id", "amount", "date"):
            found[(source, target, abs(amount), day)] += 1
    return found


def first_difference(pairs: Iterable[tuple[str, Any, Any]]) -> tuple[str, Any] | None:
    """The first column whose given value is not the stored one, with the stored one; an empty cell says nothing."""
    for column, given, stored in pairs:
        if given is not None and given != stored and not (given == "" and not stored):
            return column, "–" if stored in (None, "") else stored
    return None
