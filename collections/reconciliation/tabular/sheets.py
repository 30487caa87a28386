"""The rows of a file, whatever it is: told by its content, never by its name.

Workbooks (.xlsx, .xls) are read in a process with limits of memory and time (`ledger.workbook.reading`). Text may be
CSV, separated by tabs, semicolons or bars; many a bank's “.xls” is such a text, or a page of HTML.
"""

import csv
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from ledger.workbook.limits import LONGEST_TEXT, MOST_COLUMNS, OLE, Limits
from ledger.workbook.reading import UnreadableFile, opened
from reconciliation.tabular import xml_sheets
from reconciliation.tabular.decoding import decoded
from reconciliation.tabular.errors import UnreadableTable

SEPARATORS = (",", "\t", ";", "|")
_SAMPLE = 200
_MOST_ROWS = Limits().rows


@dataclass(slots=True)
class Sheet:
    """Rows that have something in them, by their number in the file; cells are texts, numbers or days."""

    name: str
    rows: list[tuple[int, list[Any]]] = field(default_factory=list)


def read_sheets(path: Path) -> list[Sheet]:
    """The sheets of the file that have rows. Raises UnreadableTable."""
    content = _content(path)
    if content.startswith((OLE, b"PK\x03\x04")):
        return _workbook(path)
    if xml_sheets.MARK in content[:4096]:
        return _with_rows([Sheet(name, rows) for name, rows in xml_sheets.read(content)])
    text = decoded(content)
    if "<table" in text[:20_000].lower() or "<tr" in text[:20_000].lower():
        sheets = _page(text)
    else:
        sheets = [Sheet("", list(_text_rows(text)))]
    return _with_rows(sheets)


def _content(path: Path) -> bytes:
    try:
        content = path.read_bytes() if path.stat().st_size <= settings.IMPORT_MAX_BYTES else None
    except (OSError, ValueError):
        raise UnreadableTable(_("The file cannot be opened.")) from None
    if content is None:
        limit = settings.IMPORT_MAX_BYTES // 1024 // 1024
        raise UnreadableTable(_("The file is larger than %(n)d MB. Export a shorter period.") % {"n": limit})
    if not content.strip():
        raise UnreadableTable(_("The file is empty."))
    return content


def _workbook(path: Path) -> list[Sheet]:
    try:
        with _by_content(path) as unnamed, opened(unnamed, old=True) as sheets:
            found = [Sheet(sheet.name, [(n, [*cells]) for n, cells in sheet.rows]) for sheet in sheets]
    except UnreadableFile as refusal:
        raise UnreadableTable(str(refusal)) from None
    return _with_rows(found)


@contextmanager
def _by_content(path: Path) -> Iterator[Path]:
    """The same file under a name that says nothing: the reading process goes by the ending of a CSV file."""
    with tempfile.TemporaryDirectory() as folder:
        unnamed = Path(folder) / "workbook"
        unnamed.symlink_to(path.absolute())
        yield unnamed


def _with_rows(sheets: list[Sheet]) -> list[Sheet]:
    found = [sheet for sheet in sheets if sheet.rows]
    if not found:
        raise UnreadableTable(_("The file has no rows."))
    if sum(len(sheet.rows) for sheet in found) > _MOST_ROWS:
        raise UnreadableTable(_("The file has more than %(n)d rows. Export a shorter period.") % {"n": _MOST_ROWS})
    return found


def _text_rows(text: str) -> Iterator[tuple[int, list[Any]]]:
    separator = _separator(text[: 1 << 16])
    csv.field_size_limit(1 << 20)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, [cell[:LONGEST_TEXT] for cell in cells[:MOST_COLUMNS]]
            line = reader.line_num + 1
    except csv.Error:
        message = _("Line %(line)d is cut off or has quotes that do not close. Export the file again.")
        raise UnreadableTable(message % {"line": line}) from None


def _separator(sample: str) -> str:
    """The one that splits most lines into one and the same number of cells."""
    lines = [line for line in sample.splitlines() if line.strip()][:_SAMPLE]

    def regularity(separator: str) -> tuple[int, int]:
        counts: dict[int, int] = {}
        for cells in csv.reader(lines, delimiter=separator):
            width = sum(1 for cell in cells if cell.strip()) and len(cells)
            counts[width] = counts.get(width, 0) + 1
        width, times = max(((w, n) for w, n in counts.items() if w > 1), key=lambda pair: pair[1], default=(0, 0))
        return (times, -SEPARATORS.index(separator)) if width else (0, -SEPARATORS.index(separator))

    try:
        return max(SEPARATORS, key=regularity)
    except csv.Error:
        return ","


class _Tables(HTMLParser):
    """The cells of all tables of a page; where one spans several columns, the others are empty."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.sheets: list[Sheet] = []
        self._row: list[Any] | None = None
        self._cell: list[str] | None = None
        self._span, self._number = 1, 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table" or (tag == "tr" and not self.sheets):
            self._end_row()
            self.sheets.append(Sheet(""))
        if tag == "tr":
            self._end_row()
            self._row = []
        elif tag in ("td", "th") and self._row is not None:
            self._end_cell()
            self._cell = []
            span = dict(attrs).get("colspan") or "1"
            self._span = min(int(span), 100) if span.isdecimal() else 1
        elif tag == "br" and self._cell is not None:
            self._cell.append(" ")

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._end_cell()
        elif tag in ("tr", "table"):
            self._end_row()

    def close(self) -> None:
        super().close()
        self._end_row()

    def _end_cell(self) -> None:
        if self._cell is not None and self._row is not None:
            self._row += ["".join(self._cell).strip(), *[""] * (self._span - 1)]
        self._cell = None

    def _end_row(self) -> None:
        self._end_cell()
        if self._row is not None:
            self._number += 1
            if any(self._row):
                self.sheets[-1].rows.append((self._number, self._row))
        self._row = None


def _page(text: str) -> list[Sheet]:
    """The tables of a page, as one: banks put the title, the heading and the rows into tables of their own."""
    tables = _Tables()
    tables.feed(text)
    tables.close()
    return [Sheet("", [row for sheet in tables.sheets for row in sheet.rows])]
