"""Where the heading of a table is, and which column means what."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from reconciliation.tabular.cells import is_day, is_number, is_total, text_of
from reconciliation.tabular.errors import UnreadableTable
from reconciliation.tabular.fields import Field, Holds, plain
from reconciliation.tabular.sheets import Sheet

# The heading is looked for among so many rows from the top, and so many cells are shown as examples of a column.
DEEPEST, EXAMPLES = 25, 3


@dataclass(frozen=True, slots=True)
class Column:
    position: int
    heading: str
    examples: tuple[str, ...]


@dataclass(slots=True)
class Table:
    """A sheet taken apart: what is said above the heading, its columns, and the rows below it."""

    sheet: str
    # The line of the (last) heading in the file.
    heading_line: int
    columns: list[Column]
    above: list[tuple[int, list[Any]]]
    rows: list[tuple[int, list[Any]]]

    @property
    def fingerprint(self) -> str:
        """Of the headings in their order: files of one kind share it."""
        said = "\x1f".join(plain(column.heading) for column in self.columns)
        return hashlib.sha256(said.encode()).hexdigest()

    @property
    def said(self) -> list[str]:
        """The texts above the heading: titles, the account, the period."""
        return [text for _line, cells in self.above for cell in cells if (text := text_of(cell))]


def find_table(sheets: Sequence[Sheet], fields: Sequence[Field]) -> Table:
    """The table with the best heading of all sheets; where none is known, the one that looks like a table.

    Raises UnreadableTable where nothing looks like a heading with rows below it.
    """
    best: tuple[int, int] = (0, 0)
    found: Table | None = None
    for sheet in sheets:
        for place in range(min(DEEPEST, len(sheet.rows))):
            for height in (1, 2):
                if (table := _table_at(sheet, place, height)) is None:
                    continue
                known = [key for key in guess_by_names(table, fields) if key]
                score = (len(known), -height)
                if len(known) >= 2 and score > best:
                    best, found = score, table
    found = found or _by_looks(sheets)
    if found is None:
        message = _("No heading was found in the first %(n)d rows: a row has to name the columns.")
        raise UnreadableTable(message % {"n": DEEPEST})
    return found


def _table_at(sheet: Sheet, place: int, height: int) -> Table | None:
    """The sheet read with a heading of one or two rows at `place`; None where these are no headings."""
    head = sheet.rows[place : place + height]
    if len(head) < height:
        return None
    width = max(len(cells) for _line, cells in head)
    headings = [" ".join(_distinct(text_of(_cell(cells, n)) for _line, cells in head)) for n in range(width)]
    if height == 2:
        headings = _spread(head, headings)
        # A second row with days or amounts in it is the first of the rows, and one that names every column is the
        # heading by itself: the row above it is a title.
        if any(_is_fact(cell) for cell in head[1][1]) or _names_all(head[1][1], headings):
            return None
    named = [(n, heading) for n, heading in enumerate(headings) if heading]
    if len(named) < 2 or sum(_is_fact(heading) for _n, heading in named) > len(named) // 3:
        return None
    below = sheet.rows[place + height :]
    columns = [Column(n, heading[:120], _examples(below, n)) for n, heading in named]
    return Table(sheet.name, head[-1][0], columns, sheet.rows[:place], below)


def _spread(head: list[tuple[int, list[Any]]], headings: list[str]) -> list[str]:
    """A merged heading is written in the first of its columns alone: 发生额 over 借方 and 贷方 counts for both."""
    above, below = head[0][1], head[1][1]
    last = ""
    for n in range(len(headings)):
        top, bottom = text_of(_cell(above, n)), text_of(_cell(below, n))
        last = top or (last if bottom else "")
        headings[n] = " ".join(_distinct((last, bottom)))
    return headings


def _names_all(below: list[Any], headings: list[str]) -> bool:
    return all(text_of(_cell(below, n)) for n, heading in enumerate(headings) if heading)


def _distinct(texts: Any) -> list[str]:
    return list(dict.fromkeys(text for text in texts if text))


def _cell(cells: list[Any], position: int) -> Any:
    return cells[position] if position < len(cells) else None


def _is_fact(cell: Any) -> bool:
    return isinstance(cell, int | float | date) or is_day(cell) or is_number(cell)


def _is_figure(cell: Any) -> bool:
    """Whether a text may be an amount in some style or other."""
    return re.fullmatch(r"[-+(¥$€\s]*\d[\d.,' ]*[.,]\d\d[-)]?", text_of(cell)) is not None


def _examples(rows: list[tuple[int, list[Any]]], position: int) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for _line, cells in rows[:200]:
        if is_total(cells):
            continue
        if text := text_of(_cell(cells, position)):
            found.setdefault(text[:60])
        if len(found) == EXAMPLES:
            break
    return tuple(found)


def _by_looks(sheets: Sequence[Sheet]) -> Table | None:
    """The first row of texts with days and amounts in the rows below it."""
    for sheet in sheets:
        for place in range(min(DEEPEST, len(sheet.rows) - 1)):
            table = _table_at(sheet, place, 1)
            if table is None or len(table.columns) < 2:
                continue
            _line, first = table.rows[0]
            if any(is_day(cell) for cell in first) and any(is_number(cell) or _is_figure(cell) for cell in first):
                return table
    return None


def guess_by_names(table: Table, fields: Sequence[Field]) -> list[str]:
    """The field of each column by its heading: the best pair first, and each field once unless it takes many."""
    pairs = [
        (likeness, -column_place, -field_place)
        for column_place, column in enumerate(table.columns)
        for field_place, field in enumerate(fields)
        if (likeness := field.likeness(column.heading)) > (0, 0)
    ]
    chosen = [""] * len(table.columns)
    taken: set[str] = set()
    for _likeness, minus_column, minus_field in sorted(pairs, reverse=True):
        field = fields[-minus_field]
        if not chosen[-minus_column] and (field.many or field.key not in taken):
            chosen[-minus_column] = field.key
            taken.add(field.key)
    return chosen


def guess(table: Table, fields: Sequence[Field]) -> list[str]:
    """The field of each column, `""` for none: by its heading, and a day that no heading names by its cells."""
    chosen = guess_by_names(table, fields)
    for field in fields:
        if field.required and field.holds is Holds.DAY and field.key not in chosen:
            for place, column in enumerate(table.columns):
                if not chosen[place] and column.examples and all(is_day(text) for text in column.examples):
                    chosen[place] = field.key
                    break
    return chosen
