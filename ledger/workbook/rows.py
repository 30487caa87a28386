"""A row on its way to the ledger: sound or not, known already, posted, or a mistake with its place."""

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from customers.models import Customer
from ledger.book import Book
from ledger.errors import LedgerError
from ledger.models import Entry
from ledger.workbook.cells import other_currency
from ledger.workbook.known import Known, first_difference
from ledger.workbook.parsing import ParsedBook, Row
from ledger.workbook.people import People

Told = Callable[[int, int, str], None]
# A row, the column in which it differs from what is stored, what it says there, and what is stored.
Difference = tuple[Row, str, Any, Any]
# Where a refusal of the ledger names an input, the column that it came from.
COLUMNS = {"matures_on": "due_date", "lines": "amount", "credit": "from", "debt": "to", "returns": "shipments"}
# In which series of numbers a document is looked for: those that may pay, and those that may be paid.
PAYING = ("payment", "invoice", "shipment", "opening", "discount")
PAID = ("invoice", "opening", "shipment", "payment")
# Sheets whose rows say when a debt that they make is due; a due date before the document is worth a look.
DEBTS = ("shipments", "invoices")


class Rows:
    """What all sheets of documents share: their rows, the book that they go to, and what became of each."""

    def __init__(self, parsed: ParsedBook, people: People, book: Book, told: Told) -> None:
        self.parsed, self.people, self.book = parsed, people, book
        self.known = Known()
        self.posted: Counter[str] = Counter()
        self.skipped: Counter[str] = Counter()
        self.entries: dict[str, list[Entry]] = {}
        # New documents by series and number, and the numbers of rows that were turned away.
        self.fresh: dict[str, dict[str, Entry]] = {series: {} for series in PAYING}
        self.failed: set[str] = set()
        self._told = told
        self._done = 0
        self._total = sum(len(sheet.rows) for sheet in parsed.sheets.values())

    def sound(self, key: str) -> list[tuple[Row, Customer]]:
        """The rows that can be posted so far, with their customers; others are remembered by number."""
        found = []
        for row in self.parsed.rows(key):
            self.tell()
            customer = self.people.customer(key, row) if row["customer"] else None
            if not row.is_sound:  # who else is wrong in it is said now, too
                self.people.salespeople.of(key, row)
            if customer is not None and row.written:
                self._check_currency(key, row, customer)
            if customer is None or not row.is_sound:
                self.failed.add(row["number"] or "")
            else:
                found.append((row, customer))
        return found

    def documents(self, key: str) -> list[tuple[Row, Customer]]:
        """The sound rows of a sheet on which each row is a document: what adds before what takes away, in the order
        of their dates and numbers, for the order in a file means nothing.
        """
        first: dict[str, int] = {}
        found = []
        for row, customer in self.sound(key):
            number = row["number"]
            if not row["amount"]:
                self.mistake(key, row, "amount", row["amount"], _("is zero; a document is worth something"))
            elif number and first.setdefault(number, row.number) != row.number:
                message = _("is the number of row %(row)d as well; each document stands in one row")
                self.mistake(key, row, "number", number, message % {"row": first[number]})
            else:
                found.append((row, customer))
        return sorted(found, key=_place_in_time)

    def is_known(
        self,
        key: str,
        series: str,
        row: Row,
        customer: Customer,
        amount: Decimal,
        extra: Any = (),
        *,
        sign: int = 1,
        beyond: Callable[[Entry], Difference | None] | None = None,
    ) -> bool:
        """Whether the ledger has the row's document: skipped where it says the same, else a mistake. A sheet whose
        amounts take from the balance where the ledger's are negative gives `sign` -1. `beyond` compares what is not
        in a column of its own.

        A document that was reversed since is known as well, or the same mistake would be posted again; where the row
        says something else by now, it is the right document in its place.
        """
        stored = self.known.latest(series, row["number"] or "")
        if stored is None:
            return False
        pairs: list[tuple[str, Any, Any]] = [
            ("customer", row["customer"], customer.code if stored.customer_id == customer.pk else "?"),
            ("date", row["date"], stored.date),
            ("amount", amount, self.known.total(stored) * sign),
            ("salesperson", getattr(self.people.salespeople.of(key, row), "pk", None), stored.salesperson_id),
            *((column, given, _follow(stored, path)) for column, given, path in extra),
        ]
        if stored.is_debt:
            pairs.append(("due_date", row["due_date"], stored.due_date))
        if "memo" in self.parsed.sheets[key].headings:
            pairs.append(("memo", row["memo"], stored.memo))
        found: Difference | None = None
        if difference := first_difference(pairs):
            found = (row, difference[0], row[difference[0]], difference[1])
        elif beyond is not None:
            found = beyond(stored)
        if found is not None and stored.reversed_on is not None:
            return False
        if found is not None:
            message = _("differs from the document of this number in the ledger (%(stored)s); nothing is overwritten")
            at, column, value, was = found
            self.mistake(key, at, column, value, message % {"stored": was})
        else:
            self.skipped[key] += 1
        return True

    def post(self, key: str, series: str, row: Row, act: Any, customer: Customer, **facts: Any) -> Entry | None:
        """Adds the row's document to the book; None where it is turned away."""
        if row.is_sound:
            self._warn_of_dates(key, row)
            try:
                entry: Entry = act(self.book, customer, **facts)
            except LedgerError as refusal:
                self.refused(key, row, refusal)
            else:
                self.posted[key] += 1
                self.entries.setdefault(key, []).append(entry)
                if entry.number:
                    self.fresh[series][entry.number] = entry
                return entry
        self.failed.add(row["number"] or "")
        return None

    def refused(self, key: str, row: Row, refusal: LedgerError) -> None:
        column = COLUMNS.get(refusal.field or "", refusal.field)
        known = {found.key for found in self.parsed.sheets[key].sheet.columns}
        column = column if column in known else None
        self.mistake(key, row, column, row[column] if column else None, refusal.message)

    def mistake(self, key: str, row: Row, column: str | None, value: object, message: str) -> None:
        self.parsed.mistake(key, row, column, value, message)
        self.failed.add(row["number"] or "")

    def warn(self, key: str, row: Row, column: str, message: str) -> None:
        self.parsed.warnings.append(self.parsed.place(key, row.number, column, row[column], message))

    def tell(self) -> None:
        self._done += 1
        self._told(self._done, self._total, _("Checking"))

    def _check_currency(self, key: str, row: Row, customer: Customer) -> None:
        for column, written in (row.written or {}).items():
            if message := other_currency(written, customer.currency):
                self.mistake(key, row, column, written, message)

    def _warn_of_dates(self, key: str, row: Row) -> None:
        if row["date"] > self.book.today:
            self.warn(key, row, "date", _("is after today; the document counts from that day on"))
        if row["due_date"] is None:
            return
        if key != "payments" and row["amount"] is not None and row["amount"] < 0:
            self.warn(key, row, "due_date", _("means nothing on what the customer is owed; it was passed over"))
        elif key in DEBTS and row["due_date"] < row["date"]:
            self.warn(key, row, "due_date", _("is before the document's own date"))


def _place_in_time(pair: tuple[Row, Customer]) -> tuple[Any, ...]:
    row = pair[0]
    return row["amount"] < 0, row["date"], row["number"] or ""


def _follow(entry: Entry, path: str) -> Any:
    """`invoice.tax` of an entry; None where a relation on the way is missing."""
    found: Any = entry
    for name in path.split("."):
        found = getattr(found, name, None)
        if found is None:
            return None
    return found
