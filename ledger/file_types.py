"""What a file is, told by its bytes: the name and the browser's word for it are only what someone says."""

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO

# The first bytes by which every type but those packed as zip is known.
HEAD = 32


@dataclass(frozen=True, slots=True)
class FileType:
    content_type: str
    # The first one names the stored file; a name may end in any of them.
    suffixes: tuple[str, ...]
    is_picture: bool = False
    # Whether every browser draws it in place of a page; all else is downloaded.
    is_drawn: bool = False

    @property
    def suffix(self) -> str:
        return self.suffixes[0]


_OFFICE = "application/vnd.openxmlformats-officedocument"
JPEG = FileType("image/jpeg", (".jpg", ".jpeg", ".jfif"), is_picture=True, is_drawn=True)
PNG = FileType("image/png", (".png",), is_picture=True, is_drawn=True)
WEBP = FileType("image/webp", (".webp",), is_picture=True, is_drawn=True)
HEIC = FileType("image/heic", (".heic", ".heif"), is_picture=True)
PDF = FileType("application/pdf", (".pdf",))
OFD = FileType("application/ofd", (".ofd",))
XLSX = FileType(f"{_OFFICE}.spreadsheetml.sheet", (".xlsx",))
DOCX = FileType(f"{_OFFICE}.wordprocessingml.document", (".docx",))
TYPES = (JPEG, PNG, WEBP, HEIC, PDF, OFD, XLSX, DOCX)
BY_CONTENT_TYPE = {known.content_type: known for known in TYPES}

_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")
# A package that may run something is no record of anything.
_MACROS = "vbaproject.bin"


def recognised(file: BinaryIO) -> FileType | None:
    """The type of the file, None where it is none of those that are kept. Leaves the file at its beginning."""
    file.seek(0)
    head = file.read(HEAD)
    found = _by_head(head)
    if found is None and head.startswith(b"PK\x03\x04"):
        found = _packed(file)
    file.seek(0)
    return found


def _by_head(head: bytes) -> FileType | None:
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return WEBP
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return HEIC
    return PDF if head.startswith(b"%PDF-") else None


def _packed(file: BinaryIO) -> FileType | None:
    """Office documents and OFD invoices are zip packages: the names of their parts tell them apart."""
    try:
        with zipfile.ZipFile(file) as package:
            return _by_parts(package.namelist())
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, ValueError, OSError):
        return None


def _by_parts(names: Iterable[str]) -> FileType | None:
    parts = {name.lower() for name in names}
    if "ofd.xml" in parts:
        return OFD
    if "[content_types].xml" not in parts or any(part.endswith(_MACROS) for part in parts):
        return None
    if "xl/workbook.xml" in parts:
        return XLSX
    return DOCX if "word/document.xml" in parts else None


def belies(name: str, found: FileType) -> bool:
    """Whether a name says something else than the bytes: `reply.exe` or `scan.xlsx` of a PDF. Phones call their
    pictures by each other's endings, which deceives nobody, and some names have none.
    """
    suffix = PurePath(name).suffix.lower()
    if not suffix or suffix in found.suffixes:
        return False
    pictures = {one for known in TYPES if known.is_picture for one in known.suffixes}
    return not (found.is_picture and suffix in pictures)
