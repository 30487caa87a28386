"""A list as a file: the rows of every page as filtered and sorted, with the columns that are seen.

Rows are made while they are written, when the language of the request may no longer be in force.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any, BinaryIO

from django.conf import settings
from django.db.models import Model
from django.http import FileResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django_tables2.rows import BoundRow

from config import sheets
from config.lists.columns import exported
from config.words import listed

# More rows than this are no list to look at; reports of that size are jobs.
LARGEST = 100_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ListFile(FileResponse):
    """A workbook as an answer that says how many rows it holds, and which filters were in force."""

    rows: int = 0
    filters: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file of a list holds: `about` says in pairs of words what was asked, by whom and when."""

    title: str
    headings: list[str]
    rows: Iterator[list[Any]]
    about: Sequence[tuple[str, str]]

    def name(self, kind: str) -> str:
        return f"{slugify(self.title, allow_unicode=True)}-{timezone.localdate().isoformat()}.{kind}"

    def csv(self) -> Iterator[str]:
        return sheets.csv_lines(self.headings, self.rows)

    def write(self, target: BinaryIO) -> int:
        """The workbook: the rows, and a second sheet that says what they are. Gives the number of rows."""
        with sheets.Book(title=self.title) as book:
            extent = book.stream(
                book.add_sheet(self.title), [sheets.Column(name) for name in self.headings], self.rows
            )
            about = book.add_sheet(_("About"))
            facts = [*self.about, (_("Rows"), f"{extent.count:,}")]
            for number, (label, value) in enumerate(facts, 1):
                sheets.put(about.cell(number, 1), label, bold=True)
                sheets.put(about.cell(number, 2), value)
            about.column_dimensions["A"].width = max(sheets.text_width(label) for label, _value in facts) + 2
            about.column_dimensions["B"].width = min(80, max(sheets.text_width(value) for _label, value in facts) + 2)
            book.save(target)
            return extent.count


def sheet(table: Any, rows: Any, *, title: str, filters: Sequence[tuple[str, str]], user: object, url: str) -> Sheet:
    columns = exported(table)
    about = [
        (_("List"), title),
        *((label or _("Filter"), value) for label, value in filters),
        (_("Order"), _order(table)),
        (_("Made for"), str(user)),
        (_("Made at"), timezone.localtime().strftime("%Y-%m-%d %H:%M")),
        (_("Address"), url),
    ]
    headings = [str(column.header) for column in columns]
    return Sheet(title, headings, _values(table, rows, [column.name for column in columns]), about)


def _order(table: Any) -> str:
    said = []
    for alias in table.order_by or ():
        name = alias.lstrip("-")
        if name in table.columns.names():
            arrow = "↓" if alias.startswith("-") else "↑"
            said.append(f"{table.columns[name].header} {arrow}")
    return listed(said)


def _values(table: Any, rows: Any, names: list[str]) -> Iterator[list[Any]]:
    return _values_in(get_language() or settings.LANGUAGE_CODE, table, rows, names)


def _values_in(language: str, table: Any, rows: Any, names: list[str]) -> Iterator[list[Any]]:
    for record in rows.iterator(chunk_size=2000):
        row = BoundRow(record, table)
        with override(language):
            values = [_plain(row.get_cell_value(name)) for name in names]
        yield values


def _plain(value: Any) -> Any:
    """A value for a cell. What a column only draws is said without its markup."""
    if isinstance(value, SafeString):
        return " ".join(unescape(strip_tags(value)).split())
    return str(value) if isinstance(value, Promise | Model) else value
