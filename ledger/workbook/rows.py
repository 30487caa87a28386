"""Each row of the ledger's sheets: known already, or a document for the book, or a mistake with its place."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from customers.models import Customer
from ledger import documents
from ledger.book import Book
from ledger.documents import LineInput
from ledger.errors import LedgerError
from ledger.models import Entry, Payment
from ledger.money import ZERO, NotAnAmount, parsed, rounded
from ledger.workbook.known import Known, allocations_between, first_difference, openings_without_number
from ledger.workbook.parsing import ParsedBook, Row
from ledger.workbook.people import People

Told = Callable[[int, int, str], None]
# Where a refusal of the ledger names an input, the column that it came from.
COLUMNS = {"matures_on": "due_date", "lines": "amount", "credit": "from", "debt": "to", "returns": "shipments"}
# The series of numbers that a sheet's documents belong to.
SERIES = {"opening": "opening", "shipments": "shipment", "invoices": "invoice", "payments": "payment"}
# In which series a number is looked for: those that may pay, and those that may be paid.
PAYING = ("payment", "invoice", "shipment", "opening", "discount")
PAID = ("invoice", "opening", "shipment", "payment")


class Documents:
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

    def take(self) -> None:
        self._look_up()
        for key, take in (
            ("opening", self._openings),
            ("shipments", self._shipments),
            ("invoices", self._invoices),
            ("payments", self._payments),
            ("allocations", self._allocations),
        ):
            self.entries[key] = []
            if key in self.parsed.sheets:
                take(self.parsed.rows(key))

    # --- the sheets ---------------------------------------------------------------------------------------

    def _openings(self, rows: list[Row]) -> None:
        there = openings_without_number({customer.pk for customer in self.people.customers.values()})
        for row, customer in self._sound("opening", rows):
            number = row["number"] or ""
            content = (customer.pk, row["date"], row["amount"])
            if not number and there[content]:
                there[content] -= 1
                self.skipped["opening"] += 1
            elif not self._is_known("opening", "opening", row, customer, row["amount"], ()):
                self._post(
                    "opening", "opening", row, documents.opening, customer, date=row["date"], amount=row["amount"],
                    number=number, due_date=row["due_date"], salesperson=self.people.salesperson("opening", row),
                )  # fmt: skip

    def _shipments(self, rows: list[Row]) -> None:
        numbered = sorted((pair for pair in self._sound("shipments", rows)), key=lambda pair: pair[0]["number"])
        grouped = [list(pairs) for _n, pairs in groupby(numbered, key=lambda pair: pair[0]["number"])]
        for pairs in sorted(grouped, key=lambda pairs: pairs[0][0].number):
            first, customer = pairs[0]
            lines = [row for row, _customer in pairs]
            total = self._shipped(lines)
            if total is None or not self._is_one_document(lines):
                self.failed.add(first["number"])
                continue
            delivered = ("delivered_on", first["delivered_on"], "shipment.delivered_on")
            if self._is_known("shipments", "shipment", first, customer, total, (delivered,)):
                continue
            facts: dict[str, Any] = {
                "number": first["number"],
                "date": first["date"],
                "amount": abs(total),
                "lines": _lines(lines, total),
                "delivered_on": first["delivered_on"],
                "salesperson": self.people.salesperson("shipments", first),
                "memo": first["memo"] or "",
            }
            if total > 0:
                facts["due_date"] = first["due_date"]
            act = documents.shipment if total > 0 else documents.goods_return
            self._post("shipments", "shipment", first, act, customer, **facts)

    def _invoices(self, rows: list[Row]) -> None:
        for row, customer in self._sound("invoices", rows):
            steps = ("sent_on", "received_on", "booked_on")
            extra = [(step, row[step], f"invoice.{step}") for step in steps]
            extra += [("kind", row["kind"], "invoice.kind"), ("tax", row["tax"], "invoice.tax")]
            extra.append(("reverses", row["reverses"], "invoice.reverses.entry.number"))
            if self._is_known("invoices", "invoice", row, customer, row["amount"], extra):
                continue
            is_note = row["amount"] < 0
            goods = self._named(row, "invoices", "shipments", ("shipment",))
            reversed_invoice = None
            if row["reverses"]:
                if not is_note:
                    message = _("only a credit note (a negative amount) reverses an invoice")
                    self.parsed.mistake("invoices", row, "reverses", row["reverses"], message)
                reversed_invoice = self._find(row, "invoices", "reverses", row["reverses"], ("invoice",))
            facts: dict[str, Any] = {step: row[step] for step in steps}
            facts |= {
                "number": row["number"],
                "date": row["date"],
                "amount": abs(row["amount"]),
                "kind": row["kind"] or "special",
                "tax": abs(row["tax"] or ZERO),
                "salesperson": self.people.salesperson("invoices", row),
            }
            if is_note:
                facts |= {"reverses": reversed_invoice, "returns": goods}
                self._post("invoices", "invoice", row, documents.credit_note, customer, **facts)
            else:
                facts |= {"due_date": row["due_date"], "shipments": goods}
                self._post("invoices", "invoice", row, documents.invoice, customer, **facts)

    def _payments(self, rows: list[Row]) -> None:
        automatic = "allocations" not in self.parsed.sheets
        for row, customer in self._sound("payments", rows):
            extra = [
                ("method", row["method"], "payment.method"),
                ("bank_reference", row["bank_reference"], "payment.bank_reference"),
                ("due_date", row["due_date"], "payment.matures_on"),
            ]
            if self._is_known("payments", "payment", row, customer, row["amount"], extra, sign=-1):
                continue
            facts: dict[str, Any] = {
                "number": row["number"],
                "date": row["date"],
                "amount": abs(row["amount"]),
                "method": row["method"] or ("bill" if row["due_date"] else Payment.Method.TRANSFER),
                "bank_reference": row["bank_reference"] or "",
                "automatic": automatic,
                "salesperson": self.people.salesperson("payments", row),
                "memo": row["memo"] or "",
            }
            if row["amount"] > 0:
                facts |= {"matures_on": row["due_date"], "invoices": self._named_with_amounts(row)}
                self._post("payments", "payment", row, documents.payment, customer, **facts)
            else:
                self._post("payments", "payment", row, documents.refund, customer, **facts)

    def _allocations(self, rows: list[Row]) -> None:
        stored = {entry.pk for row in rows for entry in self._stored(row["from"]) if entry is not None}
        there = allocations_between(stored) if stored else Counter()
        writable = {customer.pk for customer in self.people.customers.values()}
        for row in rows:
            self._tell()
            if not row.is_sound:
                continue
            credit = self._find(row, "allocations", "from", row["from"], PAYING, side=-1)
            debt = self._find(row, "allocations", "to", row["to"], PAID, side=1)
            if credit is None or debt is None:
                continue
            day: date = row["date"] or max(credit.date, debt.date)
            content = (credit.pk, debt.pk, row["amount"], day)
            if there[content]:
                there[content] -= 1
                self.skipped["allocations"] += 1
                continue
            if row["amount"] <= 0:
                message = _("must be above zero: it says how much of the target is settled")
                self.parsed.mistake("allocations", row, "amount", row["amount"], message)
                continue
            if credit.customer_id not in writable:
                message = _("is no customer that you may post for; add it to the sheet Customers or check the code")
                self.parsed.mistake("allocations", row, "from", row["from"], message)
                continue
            try:
                self.book.settle_document(credit, debt, row["amount"], row["date"])
            except LedgerError as refusal:
                self._refused("allocations", row, refusal)
            else:
                self.posted["allocations"] += 1

    # --- one row ------------------------------------------------------------------------------------------

    def _sound(self, key: str, rows: list[Row]) -> Iterator[tuple[Row, Customer]]:
        """The rows that can be posted so far, with their customers; others are remembered by number."""
        for row in rows:
            self._tell()
            customer = self.people.customer(key, row) if row.is_sound else None
            if key != "shipments" and row.is_sound and not row["amount"]:
                self.parsed.mistake(key, row, "amount", row["amount"], _("is zero; a document is worth something"))
            if customer is None or not row.is_sound:
                self.failed.add(row["number"] or "")
            else:
                yield row, customer

    def _post(self, key: str, series: str, row: Row, act: Any, customer: Customer, **facts: Any) -> None:
        if not row.is_sound:
            self.failed.add(row["number"] or "")
            return
        try:
            entry: Entry = act(self.book, customer, **facts)
        except LedgerError as refusal:
            self._refused(key, row, refusal)
            self.failed.add(row["number"] or "")
            return
        self.posted[key] += 1
        self.entries[key].append(entry)
        if entry.number:
            self.fresh[series][entry.number] = entry

    def _refused(self, key: str, row: Row, refusal: LedgerError) -> None:
        column = COLUMNS.get(refusal.field or "", refusal.field)
        known = {found.key for found in self.parsed.sheets[key].sheet.columns}
        column = column if column in known else None
        self.parsed.mistake(key, row, column, row[column] if column else None, refusal.message)

    def _is_known(
        self, key: str, series: str, row: Row, customer: Customer, amount: Decimal, extra: Any, sign: int = 1
    ) -> bool:
        """Whether the ledger has the row's document: skipped where it says the same, else a mistake. A sheet whose
        amounts take from the balance where the ledger's are negative gives `sign` -1.
        """
        stored = self.known.document(series, row["number"] or "")
        if stored is None:
            return False
        pairs: list[tuple[str, Any, Any]] = [
            ("customer", row["customer"], customer.code if stored.customer_id == customer.pk else "?"),
            ("date", row["date"], stored.date),
            ("amount", amount, self.known.total(stored) * sign),
            ("salesperson", getattr(self.people.salesperson(key, row), "pk", None), stored.salesperson_id),
            *((column, given, _follow(stored, path)) for column, given, path in extra),
        ]
        if stored.is_debt:
            pairs.append(("due_date", row["due_date"], stored.due_date))
        if "memo" in self.parsed.sheets[key].headings:
            pairs.append(("memo", row["memo"], stored.memo))
        if difference := first_difference(pairs):
            column, was = difference
            message = _("differs from the document of this number in the ledger (%(stored)s); nothing is overwritten")
            self.parsed.mistake(key, row, column, row[column], message % {"stored": was})
        else:
            self.skipped[key] += 1
        return True

    def _named(self, row: Row, key: str, column: str, series: tuple[str, ...]) -> list[Entry]:
        numbers = [number.strip() for number in (row[column] or "").replace("；", ";").split(";")]
        found = [self._find(row, key, column, number, series) for number in numbers if number]
        return [entry for entry in found if entry is not None]

    def _named_with_amounts(self, row: Row) -> list[tuple[Entry, Decimal | None]]:
        """`INV1:100.00;INV2`: the named debts, with the amounts that are to settle them."""
        named = []
        for part in (row["invoices"] or "").replace("；", ";").replace("：", ":").split(";"):
            number, _colon, amount = part.strip().rpartition(":") if ":" in part else (part.strip(), "", "")
            if not number:
                continue
            try:
                settled = parsed(amount) if amount.strip() else None
            except NotAnAmount:
                message = _("names no amount after the colon; write it like INV1:100.00;INV2")
                self.parsed.mistake("payments", row, "invoices", part, message)
                continue
            entry = self._find(row, "payments", "invoices", number.strip(), PAID, side=1)
            if entry is not None:
                named.append((entry, settled))
        return named

    def _find(
        self, row: Row, key: str, column: str, number: str, series: tuple[str, ...], side: int | None = None
    ) -> Entry | None:
        """The document of a number, new or stored; notes a mistake where there is none, or more than one."""
        found = [
            entry
            for name in series
            for entry in (self.fresh[name].get(number) or self.known.document(name, number),)
            if entry is not None and (side is None or entry.side == side)
        ]
        if len(found) == 1 or (found and column == "invoices"):
            return found[0]
        if number in self.failed:
            row.is_sound = False
            return None
        if found:
            message = _("is the number of several documents; settle these in the browser")
        else:
            message = _("is no document of this file or of the ledger that fits here")
        self.parsed.mistake(key, row, column, number, message)
        return None

    def _stored(self, number: str | None) -> list[Entry | None]:
        return [self.known.document(series, number) for series in PAYING] if number else []

    # --- shipments of several rows --------------------------------------------------------------------------

    def _shipped(self, lines: list[Row]) -> Decimal | None:
        """The signed value of a shipment's rows; None where one of them cannot be reckoned."""
        total = ZERO
        for row in lines:
            quantity, price, amount = row["quantity"], row["unit_price"], row["amount"]
            of_line = rounded(quantity * price) if quantity is not None and price is not None else None
            if of_line is None and amount is None:
                message = _("is empty; give an amount, or a quantity and a unit price")
                self.parsed.mistake("shipments", row, "amount", None, message)
                return None
            if of_line is not None and amount is not None and of_line != amount:
                message = _("is not quantity times unit price (%(sum)s)") % {"sum": of_line}
                self.parsed.mistake("shipments", row, "amount", amount, message)
                return None
            total += of_line if of_line is not None else amount
        if not total:
            self.parsed.mistake("shipments", lines[0], "amount", total, _("is zero; a document is worth something"))
            return None
        return total

    def _is_one_document(self, lines: list[Row]) -> bool:
        """Whether the rows of one number agree on what belongs to the whole shipment."""
        first = lines[0]
        for row in lines[1:]:
            for column in ("customer", "date", "due_date", "delivered_on", "salesperson"):
                if row[column] is not None and row[column] != first[column]:
                    message = _("differs from the first row of this number; the rows are lines of one shipment")
                    self.parsed.mistake("shipments", row, column, row[column], message)
                    return False
        return True

    # --- looking up -----------------------------------------------------------------------------------------

    def _look_up(self) -> None:
        """Asks the ledger once for every number that the file names."""
        numbers: dict[str, set[str]] = {series: set() for series in PAYING}
        for key, series in (
            ("opening", "opening"),
            ("shipments", "shipment"),
            ("invoices", "invoice"),
            ("payments", "payment"),
        ):
            numbers[series] |= {row["number"] for row in self.parsed.rows(key) if row["number"]}
        for row in self.parsed.rows("invoices"):
            numbers["shipment"] |= _split(row["shipments"])
            numbers["invoice"] |= {row["reverses"]} if row["reverses"] else set()
        paid = {number for row in self.parsed.rows("payments") for number in _split(row["invoices"])}
        moved = {row[end] for row in self.parsed.rows("allocations") for end in ("from", "to") if row[end]}
        for series in PAYING:
            wanted = numbers[series] | moved | (paid if series in PAID else set())
            self.known.load(series, wanted)
            self.book.note_numbers(series, wanted, taken=self.known.numbers(series))
        stored = self.known.keys()
        self.book.load(stored)
        self.book.load_billed([pk for pk in stored if self.book.is_goods(pk)])

    def _tell(self) -> None:
        self._done += 1
        self._told(self._done, self._total, _("Checking"))


