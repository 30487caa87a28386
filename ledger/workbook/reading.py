"""Opening a file that somebody handed in: whether it is safe to read, and its rows one by one.

Whatever the file does, it does it in a process with limits of memory and time (`reader_process`).
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _

from config.words import listed
from ledger.workbook.layout import SHEETS
from ledger.workbook.limits import OLE, Limits

LIMITS = Limits()


class UnreadableFile(Exception):
    """The file as a whole cannot be read; the text says why and how to mend it."""


@dataclass(frozen=True, slots=True)
class RawSheet:
    """A sheet as it was found: its name, how many empty columns precede its cells, and by their numbers the rows that
    have something in them.
    """

    name: str
    left: int
    rows: Iterator[tuple[int, list[Any]]]


def shown_name(path: Path) -> str:
    """The name of a file as text that can be printed and stored, whatever its bytes are."""
    return os.fsencode(path.name).decode(errors="replace").replace("\x00", "�")


@contextmanager
def opened(path: Path, *, old: bool = False) -> Iterator[Iterator[RawSheet]]:
    """The sheets of a workbook, of a zip of CSV files, of a folder of them or of a single one, to be read in turn;
    with `old` those of an .xls as well.

    Raises UnreadableFile, on entry or while the rows are read.
    """
    _check(path, old=old)
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(
            [sys.executable, "-m", "ledger.workbook.reader_process", path.absolute(), json.dumps(asdict(LIMITS))],
            cwd=settings.BASE_DIR,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=complaints,
        )
        watchdog = threading.Timer(LIMITS.wall_seconds, process.kill)
        watchdog.start()
        try:
            assert process.stdout is not None
            yield _Lines(process.stdout, lambda: _why_it_died(process, complaints)).sheets()
        finally:
            watchdog.cancel()
            process.kill()
            process.wait()
            assert process.stdout is not None
            process.stdout.close()


def _check(path: Path, *, old: bool) -> None:
    try:
        if path.is_dir():
            return
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(len(OLE))
    except (OSError, ValueError):
        raise UnreadableFile(_sentence("unopened", {"name": shown_name(path)})) from None
    if size > settings.IMPORT_MAX_BYTES:
        raise UnreadableFile(
            _("The file is larger than %(n)d MB. Split it: each part is imported by itself.")
            % {"n": settings.IMPORT_MAX_BYTES // 1024 // 1024}
        )
    if size == 0:
        raise UnreadableFile(_("The file is empty."))
    if start == OLE and not old:
        raise UnreadableFile(
            _("The file is protected by a password or an old .xls. Save it as .xlsx without a password.")
        )


class _Lines:
    """What the reading process says, line by line."""

    def __init__(self, lines: IO[bytes], why_it_died: Callable[[], str]) -> None:
        self._lines, self._why_it_died = lines, why_it_died
        # The mark that ended the last sheet.
        self._mark: dict[str, Any] | None = None

    def sheets(self) -> Iterator[RawSheet]:
        mark = self._next()
        while isinstance(mark, dict) and "sheet" in mark:
            self._mark = None
            rows = self._rows()
            yield RawSheet(mark["sheet"], mark["left"], rows)
            for _passed_over in rows:
                pass
            mark = self._mark

    def _rows(self) -> Iterator[tuple[int, list[Any]]]:
        number = 0
        while self._mark is None:
            found = self._next()
            if isinstance(found, list):
                number += 1
                yield number, found
            elif isinstance(found, dict):
                self._mark = found
            else:
                number += found

    def _next(self) -> Any:
        line = self._lines.readline()
        if not line.endswith(b"\n"):
            raise UnreadableFile(self._why_it_died())
        found = json.loads(line, object_hook=_dated)
        if isinstance(found, dict) and "refused" in found:
            raise UnreadableFile(_sentence(found["refused"], found))
        return found


def _dated(found: dict[str, Any]) -> Any:
    return date.fromisoformat(found["d"]) if "d" in found else found


def _why_it_died(process: subprocess.Popen[bytes], complaints: IO[bytes]) -> str:
    status = process.wait()
    complaints.seek(0)
    text = complaints.read()[-4000:].decode(errors="replace")
    if "assword" in text:
        return _("The workbook is protected by a password. Save it without one.")
    if status < 0 or "MemoryError" in text or "memory" in text or "capacity" in text:
        return _(
            "Reading the workbook took more memory or time than any book of this kind needs. Copy its rows into the "
            "template and try again."
        )
    return _sentence("damaged", {})


def _sentence(reason: str, facts: dict[str, Any]) -> str:
    """Why the reading process refused the file; the reasons are those of `limits.Refused`."""
    sentences = {
        "unopened": _("The file %(name)s cannot be opened."),
        "damaged": _("The file is damaged or no workbook at all. Open it in Excel and save it as .xlsx again."),
        "damaged_csv": _("%(name)s is damaged, or packed in a way that cannot be read. Pack the zip again."),
        "protected_zip": _("The zip is protected by a password. Pack it again without one."),
        "unpacks": _("The file unpacks to far more than a workbook holds; it was not read."),
        "neither": _("The file is neither a workbook (.xlsx) nor a zip of .csv files."),
        "rows": _("More than %(n)d rows, in the sheet %(sheet)s. Split the file: each part is imported by itself."),
        "columns": _("Row %(row)d of the sheet %(sheet)s has more than %(n)d cells. Check the commas and quotes."),
        "encoding": _("The files are neither UTF-8 nor GBK. Save them as CSV UTF-8."),
        "csv": _("%(name)s is no valid CSV in line %(line)d: %(error)s."),
        "csv_name": _("%(name)s is not named after a sheet. Name it like one of these: %(names)s."),
    }
    names = listed(f"{sheet.english}.csv {sheet.chinese}.csv" for sheet in SHEETS)
    return sentences[reason] % {**facts, "names": names}
