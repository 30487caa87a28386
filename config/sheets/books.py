"""A workbook made by openpyxl, whose long sheets are streamed into its package."""

import re
import secrets
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from itertools import islice, repeat
from pathlib import Path
from typing import IO, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.cell.cell import MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from config.sheets.cells import Cell, Formula, Style, ends, is_mixed, safe_text, style_of, text_width, widest

MOST_ROWS = 1_048_576
_ROWS_AT_ONCE = 1_000
_NARROWEST, _WIDEST = 6, 60
# Level 1 packs a sheet almost as small as the usual 6 and in a third of the time.
_PACKING = 1
_TO_THE_RIGHT = (Style.MONEY, Style.NUMBER)
# Named, or some readers take another typeface for it than for the cells around it.
_BOLD = Font(name="Calibri", size=11, bold=True)
_LINE = Side(style="thin", color="FFB8C0CC")
_HEADING_FILL = PatternFill("solid", start_color="FFE3EEF6")
_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_DIMENSION = re.compile(rb'<dimension ref="[^"]*" ?/>')


class TooManyRows(ValueError):
    """A sheet of Excel holds no more than MOST_ROWS rows."""


@dataclass(frozen=True, slots=True)
class Column:
    heading: str | Promise
    # None: as the type of the first values asks for.
    style: Style | None = None
    # Whether the last row sums the column, over the rows that a filter leaves.
    summed: bool = False


@dataclass(frozen=True, slots=True)
class Extent:
    """Where the rows of a list stand in their sheet, headings and total apart; `last` < `first` for no rows."""

    first: int
    last: int
    columns: int

    @property
    def count(self) -> int:
        return self.last - self.first + 1


class Book:
    """Sheets are made by openpyxl (`workbook`); `stream` fills one with a list of any length.

    The rows wait in a temporary file until `save`, so that widths and totals are known when the sheet is written.
    """

    def __init__(self, *, title: str, creator: str = "") -> None:
        self.workbook = Workbook()
        self.workbook.remove(self.workbook.worksheets[0])
        self.workbook.properties.title = safe_text(title)
        self.workbook.properties.creator = safe_text(creator)
        self._rows: dict[str, tuple[IO[bytes], str]] = {}

    def __enter__(self) -> "Book":
        return self

    def __exit__(self, *_error: object) -> None:
        for spool, _reference in self._rows.values():
            spool.close()

    def add_sheet(self, title: str) -> Worksheet:
        """A new sheet, to be printed on A4 across, as wide as the page."""
        sheet: Worksheet = self.workbook.create_sheet(_NOT_IN_TITLES.sub(" ", title).strip("' ")[:31] or "1")
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = 9  # A4
        sheet.page_setup.fitToWidth = 1
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.page_margins.left = sheet.page_margins.right = 0.4
        sheet.page_margins.top, sheet.page_margins.bottom = 0.5, 0.7
        # "&" begins a code of the footer.
        sheet.oddFooter.left.text = sheet.title.replace("&", "&&")  # type: ignore[union-attr]
        sheet.oddFooter.right.text = "&P / &N"  # type: ignore[union-attr]
        return sheet

    def stream(
        self, sheet: Worksheet, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], *, frozen: int = 0
    ) -> Extent:
        """Writes a list below what stands in the sheet: headings and `frozen` first columns that stay in sight, the
        headings repeated on each printed page, a filter, the rows, and a total where a column is summed.
        """
        top = 1 if sheet.max_row == 1 and sheet["A1"].value is None else sheet.max_row + 1
        for number, column in enumerate(columns, 1):
            heading(sheet.cell(top, number), str(column.heading), right=column.style in _TO_THE_RIGHT)
        spool = tempfile.TemporaryFile()  # noqa: SIM115 -- closed with the book
        writer = _Rows(sheet, columns, first=top + 1)
        self._rows[sheet.title] = (spool, "")
        for piece in writer.pieces(rows):
            spool.write(piece)
        extent = Extent(top + 1, writer.next_row - 1, len(columns))
        spool.write(writer.total_row(extent))
        last_letter = get_column_letter(len(columns))
        self._rows[sheet.title] = (spool, f"A1:{last_letter}{max(writer.next_row - 1, top)}")
        sheet.freeze_panes = f"{get_column_letter(frozen + 1)}{top + 1}"
        sheet.auto_filter.ref = f"A{top}:{last_letter}{max(extent.last, top)}"
        sheet.print_title_rows = f"{top}:{top}"
        for number, width in enumerate(writer.widths, 1):
            sheet.column_dimensions[get_column_letter(number)].width = min(max(width, _NARROWEST), _WIDEST) + 2
        return extent

    def save(self, target: BinaryIO | str | Path) -> None:
        if isinstance(target, str | Path):
            with replacing(Path(target)) as file:
                self.save(file)
            return
        made = BytesIO()
        self.workbook.save(made)
        streamed = {sheet.path.lstrip("/"): self._rows[sheet.title] for sheet in self.workbook.worksheets
                    if sheet.title in self._rows}  # fmt: skip
        with ZipFile(made) as source, ZipFile(target, "w", ZIP_DEFLATED, compresslevel=_PACKING) as package:
            for name in source.namelist():
                content = source.read(name)
                if name not in streamed:
                    package.writestr(name, content)
                    continue
                spool, reference = streamed[name]
                content = _DIMENSION.sub(f'<dimension ref="{reference}"/>'.encode(), content)
                head, end, tail = content.partition(b"</sheetData>")
                spool.seek(0)
                with package.open(name, "w", force_zip64=True) as member:
                    member.write(head)
                    while piece := spool.read(1 << 20):
                        member.write(piece)
                    member.write(end + tail)


