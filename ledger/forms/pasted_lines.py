"""Lines of a shipment that are pasted from a spreadsheet into its form."""

from django.http import QueryDict

from ledger.forms.rows import MOST_ROWS
from ledger.grid.layout import LINE_GRID
from ledger.grid.pasting import pasted


def with_pasted_lines(data: QueryDict) -> QueryDict:
    """What the form sent, with `_paste` laid over its lines from `_row` and `_column` on: product, quantity, unit and
    unit price, in any order under headings, in this one without.
    """
    changed = data.copy()
    text = str(changed.pop("_paste")[-1])
    row, column, there = (_number(data.get(name)) for name in ("_row", "_column", "lines-TOTAL_FORMS"))
    new = pasted(LINE_GRID, text, at_column=column).rows
    for place, cells in enumerate(new[: MOST_ROWS - row], start=row):
        for key, cell in zip(LINE_GRID.keys, cells, strict=True):
            if cell:
                changed[f"lines-{place}-{key}"] = cell
    changed["lines-TOTAL_FORMS"] = str(min(MOST_ROWS, max(there, row + len(new))))
    return changed


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 4 else 0
