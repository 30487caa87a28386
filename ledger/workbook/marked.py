"""A copy of the handed-in rows with the faulty cells marked, and what is wrong with each, in a note on the cell."""

import re
from collections import defaultdict
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter

from config.sheets import safe_text
from ledger.workbook.layout import sheet_named
from ledger.workbook.limits import MOST_LINES
from ledger.workbook.parsing import Mistake, ParsedBook, ParsedSheet
from ledger.workbook.reading import RawSheet, opened

FAULTY = PatternFill("solid", fgColor="FF9999")
FAULTY_ROW = PatternFill("solid", fgColor="FFE5E5")
# What stands further to the right of the last known column than this is not copied.
MARGIN = 10
_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\]")


def write_marked_copy(path: Path, target: Path, parsed: ParsedBook) -> None:
    """Copies the values of every known sheet to `target`. A faulty cell is red and carries a note; a mistake that
    has no cell of its own stands in the first cell of its row; the first sheet lists all of them.
    """
    by_row: dict[tuple[str, int], list[Mistake]] = defaultdict(list)
    for mistake in parsed.errors:
        by_row[(mistake.sheet, mistake.row or 1)].append(mistake)
    workbook = Workbook(write_only=True)
    _list(workbook, parsed.errors)
    with opened(path) as sheets:
        for raw in sheets:
            layout = sheet_named(raw.name)
            if layout is not None and layout.key in parsed.sheets:
                _copy(workbook, raw, parsed.sheets[layout.key], by_row)
    workbook.save(target)


def _list(workbook: Workbook, mistakes: list[Mistake]) -> None:
    sheet = workbook.create_sheet(_("Mistakes"))
    for width, letter in zip((16, 8, 20, 30, 90), "ABCDE", strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.append([_("sheet"), _("row"), _("column"), _("what was read"), _("what is wrong")])
    for mistake in mistakes:
        facts = (mistake.sheet, mistake.row, mistake.column, mistake.value, mistake.message)
        sheet.append([_cell(sheet, fact) for fact in facts])


def _copy(
    workbook: Workbook, raw: RawSheet, parsed: ParsedSheet, by_row: dict[tuple[str, int], list[Mistake]]
) -> None:
    sheet: Any = workbook.create_sheet(_NOT_IN_TITLES.sub(" ", safe_text(raw.name))[:31])
    width = max(parsed.positions.values(), default=0) + 1 + MARGIN
    for position in range(width - MARGIN):
        sheet.column_dimensions[get_column_letter(position + 1)].width = 16
    columns = {heading: parsed.positions[key] for key, heading in parsed.headings.items()}
    last = 0
    for number, cells in raw.rows:
        if number > MOST_LINES:
            break
        for _empty in range(number - last - 1):
            sheet.append([])
        copied = [None] * raw.left + cells
        sheet.append(_marked(sheet, copied[:width], columns, by_row.get((raw.name, number), [])))
        last = number


def _marked(sheet: Any, cells: list[Any], columns: dict[str, int], mistakes: list[Mistake]) -> list[Any]:
    if not mistakes:
        return [_value(sheet, value) for value in cells]
    row = [_cell(sheet, value) for value in cells]
    wide = max(columns.values(), default=0) + 1
    row += [_cell(sheet, None) for _missing in range(wide - len(row))]
    for cell in row:
        cell.fill = FAULTY_ROW
    notes: dict[int, list[str]] = defaultdict(list)
    for mistake in mistakes:
        notes[columns.get(mistake.column or "", 0)].append(safe_text(mistake.message))
    for position, messages in notes.items():
        row[position].fill = FAULTY
        row[position].comment = Comment("\n".join(messages), _("Import"), width=320, height=40 + 40 * len(messages))
    return row


def _value(sheet: Any, value: Any) -> Any:
    """A value alone, which is written faster than a cell; text that openpyxl would read as more needs a cell."""
    if not isinstance(value, str):
        return value
    return _cell(sheet, value) if value.startswith(("=", "#")) else safe_text(value) or None


def _cell(sheet: Any, value: Any) -> Any:
    """A cell of a write-only row; text is never taken for a formula, and what no cell can hold is left out."""
    if not isinstance(value, str):
        return WriteOnlyCell(sheet, value)
    cell = WriteOnlyCell(sheet)
    if text := safe_text(value):
        cell.value = text
        cell.data_type = "s"
    return cell
