"""A copy of the handed-in rows with the faulty cells marked, and what is wrong with each, in a note on the cell."""

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
from ledger.workbook.parsing import Mistake
from ledger.workbook.reading import opened

FAULTY = PatternFill("solid", fgColor="FF9999")
FAULTY_ROW = PatternFill("solid", fgColor="FFE5E5")


def write_marked_copy(path: Path, target: Path, mistakes: list[Mistake]) -> None:
    """Copies the values of every known sheet to `target`. A faulty cell is red and carries a note; a mistake that
    has no cell of its own stands in the first cell of its row; the first sheet lists all of them.
    """
    by_place: dict[tuple[str, int], list[Mistake]] = defaultdict(list)
    for mistake in mistakes:
        by_place[(mistake.sheet, mistake.row or 1)].append(mistake)
    workbook = Workbook(write_only=True)
    listed = workbook.create_sheet(_("Mistakes"))
    listed.append([_("sheet"), _("row"), _("column"), _("what was read"), _("what is wrong")])
    for width, letter in zip((16, 8, 20, 30, 90), "ABCDE", strict=True):
        listed.column_dimensions[letter].width = width
    for mistake in mistakes:
        listed.append(
            [
                _text(listed, value)
                for value in (mistake.sheet, mistake.row, mistake.column, mistake.value, mistake.message)
            ]
        )
    with opened(path) as sheets:
        for raw in sheets:
            if sheet_named(raw.name) is None:
                continue
            copy = workbook.create_sheet(raw.name[:31])
            headings: list[str] = []
            for number, cells in enumerate(raw.rows, start=1):
                if not headings:
                    headings = [str(cell).strip() for cell in cells]
                wrong = by_place.get((raw.name, number), [])
                copy.append([None] * raw.left + _marked(copy, cells, headings, wrong))
            for position in range(raw.left, raw.left + len(headings)):
                copy.column_dimensions[get_column_letter(position + 1)].width = 16
    workbook.save(target)


def _marked(sheet: Any, cells: list[Any], headings: list[str], mistakes: list[Mistake]) -> list[Any]:
    if not mistakes:
        return [_text(sheet, cell) for cell in cells]
    row = [_cell(sheet, value) for value in cells] or [WriteOnlyCell(sheet)]
    row += [WriteOnlyCell(sheet) for _missing in range(len(headings) - len(row))]
    for cell in row:
        cell.fill = FAULTY_ROW
    notes: dict[int, list[str]] = defaultdict(list)
    for mistake in mistakes:
        at = headings.index(mistake.column) if mistake.column in headings else 0
        notes[at].append(mistake.message)
    for position, messages in notes.items():
        row[position].fill = FAULTY
        row[position].comment = Comment("\n".join(messages), _("Import"), width=320, height=40 + 40 * len(messages))
    return row


def _text(sheet: Any, value: Any) -> Any:
    """A value for a write-only row; text is never taken for a formula."""
    return _cell(sheet, value) if isinstance(value, str) and value.startswith(("=", "+", "-", "@")) else value


def _cell(sheet: Any, value: Any) -> Any:
    cell = WriteOnlyCell(sheet, None if isinstance(value, str) else value)
    if isinstance(value, str) and value:
        cell.value = safe_text(value)
        cell.data_type = "s"
    return cell
