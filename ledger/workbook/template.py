"""The workbook to fill in: every sheet with its headings in both languages, empty or with an example."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from config.sheets import safe_text
from ledger.workbook.layout import SHEETS, Column, Holds

REQUIRED = PatternFill("solid", fgColor="FFF2CC")
OPTIONAL = PatternFill("solid", fgColor="EDEDED")
FORMATS = {Holds.DATE: "yyyy-mm-dd", Holds.AMOUNT: "#,##0.00", Holds.CODE: "@", Holds.TEXT: "@"}
# So many rows are formatted in advance: text stays text and dates are dates as they are typed.
PREPARED_ROWS = 500


def template(*, chinese: bool, example: bool) -> Workbook:
    """The template with headings in one language; required columns are yellow."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for layout in SHEETS:
        sheet = workbook.create_sheet(layout.chinese if chinese else layout.english)
        sheet.freeze_panes = "A2"
        for position, column in enumerate(layout.columns, start=1):
            _head(sheet, position, column, chinese=chinese)
            for row in range(2, PREPARED_ROWS + 2):
                sheet.cell(row, position).number_format = FORMATS.get(column.holds, "General")
            if example:
                for row, value in enumerate(column.example, start=2):
                    _put(sheet, row, position, column, value)
    return workbook


def _head(sheet: Worksheet, position: int, column: Column, *, chinese: bool) -> None:
    cell = sheet.cell(1, position, column.chinese if chinese else column.english)
    cell.font = Font(bold=True)
    cell.fill = REQUIRED if column.required else OPTIONAL
    cell.alignment = Alignment(vertical="center")
    if note := _note(column):
        cell.comment = Comment(note, "")
    width = sum(2 if ord(letter) > 255 else 1 for letter in str(cell.value))
    longest = max((len(str(value)) for value in column.example if value is not None), default=0)
    sheet.column_dimensions[get_column_letter(position)].width = max(12, width + 4, longest + 2)


def _note(column: Column) -> str:
    if column.choices:
        return " / ".join(column.choices_said)
    return {
        "amount": _("Tax included. A negative amount is a return, a credit note, an advance or a refund."),
        "shipments": _("The shipments that this invoice bills: numbers separated by semicolons."),
        "invoices": _("INV1:100.00;INV2 settles 100.00 of INV1 and INV2 as far as the payment reaches."),
        "reverses": _("For a credit note: the number of the invoice that it reverses."),
    }.get(column.key, "")


def _put(sheet: Worksheet, row: int, position: int, column: Column, value: Any) -> None:
    if value is None:
        return
    cell = sheet.cell(row, position)
    if column.holds == Holds.DATE:
        cell.value = date.fromisoformat(value)
    elif isinstance(value, str):
        cell.value = safe_text(value)
        cell.data_type = "s"
    else:
        cell.value = value
