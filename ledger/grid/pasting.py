"""From what a spreadsheet puts on the clipboard to rows of plain cells, in the order of a grid's columns."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field

from ledger.grid.layout import MOST_ROWS, Layout

LONGEST_TEXT = 400_000

Cells = list[str]


@dataclass(slots=True)
class Pasted:
    rows: list[Cells]
    # Headings that were there and name no column of the grid.
    unknown: list[str] = field(default_factory=list)
    # Rows beyond the most that a grid takes; they were left out.
    too_many: int = 0


def table(text: str) -> list[Cells]:
    """Cells separated by tabs; a cell in quotes may have tabs, line breaks and doubled quotes in it."""
    lines = text[:LONGEST_TEXT].replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(lines), delimiter="\t")]
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


def as_text(rows: Sequence[Cells]) -> str:
    """The same the other way round."""
    written = io.StringIO()
    csv.writer(written, delimiter="\t", lineterminator="\n").writerows(rows)
    return written.getvalue()


def pasted(layout: Layout, text: str, *, at_column: int = 0) -> Pasted:
    """The pasted rows in the order of the grid's columns: by their headings, where the first row has some; else from
    the column on in which the cursor stood.
    """
    rows = table(text)
    width = len(layout.keys)
    unknown: list[str] = []
    if rows and (places := _headings(layout, rows[0])) is not None:
        unknown = [cell for cell, place in zip(rows[0], places, strict=True) if cell and place is None]
        rows = [_placed(row, places, width) for row in rows[1:]]
    else:
        rows = [([""] * at_column + row)[:width] for row in rows]
        rows = [row + [""] * (width - len(row)) for row in rows]
    return Pasted(rows[:MOST_ROWS], unknown, max(0, len(rows) - MOST_ROWS))


def merged(layout: Layout, rows: Sequence[Cells], new: Sequence[Cells], *, at_row: int) -> list[Cells]:
    """The rows of a grid with new ones laid over them from a row on; what is pasted empty leaves what is there."""
    width = len(layout.keys)
    found = [list(row) for row in rows]
    while len(found) < at_row + len(new):
        found.append([""] * width)
    for place, row in enumerate(new, start=at_row):
        found[place] = [cell or was for cell, was in zip(row, found[place], strict=True)]
    return found[:MOST_ROWS]


def _headings(layout: Layout, first: Cells) -> list[int | None] | None:
    """Where each cell of the first row belongs, if that is a row of headings: most of its cells name a column."""
    places: list[int | None] = []
    for cell in first:
        key = layout.heading(cell) if cell else None
        place = layout.keys.index(key) if key is not None else None
        places.append(place if place not in places else None)
    known = sum(place is not None for place in places)
    return places if known and known * 2 >= sum(map(bool, first)) else None


def _placed(row: Cells, places: Sequence[int | None], width: int) -> Cells:
    cells = [""] * width
    for cell, place in zip(row, places, strict=False):
        if place is not None:
            cells[place] = cell
    return cells
