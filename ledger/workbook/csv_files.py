"""Sheets as CSV files, in a folder, in a zip or alone: which of them are read, in which encoding, and their rows.

Runs in the process that reads foreign files. Nothing is ever held as a whole: a file is decoded piece by piece, once
to find its encoding and once to read it.
"""

import codecs
import csv
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any

from ledger.workbook.layout import sheet_named
from ledger.workbook.limits import MOST_LINES, Limits, Refused

LONGEST_FIELD = 1 << 20
PIECE = 1 << 18
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# Without a mark: the first of these that fits all the files, for a short one in GBK may read as UTF-8 by chance.
ENCODINGS = ("utf-8", "gb18030")
_DAMAGES = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, RuntimeError, ValueError)


@dataclass(frozen=True, slots=True)
class CsvFile:
    # Without its folder and its ending: the name of a sheet.
    name: str
    size: int
    open: Callable[[], IO[bytes]]


def in_folder(path: Path) -> list[CsvFile]:
    try:
        children = sorted(child for child in path.iterdir() if _is_csv(child.name))
    except OSError:
        raise Refused("unopened", name=path.name) from None
    return [_file(child) for child in children]


def alone(path: Path) -> list[CsvFile]:
    if sheet_named(path.stem) is None:
        raise Refused("csv_name", name=path.name)
    return [_file(path)]


def in_zip(archive: zipfile.ZipFile) -> list[CsvFile]:
    """The CSV files of a zip, whatever folders they are in; what macOS packs besides is none of them."""
    entries = [(_name(entry), entry) for entry in archive.infolist() if not entry.is_dir()]
    return [
        CsvFile(name.rpartition("/")[2][:-4], entry.file_size, partial(archive.open, entry))
        for name, entry in sorted(entries, key=lambda pair: pair[0])
        if _is_csv(name.rpartition("/")[2]) and not name.startswith("__MACOSX/")
    ]


def sheets(files: list[CsvFile], limits: Limits) -> Iterator[tuple[str, Iterator[tuple[int, list[Any]]]]]:
    """Each file with the rows that it has, by number; one that is not named after a sheet is not even opened."""
    named = [file for file in files if sheet_named(file.name) is not None]
    if len(files) > limits.files or sum(file.size for file in named) > limits.csv_bytes:
        raise Refused("unpacks")
    encodings = dict(zip(map(id, named), _encodings(named), strict=True))
    for file in files:
        yield file.name, _rows(file, encodings[id(file)]) if id(file) in encodings else iter(())


def _is_csv(name: str) -> bool:
    return name.lower().endswith(".csv") and not name.startswith(".")


def _file(path: Path) -> CsvFile:
    if not path.is_file():  # a folder of that name, or a link to nowhere
        raise Refused("unopened", name=path.name)
    return CsvFile(path.stem, path.stat().st_size, lambda: path.open("rb"))


def _name(entry: zipfile.ZipInfo) -> str:
    """The name of a file in a zip. Windows packs names in the local encoding and does not say so."""
    if entry.flag_bits & 0x800:
        return entry.filename
    raw = entry.filename.encode("cp437", "replace")
    for encoding in ENCODINGS:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.filename


def _encodings(files: list[CsvFile]) -> list[str]:
    marked = [_encoding_marked(file) for file in files]
    unmarked = [file for file, encoding in zip(files, marked, strict=True) if encoding is None]
    for encoding in ENCODINGS:
        if all(_decodes(file, encoding) for file in unmarked):
            return [given or encoding for given in marked]
    raise Refused("encoding")


def _encoding_marked(file: CsvFile) -> str | None:
    with _opened(file) as content:
        start = content.read(4)
    for mark, encoding in MARKS:
        if start.startswith(mark):
            if not _decodes(file, encoding):
                raise Refused("encoding")
            return encoding
    return None


def _decodes(file: CsvFile, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with _opened(file) as content:
        try:
            while piece := content.read(PIECE):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _rows(file: CsvFile, encoding: str) -> Iterator[tuple[int, list[Any]]]:
    """Rows by the line on which they begin, as an editor counts: a cell may run over several lines."""
    csv.field_size_limit(LONGEST_FIELD)
    with _opened(file) as content:
        reader = csv.reader(io.TextIOWrapper(content, encoding, newline=""), strict=True)
        line = 1
        try:
            for row in reader:
                yield line, row
                line = reader.line_num + 1
                if line > MOST_LINES + 1:
                    raise Refused("rows", sheet=file.name, n=MOST_LINES)
        except csv.Error as error:
            raise Refused("csv", name=f"{file.name}.csv", line=line, error=str(error)) from None


@contextmanager
def _opened(file: CsvFile) -> Iterator[IO[bytes]]:
    """The file; what is wrong with its packing shows while it is read."""
    try:
        with file.open() as content:
            yield content
    except UnicodeDecodeError:
        raise
    except OSError:
        raise Refused("unopened", name=f"{file.name}.csv") from None
    except _DAMAGES:
        raise Refused("damaged_csv", name=f"{file.name}.csv") from None
