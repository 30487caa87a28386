"""`python -m bench.one_export ours|bare FILE`: writes the Excel report of today once, in a process of its own.

Prints the seconds that it took, without the start of the process. `bare` is openpyxl's write-only mode with the same
cells and styles, its rows at hand.
"""

import json
import os
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from unittest import mock

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
django.setup()

from django.utils import timezone  # noqa: E402
from openpyxl import Workbook  # noqa: E402
from openpyxl.cell import WriteOnlyCell  # noqa: E402
from openpyxl.worksheet.worksheet import Worksheet  # noqa: E402

from aging import workbook  # noqa: E402
from aging.question import Question  # noqa: E402
from config.sheets import Book, Cell, Column, Extent, Formula  # noqa: E402

Sheets = list[tuple[str, Sequence[Column], list[Sequence[Cell]]]]


def ours(path: Path) -> float:
    begin = time.perf_counter()
    workbook.write(path, Question(as_of=timezone.localdate()), user=None)
    return time.perf_counter() - begin


def bare(path: Path) -> float:
    sheets = _recorded(path)
    begin = time.perf_counter()
    book = Workbook(write_only=True)
    for title, columns, rows in sheets:
        sheet = book.create_sheet(title)
        sheet.append([str(column.heading) for column in columns])
        # A cell for each column, set anew in each row: the quickest that openpyxl can do with styles.
        cells = [WriteOnlyCell(sheet) for _column in columns]
        for cell, column in zip(cells, columns, strict=True):
            if column.style is not None:
                cell.number_format = column.style.value
        for row in rows:
            for cell, value in zip(cells, row, strict=True):
                shown = f"={value.expression}" if isinstance(value, Formula) else value
                cell.value = shown  # type: ignore[assignment]
            sheet.append(cells)
    book.save(path)
    return time.perf_counter() - begin


def _recorded(path: Path) -> Sheets:
    """What the report streams into its sheets, kept instead of written."""
    sheets: Sheets = []

    class Recorder(Book):
        def stream(
            self, sheet: Worksheet, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], *, frozen: int = 0
        ) -> Extent:
            kept = list(rows)
            sheets.append((sheet.title, columns, kept))
            return Extent(1, len(kept), len(columns))

    with mock.patch("aging.workbook.Book", Recorder):
        ours(path)
    return sheets


if __name__ == "__main__":
    print(json.dumps({"ours": ours, "bare": bare}[sys.argv[1]](Path(sys.argv[2]))))
