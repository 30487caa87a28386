"""What of a file the ledger has already: documents found by number, or by content where a row has none."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from ledger.bulk import chunks
from ledger.models import Entry
from ledger.money import ZERO


class Known:
    """The stored documents that the file's numbers name; one entry stands for all of a document's instalments."""

    def __init__(self) -> None:
        self._documents: dict[str, dict[str, Entry]] = defaultdict(dict)
        # Of each number the latest document that was reversed.
        self._reversed: dict[str, dict[str, Entry]] = defaultdict(dict)
        # Of documents in instalments: the entries after the first.
        self._later: dict[int, list[Entry]] = defaultdict(list)

    def load(self, series: str, numbers: Iterable[str]) -> None:
        for chunk in chunks(sorted(set(numbers) - set(self._documents[series]))):
            for found, known in (
                (Entry.objects.numbered_among(series, chunk), self._documents[series]),
                (Entry.objects.reversed_among(series, chunk), self._reversed[series]),
            ):
                entries = found.select_related("shipment", "invoice__reverses__entry", "payment")
                for entry in entries.order_by("pk"):
                    if entry.instalment_of_id is None:
                        known[entry.number] = entry
                    else:
                        self._later[entry.instalment_of_id].append(entry)

    def document(self, series: str, number: str) -> Entry | None:
        """The document that has the number now."""
        return self._documents[series].get(number)

    def latest(self, series: str, number: str) -> Entry | None:
        """The document that has the number now, else the latest that had it until it was reversed."""
        return self._documents[series].get(number) or self._reversed[series].get(number)

    def numbers(self, series: str) -> Iterable[str]:
        return self._documents[series].keys()

    def parts(self, entry: Entry) -> list[Entry]:
        """The document's entries, one for each instalment."""
        return [entry, *self._later.get(entry.pk, [])]

    def total(self, entry: Entry) -> Decimal:
        """The signed face value of the whole document."""
        return sum((part.document_amount for part in self.parts(entry)), ZERO)


def openings_without_number(customers: Iterable[int]) -> Counter[tuple[int, date, Decimal]]:
    """How often an opening balance without a number stands for a customer, day and signed amount."""
    found: Counter[tuple[int, date, Decimal]] = Counter()
    for chunk in chunks(sorted(customers)):
        rows = Entry.objects.filter(customer__in=chunk, kind="opening", number="", reverses__isnull=True)
        found.update(rows.values_list("customer_id", "date", "document_amount"))
    return found


def first_difference(pairs: Iterable[tuple[str, Any, Any]]) -> tuple[str, Any] | None:
    """The first column whose given value is not the stored one, with the stored one; an empty cell says nothing."""
    for column, given, stored in pairs:
        if given is not None and given != stored and not (given == "" and not stored):
            return column, "–" if stored in (None, "") else stored
    return None
