"""The rows of a table by its fields: typed, with every problem at its line."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reconciliation.tabular import cells
from reconciliation.tabular.cells import CellError, Damaged, Masked, Style, is_total, text_of
from reconciliation.tabular.errors import Problem
from reconciliation.tabular.fields import Field, Holds
from reconciliation.tabular.headings import Table

# Beyond so many problems another one helps nobody.
MOST_PROBLEMS = 1_000
_DAYS = re.compile(r"(?<!\d)(20\d{2}|19\d{2})[-/.年]?(1[0-2]|0?[1-9])[-/.月]?([12]\d|3[01]|0?[1-9])日?(?!\d)")
_MONTHS = re.compile(r"(?<!\d)(20\d{2}|19\d{2})[-/.年](1[0-2]|0?[1-9])(?!\d)")
_YEARS = re.compile(r"(?<!\d)(20\d{2}|19\d{2})(?!\d)")
_COMMA_CENTS = re.compile(r"\D*\d{1,3}(\.\d{3})*,\d{1,2}\D*|\D*\d+,\d{2}\D*")
_POINT_CENTS = re.compile(r".*\.\d{1,2}\D*")


@dataclass(slots=True)
class Row:
    number: int
    values: dict[str, Any]

    def __getitem__(self, key: str) -> Any:
        """The value of a field; None where the row has none."""
        return self.values.get(key)


@dataclass(slots=True)
class Rows:
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    # Lines without a day: totals, what a page's foot says, opening balances; their cells as they are.
    others: list[tuple[int, list[Any]]] = field(default_factory=list)

    @property
    def said(self) -> list[str]:
        """The texts of the lines that are no rows."""
        return [text for _line, row in self.others for cell in row if (text := text_of(cell))]


def read_rows(table: Table, fields: Sequence[Field], columns: Sequence[str]) -> Rows:
    """The rows of `table`; `columns` names the field of each of its columns, `""` for none.

    A row is told by its required day: a line without one is none. What required fields are missing is a problem of
    the heading.
    """
    by_key = {known.key: known for known in fields}
    chosen = [
        (column.position, by_key[key]) for column, key in zip(table.columns, columns, strict=True) if key in by_key
    ]
    found = Rows()
    there = {known.key for _position, known in chosen}
    for known in fields:
        if known.required and known.key not in there:
            message = _("No column was found for “%(field)s”. Say which one it is.") % {"field": known.label}
            found.problems.append(Problem(table.heading_line, None, message))
    if found.problems:
        return found
    reader = _Reader(found, chosen, style_of(table, chosen))
    for line, row in table.rows:
        if _is_heading(table, row):
            continue  # repeated at the top of a page
        reader.take(line, row)
        if len(found.problems) >= MOST_PROBLEMS:
            break
    reader.end()
    return found


def _is_heading(table: Table, row: Sequence[Any]) -> bool:
    texts = [text_of(cell) for cell in row]
    headings = [column.heading for column in table.columns]
    same = sum(text in headings for text in texts if text)
    return same >= 2 and same * 2 > sum(map(bool, texts))


class _Reader:
    def __init__(self, found: Rows, chosen: list[tuple[int, Field]], style: Style) -> None:
        self.found, self.chosen, self.style = found, chosen, style
        self._day = next((pair for pair in chosen if pair[1].holds is Holds.DAY and pair[1].required), None)
        self._masked: dict[str, list[int]] = {}
        self._damaged: dict[str, list[tuple[int, str]]] = {}

    def take(self, line: int, row: list[Any]) -> None:
        if self._day is not None and not self._has_day(row):
            if self._looks_cut(row):
                self._problem(line, _cell(row, self._day[0]), _("is not a date; write it like 2026-03-31"))
            else:
                self.found.others.append((line, row))
            return
        values: dict[str, Any] = {}
        for position, known in self.chosen:
            self._read(line, _cell(row, position), known, values)
        self.found.rows.append(Row(line, values))

    def _has_day(self, row: list[Any]) -> bool:
        assert self._day is not None
        cell = _cell(row, self._day[0])
        try:
            return cells.day(cell, self.style) is not None
        except CellError:
            return cells.is_day(cell)

    def _looks_cut(self, row: list[Any]) -> bool:
        """Whether a line without a day has to be a row all the same: its cell for the day has something else in it
        and it has an amount, and it is no total.
        """
        assert self._day is not None
        said = text_of(_cell(row, self._day[0]))
        if not said or is_total(row):
            return False
        has_amount = any(
            known.holds is Holds.AMOUNT and cells.is_number(_cell(row, position)) for position, known in self.chosen
        )
        return has_amount and any(map(str.isdigit, said))

    def _read(self, line: int, cell: Any, known: Field, values: dict[str, Any]) -> None:
        try:
            value = self._value(cell, known)
        except Masked:
            self._masked.setdefault(capfirst(str(known.label)), []).append(line)
            return
        except Damaged:
            self._damaged.setdefault(capfirst(str(known.label)), []).append((line, text_of(cell)))
            return
        except CellError as error:
            self._problem(line, cell, str(error))
            return
        if value in (None, ""):
            return
        if known.many and known.key in values:
            if value not in values[known.key]:
                values[known.key] = f"{values[known.key]} {value}"
        else:
            values[known.key] = value

    def _value(self, cell: Any, known: Field) -> Any:
        if known.holds is Holds.DAY:
            return cells.day(cell, self.style)
        if known.holds is Holds.AMOUNT:
            return cells.amount(cell, self.style)
        if known.holds is Holds.NUMBER:
            return cells.number(cell)
        text = text_of(cell)
        return "" if cells.says_nothing(text) and text != "/" else text

    def _problem(self, line: int, cell: Any, message: str) -> None:
        self.found.problems.append(Problem(line, text_of(cell)[:200], message))

    def end(self) -> None:
        for name, lines in self._masked.items():
            message = ngettext(
                "“%(field)s” is hidden (***) in %(n)d line and was left empty.",
                "“%(field)s” is hidden (***) in %(n)d lines and was left empty.",
                len(lines),
            )
            self.found.warnings.append(Problem(lines[0], None, message % {"field": name, "n": len(lines)}))
        for name, damaged in self._damaged.items():
            message = ngettext(
                "“%(field)s” was damaged by Excel in %(n)d line (digits are lost) and was left empty. Export the "
                "column as text.",
                "“%(field)s” was damaged by Excel in %(n)d lines (digits are lost) and was left empty. Export the "
                "column as text.",
                len(damaged),
            )
            line, value = damaged[0]
            self.found.warnings.append(Problem(line, value, message % {"field": name, "n": len(damaged)}))


def _cell(row: list[Any], position: int) -> Any:
    return row[position] if position < len(row) else None


def style_of(table: Table, chosen: Sequence[tuple[int, Field]]) -> Style:
    """How the table writes days and amounts, from all of its rows."""
    days = [text for text in _texts(table, chosen, Holds.DAY) if text]
    amounts = [text for text in _texts(table, chosen, Holds.AMOUNT) if text]
    commas = sum(bool(_COMMA_CENTS.fullmatch(text)) for text in amounts)
    points = sum(bool(_POINT_CENTS.fullmatch(text)) for text in amounts)
    return Style(
        day_first=_day_first(days),
        decimal_comma=commas > 0 and not any(_is_plain_point(text) for text in amounts) and commas >= points,
        period=period_of([table.sheet, *table.said, *_foot(table)]),
    )


def _is_plain_point(text: str) -> bool:
    """1234.5 or 1,234.50: the point stands before the cents."""
    return bool(re.fullmatch(r"\D*\d+\.\d{1,2}\D*|\D*\d{1,3}(,\d{3})+\.\d+\D*", text))


def _foot(table: Table) -> list[str]:
    return [text for _line, row in table.rows[-3:] for cell in row if len(text := text_of(cell)) > 10]


def _texts(table: Table, chosen: Sequence[tuple[int, Field]], holds: Holds) -> list[str]:
    places = [position for position, known in chosen if known.holds is holds]
    return [
        unicodedata.normalize("NFKC", text_of(cell))
        for _line, row in table.rows
        for position in places
        if isinstance(cell := _cell(row, position), str)
    ]


def _day_first(days: Sequence[str]) -> bool:
    """Whether 03/04/2026 is the 3 April: told by a day beyond 12, else by the order in which the rows stand."""
    pairs = [
        (int(found[1]), int(found[3])) for text in days if (found := cells.YEAR_LAST.fullmatch(text)) is not None
    ]
    if any(second > 12 for _first, second in pairs):
        return False
    if any(first > 12 for first, _second in pairs) or not pairs:
        return True
    months_first, days_first = [(a, b) for a, b in pairs], [(b, a) for a, b in pairs]
    return not (_is_sorted(months_first) and not _is_sorted(days_first))


def _is_sorted(pairs: list[tuple[int, int]]) -> bool:
    return pairs == sorted(pairs) or pairs == sorted(pairs, reverse=True)


def period_of(texts: Iterable[str]) -> tuple[date, date] | None:
    """The first and last day of the years, months or days that the texts name."""
    said = [unicodedata.normalize("NFKC", text) for text in texts]
    days = [_day(found) for text in said for found in _DAYS.finditer(text)]
    if known := sorted(day for day in days if day is not None):
        if len(known) > 1 and known[-1].year - known[0].year <= 1:
            return known[0], known[-1]
        return date(known[0].year, 1, 1), date(known[-1].year, 12, 31)
    years = [int(found[1]) for text in said for found in (*_MONTHS.finditer(text), *_YEARS.finditer(text))]
    if not years:
        return None
    return date(min(years), 1, 1), date(max(years), 12, 31)


def _day(found: re.Match[str]) -> date | None:
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
