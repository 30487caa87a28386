"""Posting a parsed workbook: checked against the ledger, applied to one book, stored in one transaction.

The rules are those of every other posting (`ledger.documents`). Here stands only what is peculiar to a file: what the
ledger has already is skipped, and every mistake is found before the file is turned away.
"""

import gc
import uuid
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.models import User
from ledger import posting
from ledger.book import Book
from ledger.models import Entry
from ledger.money import ZERO
from ledger.workbook.layout import SHEETS
from ledger.workbook.parsing import Mistake, ParsedBook
from ledger.workbook.people import People
from ledger.workbook.rows import Rows, Told
from ledger.workbook.sheets import note_taken_meanwhile, take_all

# Any number that no other lock of the database takes.
IMPORT_LOCK = 7_230_115


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
    """Ends the transaction of a file with mistakes without a trace."""


def take(
    book: ParsedBook,
    *,
    by: User | None,
    note: str = "",
    dry_run: bool = False,
    create_salespeople: bool = False,
    late_reason: str = "",
    told: Told = lambda done, total, label: None,
) -> Taken:
    """Posts the workbook, all of it or, where it has a single mistake, nothing.

    `by` is the person whose customers may be written (None: the firm itself, from the command line).
    `late_reason` is that of finance for days in closed months. `told` hears how many rows of how many are done, and
    of which stage.
    """
    taken = Taken(errors=book.errors, warnings=book.warnings)
    intake = _Intake(book, taken, by=by, note=note, create_salespeople=create_salespeople, told=told)
    intake.late_reason = late_reason
    with _without_collector():
        if dry_run:
            intake.check()
        else:
            intake.post()
    if book.errors:
        taken.posted = dict.fromkeys(taken.posted, 0)
        taken.sums = {}
        order = {sheet.name: position for position, sheet in enumerate(book.sheets.values())}
        taken.errors.sort(key=lambda mistake: (order.get(mistake.sheet, -1), mistake.row or 0))
    return taken


class _Intake:
    late_reason = ""

    def __init__(
        self, parsed: ParsedBook, taken: Taken, *, by: User | None, note: str, create_salespeople: bool, told: Told
    ) -> None:
        self.parsed, self.taken = parsed, taken
        self.by, self.note, self.create_salespeople, self.told = by, note, create_salespeople, told
        self.people: People | None = None
        self.rows: Rows | None = None

    def check(self) -> None:
        """What would be posted, found without a lock and without writing: everybody else goes on posting."""
        with _one_moment():
            self._take(store=False)

    def post(self) -> None:
        """One import at a time: the second of two that bring the same rows finds those of the first.

        Who posts in the browser waits for nobody. Where such a document takes a number of the file after it was
        looked up, the database refuses the import, and the number is a mistake like any other.
        """
        try:
            with transaction.atomic():
                if connection.vendor == "postgresql":
                    with connection.cursor() as cursor:
                        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])
                self._write(self._take(store=True))
        except _Undo:
            pass
        except IntegrityError:
            if not self._note_taken_meanwhile():
                raise

    def _take(self, *, store: bool) -> Book:
        people = People(self.parsed, by=self.by, create_salespeople=self.create_salespeople, store=store)
        self.people = people
        people.take()
        customers = {customer.pk: customer for customer in people.customers.values()}
        if store:
            customers = posting.lock_customers(customers)
            people.customers = {code: customers[customer.pk] for code, customer in people.customers.items()}
        book = posting.open_book(
            "import",
            by=self.by,
            key=uuid.uuid4(),
            digest="",
            now=timezone.now(),
            note=self.note,
            late_reason=self.late_reason,
        )
        book.load_open_items(customers)
        rows = self.rows = Rows(self.parsed, people, book, self.told)
        take_all(rows)
        self.taken.posted |= {"customers": people.posted, **rows.posted}
        self.taken.skipped |= {"customers": people.skipped, **rows.skipped}
        self.taken.sums = _sums(rows.entries)
        return book

    def _write(self, book: Book) -> None:
        if self.parsed.errors:
            raise _Undo
        rows = len(book.entries) + len(book.allocations)
        self.told(0, rows, _("Posting"))
        if rows:
            posting.write(book)
            posting.announce({entry.customer_id for entry in (*book.entries, *book.changed)})
        self.told(rows, rows, _("Posting"))

    def _note_taken_meanwhile(self) -> bool:
        """Finds what the database has now and had not when it was asked; the transaction is over."""
        noted = self.people is not None and self.people.note_taken_meanwhile()
        return noted or (self.rows is not None and note_taken_meanwhile(self.rows))


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
def _one_moment() -> Iterator[None]:
    """Shows the database as it is now to everything that is read, whatever others write meanwhile, and locks nothing.

    On SQLite an atomic block would take the one lock of writers, so it is not one.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    else:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


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
