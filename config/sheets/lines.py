"""Lines of comma-separated values that open in a spreadsheet as what they are."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import BinaryIO

from django.utils import timezone

from config.sheets.cells import Cell, Formula

# The byte order mark makes Excel read the file as UTF-8.
MARK = "\ufeff"
# A spreadsheet keeps so many digits of a number and makes the others zero: those of an invoice, of an account.
_DIGITS_KEPT = 15
# A spreadsheet evaluates a cell of a .csv that begins so; the last four are what Chinese keyboards type.
_EVALUATED = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class _Echo:
    """A file for the csv writer that hands each line back."""

    def write(self, line: str) -> str:
        return line


def csv_lines(headings: Sequence[object], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The lines of a .csv, headings first. Text that a spreadsheet would evaluate, or read as a number that is too
    long for it, gets an apostrophe in front.
    """
    writer = csv.writer(_Echo())
    yield MARK + writer.writerow([_harmless(str(heading)) for heading in headings])
    for row in rows:
        yield writer.writerow([_harmless(value) for value in row])


def write_csv(target: BinaryIO, headings: Sequence[object], rows: Iterable[Sequence[Cell]]) -> None:
    for line in csv_lines(headings, rows):
        target.write(line.encode())


def _harmless(value: Cell) -> Cell:
    if isinstance(value, str):
        is_cut = len(value) > _DIGITS_KEPT and value.isdecimal()
        return f"'{value}" if is_cut or value.startswith(_EVALUATED) else value
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return f"{local:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, Formula):
        return value.value
    return value