def _split(named: str | None) -> set[str]:
    """The numbers in `INV1:100.00;INV2`; a number with a colon of its own is tried whole as well."""
    parts = {part.strip() for part in (named or "").replace("；", ";").replace("：", ":").split(";")}
    return {number for part in parts for number in (part, part.rpartition(":")[0].strip()) if number}


def _lines(rows: list[Row], total: Decimal) -> list[LineInput]:
    """The lines of a shipment, where a row names a product; a return's are turned to positive quantities."""
    if not any(row["product"] for row in rows):
        return []
    sign = 1 if total > 0 else -1
    lines = []
    for row in rows:
        product, unit = row["product"] or row["memo"] or "–", row["unit"] or ""
        if row["quantity"] is not None and row["unit_price"] is not None:
            quantity, price = row["quantity"] * sign, row["unit_price"]
            if quantity < 0:
                quantity, price = -quantity, -price
            lines.append(LineInput(product, quantity, unit, price))
        else:
            lines.append(LineInput(product, Decimal(1), unit, row["amount"] * sign))
    return lines


def _follow(entry: Entry, path: str) -> Any:
    """`invoice.tax` of an entry; None where a relation on the way is missing."""
    found: Any = entry
    for name in path.split("."):
        found = getattr(found, name, None)
        if found is None:
            return None
    return found
