"""Reads one file and prints its cells as lines of JSON; runs in a process of its own, with limits.

A foreign file may be made to eat all memory or time. This process dies of that alone: `reading` starts it, listens,
and says what happened. Of the product it knows the names of the sheets, and it talks to nobody.

Lines: `{"sheet": name, "left": n}` begins a sheet whose first n columns are empty and left out, a number passes over
so many empty rows, a list is a row, `{"end": true}` ends the file. `{"refused": reason, …}` says why it is not read
on. A date is `{"d": "2026-03-31"}`.
"""

import json
import resource
import sys
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO, Any

from ledger.workbook import csv_files
from ledger.workbook.limits import LONGEST_TEXT, MOST_COLUMNS, OLE, Limits, Refused


def main(path: Path, limits: Limits) -> None:
    _limit(limits)
    out = _Out(limits)
    try:
        _print(path, limits, out)
    except Refused as refusal:
        out.say({"refused": refusal.reason, **refusal.facts})
    else:
        out.say({"end": True})


def _limit(limits: Limits) -> None:
    """Each limit by itself: macOS has no limit of memory, and the others hold all the same."""
    for kind, most in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


def _print(path: Path, limits: Limits, out: "_Out") -> None:
    if path.is_dir():
        _print_csv(csv_files.in_folder(path), limits, out)
    elif path.suffix.lower() == ".csv":
        _print_csv(csv_files.alone(path), limits, out)
    elif _is_old(path):
        with path.open("rb") as file:
            _print_workbook(file, out)
    else:
        _print_zip(path, limits, out)


def _is_old(path: Path) -> bool:
    """An .xls, or a workbook under a password."""
    with path.open("rb") as file:
        return file.read(len(OLE)) == OLE


def _print_zip(path: Path, limits: Limits, out: "_Out") -> None:
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise Refused("damaged") from None
    with archive:
        entries = archive.infolist()
        if len(entries) > limits.files or sum(entry.file_size for entry in entries) > limits.workbook_bytes:
            raise Refused("unpacks")
        if any(entry.flag_bits & 1 for entry in entries):
            raise Refused("protected_zip")
        if any(entry.filename.startswith("xl/") for entry in entries):
            with path.open("rb") as file:
                _print_workbook(file, out)
        elif files := csv_files.in_zip(archive):
            _print_csv(files, limits, out)
        else:
            raise Refused("neither")


def _print_workbook(file: IO[bytes], out: "_Out") -> None:
    # It takes 50 ms to load, which a file that is refused need not wait for.
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(file)
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        out.sheet(name, enumerate(sheet.iter_rows(), start=1), left=sheet.start[1] if sheet.start else 0)


def _print_csv(files: list[csv_files.CsvFile], limits: Limits, out: "_Out") -> None:
    for name, rows in csv_files.sheets(files, limits):
        out.sheet(name, rows)


class _Out:
    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.rows = self.bytes = 0
        self._encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain).encode

    def say(self, mark: dict[str, Any] | list[Any] | int) -> None:
        line = self._encode(mark)
        self.bytes += len(line)
        sys.stdout.write(line + "\n")

    def sheet(self, name: str, rows: Iterator[tuple[int, list[Any]]], left: int = 0) -> None:
        self.say({"sheet": name, "left": left})
        before = 0
        for number, cells in rows:
            while cells and cells[-1] == "":
                cells.pop()
            if not cells:
                continue
            self._check(name, number, cells)
            if number - before > 1:
                self.say(number - before - 1)
            self.say(cells)
            before = number

    def _check(self, name: str, number: int, cells: list[Any]) -> None:
        self.rows += 1
        if self.rows > self.limits.rows:
            raise Refused("rows", sheet=name, n=self.limits.rows)
        if len(cells) > MOST_COLUMNS:
            raise Refused("columns", sheet=name, row=number, n=MOST_COLUMNS)
        if self.bytes > self.limits.text_bytes:
            raise Refused("unpacks")
        for position, cell in enumerate(cells):
            if type(cell) is str and len(cell) > LONGEST_TEXT:
                cells[position] = cell[:LONGEST_TEXT]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"d": value.date().isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if isinstance(value, time | timedelta):
        return str(value)
    raise TypeError(type(value).__name__)


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    main(Path(sys.argv[1]), Limits(**json.loads(sys.argv[2])))
