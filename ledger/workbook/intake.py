"""Posting a parsed workbook: checked against the ledger, applied to one book, stored in one transaction.

The rules are those of every other posting (`ledger.documents`). Here stands only what is peculiar to a file: what the
ledger has already is skipped, and every mistake is found before the file is turned away.
"""

import gc
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.models import User
from ledger import posting
from ledger.models import Entry
from ledger.money import ZERO
from ledger.workbook.layout import SHEETS
from ledger.workbook.parsing import Mistake, ParsedBook
from ledger.workbook.people import People
from ledger.workbook.rows import Documents

Told = Callable[[int, int, str], None]


@dataclass(slots=True)
class Taken:
    """What an import posted (or, on a dry run, would post) and skipped, by sheet; and what is wrong with the file.

    `sums` holds the face value of what is posted, by sheet and currency, signed as in the sheet.
    """

    posted: dict[str, int] = field(default_factory=lambda: {sheet.key: 0 for sheet in SHEETS})
    skipped: dict[str, int] = field(default_factory=lambda: {sheet.key: 0 for sheet in SHEETS})
    sums: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    errors: list[Mistake] = field(default_factory=list)
    warnings: list[Mistake] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            "posted": self.posted,
            "skipped": self.skipped,
            "sums": {key: {c: str(total) for c, total in sums.items()} for key, sums in self.sums.items()},
            "errors": [mistake.as_json() for mistake in self.errors],
            "warnings": [mistake.as_json() for mistake in self.warnings],
        }


class _Undo(Exception):
    """Ends the transaction of a dry run, or of a file with mistakes, without a trace."""


def take(
    book: ParsedBook,
    *,
    by: User | None,
    note: str = "",
    dry_run: bool = False,
    create_salespeople: bool = False,
    told: Told = lambda done, total, label: None,
) -> Taken:
    """Posts the workbook, all of it or, where it has a single mistake, nothing.

    `by` is the person whose customers may be written (None: the firm itself, from the command line). `told` hears how
    many rows of how many are done, and of which stage.
    """
    taken = Taken(errors=book.errors, warnings=book.warnings)
    with _without_collector():
        try:
            with transaction.atomic():
                _apply(book, taken, by=by, note=note, create_salespeople=create_salespeople, told=told)
                if book.errors or dry_run:
                    raise _Undo
        except _Undo:
            pass
    if book.errors:
        taken.posted = dict.fromkeys(taken.posted, 0)
        taken.sums = {}
        order = {sheet.name: position for position, sheet in enumerate(book.sheets.values())}
        taken.errors.sort(key=lambda mistake: (order.get(mistake.sheet, -1), mistake.row or 0))
    return taken


def _apply(
    parsed: ParsedBook, taken: Taken, *, by: User | None, note: str, create_salespeople: bool, told: Told
) -> None:
    people = People(parsed, by=by, create_salespeople=create_salespeople)
    people.take()
    taken.posted["customers"], taken.skipped["customers"] = people.posted, people.skipped
    locked = posting.lock_customers([customer.pk for customer in people.customers.values()])
    people.customers = {code: locked[customer.pk] for code, customer in people.customers.items()}
    book = posting.open_book("import", by=by, key=uuid.uuid4(), digest="", now=timezone.now(), note=note)
    book.load_open_items(locked)
    documents = Documents(parsed, people, book, told)
    documents.take()
    for key, count in documents.posted.items():
        taken.posted[key] = count
    for key, count in documents.skipped.items():
        taken.skipped[key] = count
    taken.sums = _sums(documents.entries)
    if parsed.errors:
        return
    rows = len(book.entries) + len(book.allocations)
    told(0, rows, _("Posting"))
    if book.entries or book.allocations:
        posting.write(book)
        posting.announce(locked)
    told(rows, rows, _("Posting"))


def _sums(entries: dict[str, list[Entry]]) -> dict[str, dict[str, Decimal]]:
    """Face values as the sheets state them: a payment is positive there, a refund negative."""
    sums: dict[str, dict[str, Decimal]] = {}
    for key, posted in entries.items():
        totals: dict[str, Decimal] = defaultdict(lambda: ZERO)
        for entry in posted:
            totals[entry.currency] += -entry.document_amount if key == "payments" else entry.document_amount
        if totals:
            sums[key] = dict(totals)
    return sums


@contextmanager
def _without_collector() -> Iterator[None]:
    """Without the cycle collector, which a hundred thousand rows that all live to the end only keep busy."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
