"""Opening a file that somebody handed in: what it is, whether it is safe to read, and its rows one by one."""

import csv
import io
import json
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _

from ledger.workbook.layout import sheet_named

# The XML of 100,000 rows of twelve columns takes some 60 MB.
MOST_UNPACKED_BYTES = 600 * 1024 * 1024
MOST_FILES = 2_000
WALL_SECONDS = 300
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCODINGS = ("utf-8-sig", "gb18030")


class UnreadableFile(Exception):
    """The file as a whole cannot be read; the text says why and how to mend it."""


@dataclass(frozen=True, slots=True)
class RawSheet:
    """A sheet as it was found: its name, how many empty columns precede its cells, and its rows from row 1 on."""

    name: str
    left: int
    rows: Iterable[list[Any]]


@contextmanager
def opened(path: Path) -> Iterator[Iterator[RawSheet]]:
    """The sheets of a workbook, of a zip of CSV files or of a folder of them, to be read in turn.

    Raises UnreadableFile, on entry or while the rows are read.
    """
    if path.is_dir():
        yield _csv_sheets((child.name, child.open("rb")) for child in sorted(path.iterdir()))
        return
    _check_size(path)
    with path.open("rb") as file:
        start = file.read(8)
    if start == OLE:
        raise UnreadableFile(
            _("The file is protected by a password or an old .xls. Save it as .xlsx without a password.")
        )
    names = _names_in_zip(path)
    if any(name.startswith("xl/") for name in names):
        with _workbook_sheets(path) as sheets:
            yield sheets
    elif any(name.lower().endswith(".csv") for name in names):
        with zipfile.ZipFile(path) as archive:
            yield _csv_sheets((name.rpartition("/")[2], archive.open(name)) for name in sorted(names))
    else:
        raise UnreadableFile(_("The file is neither a workbook (.xlsx) nor a zip of .csv files."))


def _check_size(path: Path) -> None:
    try:
        size = path.stat().st_size
    except OSError:
        raise UnreadableFile(_("The file %(name)s cannot be opened.") % {"name": path.name}) from None
    if size > settings.IMPORT_MAX_BYTES:
        raise UnreadableFile(
            _("The file is larger than %(n)d MB. Split it: each part is imported by itself.")
            % {"n": settings.IMPORT_MAX_BYTES // 1024 // 1024}
        )
    if size == 0:
        raise UnreadableFile(_("The file is empty."))


def _names_in_zip(path: Path) -> list[str]:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise UnreadableFile(
            _("The file is damaged or no workbook at all. Open it in Excel and save it as .xlsx again.")
        ) from None
    if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > MOST_UNPACKED_BYTES:
        raise UnreadableFile(_("The file unpacks to far more than a workbook holds; it was not read."))
    if any(entry.flag_bits & 1 for entry in entries):
        raise UnreadableFile(_("The zip is protected by a password. Pack it again without one."))
    return [entry.filename for entry in entries if not entry.is_dir()]


@contextmanager
def _workbook_sheets(path: Path) -> Iterator[Iterator[RawSheet]]:
    """Sheets read by a process with limits of memory and time: whatever the file does, it does it there."""
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(
            [sys.executable, "-m", "ledger.workbook.reader_process", str(path.resolve())],
            cwd=settings.BASE_DIR,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=complaints,
        )
        watchdog = threading.Timer(WALL_SECONDS, process.kill)
        watchdog.start()
        try:
            assert process.stdout is not None
            yield _sheets_of(process.stdout, lambda: _why_it_died(process, complaints))
        finally:
            watchdog.cancel()
            process.kill()
            process.wait()
            assert process.stdout is not None
            process.stdout.close()


def _sheets_of(lines: IO[bytes], why: Any) -> Iterator[RawSheet]:
    pending: dict[str, Any] | None = _next_mark(lines, why)
    while pending is not None and "sheet" in pending:
        rows = _Rows(lines, why)
        yield RawSheet(pending["sheet"], pending["left"], rows)
        pending = rows.finish()


class _Rows:
    """The rows of one sheet, up to the mark that begins the next."""

    def __init__(self, lines: IO[bytes], why: Any) -> None:
        self.lines, self.why = lines, why
        self.mark: dict[str, Any] | None = None

    def __iter__(self) -> Iterator[list[Any]]:
        while self.mark is None:
            line = self.lines.readline()
            if not line.endswith(b"\n"):
                raise UnreadableFile(self.why())
            found = json.loads(line, object_hook=_dated)
            if isinstance(found, dict):
                self.mark = found
            else:
                yield found

    def finish(self) -> dict[str, Any] | None:
        for _row in self:
            pass
        return self.mark


def _next_mark(lines: IO[bytes], why: Any) -> dict[str, Any]:
    line = lines.readline()
    if not line.endswith(b"\n"):
        raise UnreadableFile(why())
    mark: dict[str, Any] = json.loads(line)
    return mark


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
    return _("The file is damaged or no workbook at all. Open it in Excel and save it as .xlsx again.")


def _csv_sheets(files: Iterable[tuple[str, IO[bytes]]]) -> Iterator[RawSheet]:
    contents: dict[str, bytes] = {}
    unread = MOST_UNPACKED_BYTES
    for name, file in files:
        with file:
            if name.lower().endswith(".csv") and sheet_named(name[:-4]) is not None:
                contents[name] = file.read(unread + 1)
                unread -= len(contents[name])
                if unread < 0:
                    raise UnreadableFile(_("The file unpacks to far more than a workbook holds; it was not read."))
    encoding = _encoding(contents.values())
    for name, content in contents.items():
        yield RawSheet(name[:-4], 0, _csv_rows(name, content.decode(encoding)))


def _encoding(contents: Iterable[bytes]) -> str:
    """The encoding of all the files together: a short one in GBK may read as UTF-8 by chance."""
    together = b"\n".join(content for content in contents)
    if together.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    for encoding in ENCODINGS:
        try:
            together.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    raise UnreadableFile(_("The files are neither UTF-8 nor GBK. Save them as CSV UTF-8."))


def _csv_rows(name: str, text: str) -> Iterator[list[Any]]:
    csv.field_size_limit(1 << 20)
    line = 0
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for row in reader:
            yield list(row)
            # A cell may run over several lines; the rows keep the numbers that an editor shows.
            for _continued in range(reader.line_num - line - 1):
                yield []
            line = reader.line_num
    except csv.Error as error:
        raise UnreadableFile(_("%(name)s is no valid CSV: %(error)s") % {"name": name, "error": error}) from None
