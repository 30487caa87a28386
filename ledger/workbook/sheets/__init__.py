"""The sheets of documents, each with what is peculiar to its rows, in the order in which they lean on each other."""

from django.utils.translation import gettext as _

from ledger.workbook.naming import numbers_in
from ledger.workbook.rows import PAID, PAYING, Rows
from ledger.workbook.sheets import allocations, invoices, openings, payments, shipments

# The series of numbers that a sheet's documents belong to.
SERIES = {"opening": "opening", "shipments": "shipment", "invoices": "invoice", "payments": "payment"}


def take_all(rows: Rows) -> None:
    """Takes every row of the workbook to the book, or notes why not."""
    _look_up(rows)
    openings.take(rows)
    shipments.take(rows)
    invoices.take(rows)
    payments.take(rows)
    allocations.take(rows)


def _look_up(rows: Rows) -> None:
    """Asks the ledger once for every number that the file names; into the book come those that new rows refer to."""
    for key, series in SERIES.items():
        _load(rows, series, {row["number"] for row in rows.parsed.rows(key) if row["number"]})
    named = _named_by_new_rows(rows)
    for series, numbers in named.items():
        _load(rows, series, numbers)
    found = (rows.known.document(series, number) for series, numbers in named.items() for number in numbers)
    stored = [entry.pk for entry in found if entry is not None]
    rows.book.load(stored)
    rows.book.load_billed([pk for pk in stored if rows.book.is_goods(pk)])


def _load(rows: Rows, series: str, numbers: set[str]) -> None:
    rows.known.load(series, numbers)
    rows.book.numbers.note(series, numbers, taken=rows.known.numbers(series))


def _named_by_new_rows(rows: Rows) -> dict[str, set[str]]:
    """Numbers of documents that others refer to, by the series in which they may be."""
    named: dict[str, set[str]] = {series: set() for series in PAYING}
    for row in rows.parsed.rows("invoices"):
        if rows.known.document("invoice", row["number"] or "") is None:
            named["shipment"] |= numbers_in(row["shipments"])
            named["invoice"] |= {row["reverses"]} if row["reverses"] else set()
    for row in rows.parsed.rows("payments"):
        paid = numbers_in(row["invoices"])
        for series in PAID:
            named[series] |= paid
    moved = {row[end] for row in rows.parsed.rows("allocations") for end in ("from", "to") if row[end]}
    for series in PAYING:
        named[series] |= moved
    return named


def note_taken_meanwhile(rows: Rows) -> bool:
    """Notes as mistakes the new numbers that somebody else has given at the same time; whether there are any."""
    before = len(rows.parsed.errors)
    for key, series in SERIES.items():
        rows.known.load(series, rows.fresh[series])
        for row in rows.parsed.rows(key):
            if rows.known.document(series, row["number"] or "") and row["number"] in rows.fresh[series]:
                message = _("was given to another document a moment ago; import the file again")
                rows.mistake(key, row, "number", row["number"], message)
    return len(rows.parsed.errors) > before
