"""From raw rows to typed ones: headings found, cells read, every mistake noted with its place."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from config.words import listed
from ledger.money import currencies
from ledger.workbook.cells import CellError, read
from ledger.workbook.layout import SHEETS, Column, Holds, Sheet, column_named, sheet_named
from ledger.workbook.reading import RawSheet

# Beyond so many mistakes another one helps nobody; the rest of the file is not read.
MOST_ERRORS = 10_000


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that is wrong: where it stands, what was read there, and how to mend it."""

    sheet: str
    row: int | None
    column: str | None
    value: str | None
    message: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(slots=True)
class Row:
    """One row of a sheet by the keys of its columns; empty cells are None."""

    number: int
    values: dict[str, Any]
    is_sound: bool = True
    # Amounts that were written with a currency, as they were written.
    written: dict[str, str] | None = None

    def __getitem__(self, key: str) -> Any:
        return self.values.get(key)


@dataclass(slots=True)
class ParsedSheet:
    sheet: Sheet
    # As the file calls it, and its columns, for messages and for the marked copy.
    name: str
    headings: dict[str, str] = field(default_factory=dict)
    positions: dict[str, int] = field(default_factory=dict)
    heading_row: int = 0
    rows: list[Row] = field(default_factory=list)


@dataclass(slots=True)
class ParsedBook:
    sheets: dict[str, ParsedSheet] = field(default_factory=dict)
    errors: list[Mistake] = field(default_factory=list)
    warnings: list[Mistake] = field(default_factory=list)

    def rows(self, key: str) -> list[Row]:
        return self.sheets[key].rows if key in self.sheets else []

    def mistake(self, key: str, row: Row | int | None, column: str | None, value: object, message: str) -> None:
        """Notes a mistake; `column` is a column's key, and a row that has one is not posted."""
        if isinstance(row, Row):
            row.is_sound = False
            row = row.number
        self.errors.append(self.place(key, row, column, value, message))

    def place(self, key: str, row: int | None, column: str | None, value: object, message: str) -> Mistake:
        sheet = self.sheets[key]
        heading = sheet.headings.get(column, column) if column else None
        return Mistake(sheet.name, row, heading, _shown(value), message)


def _shown(value: object) -> str | None:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return None if value is None else str(value)[:200]


def parse(sheets: Iterable[RawSheet], told: Callable[[int], None] = lambda rows: None) -> ParsedBook:
    """All sheets that the layout knows; `told` hears now and then how many rows were read."""
    book = ParsedBook()
    seen = 0
    for raw in sheets:
        layout = sheet_named(raw.name)
        if layout is None:
            book.warnings.append(
                Mistake(raw.name, None, None, None, _("This sheet is not known and was passed over."))
            )
            continue
        if layout.key in book.sheets:
            message = _("The sheet %(name)s is there twice; keep one of them.") % {"name": layout.english}
            book.errors.append(Mistake(raw.name, None, None, None, message))
            continue
        parsed = book.sheets[layout.key] = ParsedSheet(layout, raw.name)
        for row in _rows(book, parsed, raw):
            parsed.rows.append(row)
            seen += 1
            if seen % 2_000 == 0:
                told(seen)
            if len(book.errors) > MOST_ERRORS:
                return book
    if not book.sheets:
        names = listed(f"{sheet.english} {sheet.chinese}" for sheet in SHEETS)
        message = _("No known sheet was found. Sheets are named: %(names)s.") % {"names": names}
        book.errors.append(Mistake("", None, None, None, message))
    return book


def _rows(book: ParsedBook, parsed: ParsedSheet, raw: RawSheet) -> Iterator[Row]:
    columns: list[tuple[int, Column]] | None = None
    for number, cells in raw.rows:
        if not any(cell not in (None, "") and str(cell).strip() for cell in cells):
            continue
        if columns is None:
            parsed.heading_row = number
            columns = _headings(book, parsed, number, cells, raw.left)
            if columns is None:
                return
            continue
        row = Row(number, {})
        for position, column in columns:
            cell = cells[position] if position < len(cells) else None
            try:
                value = read(cell, column)
            except CellError as error:
                book.mistake(parsed.sheet.key, row, column.key, cell, str(error))
                continue
            if value is not None:
                row.values[column.key] = value
                if column.holds is Holds.AMOUNT and isinstance(cell, str) and currencies(cell) is not None:
                    row.written = {**(row.written or {}), column.key: cell}
            elif column.required:
                book.mistake(parsed.sheet.key, row, column.key, None, _("is empty; it is required"))
        yield row


def _headings(
    book: ParsedBook, parsed: ParsedSheet, number: int, cells: list[Any], left: int
) -> list[tuple[int, Column]] | None:
    """Where each known column stands; None where a required one is missing."""
    key, found = parsed.sheet.key, {}
    for position, cell in enumerate(cells):
        heading = str(cell).strip() if cell is not None else ""
        if not heading:
            continue
        column = column_named(parsed.sheet, heading)
        if column is None:
            message = _("This column is not known and was passed over.")
            book.warnings.append(Mistake(parsed.name, number, heading, None, message))
        elif column.key in found:
            book.mistake(key, number, heading, heading, _("This column is there twice; keep one of them."))
        else:
            found[column.key] = (position, column)
            parsed.headings[column.key] = heading
            parsed.positions[column.key] = position + left
    missing = [column for column in parsed.sheet.columns if column.required and column.key not in found]
    for column in missing:
        name = f"{column.english} {column.chinese}"
        message = _("The column %(name)s is missing; no row of this sheet was read.") % {"name": name}
        book.mistake(key, number, name, None, message)
    return None if missing else list(found.values())