class _Rows:
    """Turns rows into pieces of XML, and keeps the widths and totals of their columns."""

    def __init__(self, sheet: Worksheet, columns: Sequence[Column], *, first: int) -> None:
        self.columns = columns
        self.first = self.next_row = first
        self.letters = [get_column_letter(number) for number in range(1, len(columns) + 1)]
        # Room for the button of the filter beside the heading.
        self.widths = [text_width(str(column.heading)) + 3 for column in columns]
        self.totals = [Decimal(0) for _column in columns]
        self.styles: dict[tuple[Style, bool], int] = {}
        self._sheet = sheet

    def pieces(self, rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
        source = iter(rows)
        while chunk := list(islice(source, _ROWS_AT_ONCE)):
            if self.next_row + len(chunk) >= MOST_ROWS:
                raise TooManyRows(
                    _("A sheet of Excel holds no more than %(rows)s rows.") % {"rows": f"{MOST_ROWS:,}"}
                )
            yield self._piece(chunk).encode()
            self.next_row += len(chunk)

    def _piece(self, chunk: Sequence[Sequence[Cell]]) -> str:
        numbers = range(self.next_row, self.next_row + len(chunk))
        cells = [[f'<row r="{number}">' for number in numbers]]
        for index, values in enumerate(zip(*chunk, strict=True)):
            column = self.columns[index]
            begin = f'<c r="{self.letters[index]}'
            cells.append(
                [
                    f'{begin}{number}" s="{style}"{end}'
                    for number, style, end in zip(numbers, self._styles(column, values), ends(values), strict=False)
                ]
            )
            self.widths[index] = widest(values, self.widths[index])
            if column.summed:
                self.totals[index] += _sum(values)
        return "</row>".join(map("".join, zip(*cells, strict=True))) + "</row>"

    def total_row(self, extent: Extent) -> bytes:
        """The row of totals, for lists with summed columns; its formulas follow the filter."""
        if not any(column.summed for column in self.columns):
            return b""
        number = self.next_row
        cells = []
        for letter, column, total in zip(self.letters, self.columns, self.totals, strict=True):
            value: Cell = None
            if column.summed:
                value = Formula(f"SUBTOTAL(109,{letter}{extent.first}:{letter}{extent.last})", total)
                if not extent.count:
                    value = total
            elif letter == "A":
                value = _("Total")
            style = self._style(column.style or style_of([value]), bold=True)
            cells.append(f'<c r="{letter}{number}" s="{style}"{ends([value])[0]}')
        for index, total in enumerate(self.totals):
            self.widths[index] = widest([total], self.widths[index])
        self.next_row += 1
        return f'<row r="{number}">{"".join(cells)}</row>'.encode()

    def _styles(self, column: Column, values: Sequence[Cell]) -> Iterable[int]:
        """The number of each value's style: of all alike, but in a column of mixed values without a style."""
        if column.style is None and is_mixed(values):
            return [self._style(style_of([value])) for value in values]
        return repeat(self._style(column.style or style_of(values)))

    def _style(self, style: Style, *, bold: bool = False) -> int:
        """The number of the style in the workbook; a cell that is not kept in the sheet registers it."""
        if (style, bold) not in self.styles:
            sample = SheetCell(self._sheet, row=1, column=1)
            sample.number_format = style.value
            if bold:
                sample.font = _BOLD
                sample.border = Border(top=_LINE)
            self.styles[style, bold] = sample.style_id
        return self.styles[style, bold]


def _sum(values: Iterable[Cell]) -> Decimal:
    total = Decimal(0)
    for value in values:
        if isinstance(value, Formula):
            total += value.value
        elif isinstance(value, Decimal | int):
            total += value
    return total


def put(cell: SheetCell | MergedCell, value: Cell, style: Style | None = None, *, bold: bool = False) -> None:
    """Sets a cell of openpyxl; text is never taken for a formula."""
    if isinstance(value, str | Promise):
        cell.value = safe_text(str(value))
        cell.data_type = "s"
    elif value is not None:
        cell.value = value  # type: ignore[assignment]
    cell.number_format = (style or style_of([value])).value
    if bold:
        cell.font = _BOLD


def heading(cell: SheetCell | MergedCell, text: str, *, right: bool = False) -> None:
    put(cell, text, bold=True)
    cell.fill = _HEADING_FILL
    cell.border = Border(bottom=_LINE)
    cell.alignment = Alignment(horizontal="right" if right else None, vertical="center", wrap_text=True)


def write_rows(
    target: BinaryIO | str | Path,
    headings: Sequence[object],
    rows: Iterable[Sequence[Cell]],
    *,
    title: str,
    formats: Sequence[Style | None] | None = None,
) -> None:
    """An .xlsx of one list. `formats` gives the style of each column; without, the values' types decide."""
    styles = formats or [None] * len(headings)
    with Book(title=title) as book:
        columns = [Column(str(name), style) for name, style in zip(headings, styles, strict=True)]
        book.stream(book.add_sheet(title), columns, rows)
        book.save(target)


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A file that takes its name when it is written to the end: a reader finds the old one or the new one."""
    draft = path.with_name(f".{path.name[:50]}.{secrets.token_hex(4)}")
    try:
        with draft.open("xb") as file:
            yield file
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
