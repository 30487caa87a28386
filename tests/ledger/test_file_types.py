"""A file is what its bytes are, not what it is called."""

import io

import pytest

from ledger.file_types import DOCX, HEIC, JPEG, OFD, PDF, PNG, WEBP, XLSX, FileType, belies, recognised
from tests.ledger import attaching


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (attaching.JPEG, JPEG),
        (attaching.PNG, PNG),
        (attaching.WEBP, WEBP),
        (attaching.HEIC, HEIC),
        (attaching.PDF, PDF),
        (attaching.XLSX, XLSX),
        (attaching.DOCX, DOCX),
        (attaching.OFD, OFD),
        (b"", None),
        (b"<html><script>alert(1)</script>", None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
        (b"MZ\x90\x00 a program", None),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old workbook", None),
        (b"code,name\n1,2\n", None),
        (attaching.packed("anything.txt"), None),
        (attaching.packed("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"), None),
        (b"PK\x03\x04 no package at all", None),
        (b" " + attaching.PDF, None),
        (b"RIFF\x10\x00\x00\x00WAVEfmt ", None),
        (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00", None),
    ],
)
def test_a_file_is_known_by_its_bytes(content: bytes, found: FileType | None) -> None:
    file = io.BytesIO(content)
    file.read()
    assert recognised(file) == found
    assert file.tell() == 0


@pytest.mark.parametrize(
    ("name", "found", "wrong"),
    [
        ("a.JPG", JPEG, False),
        ("no ending", PDF, False),
        ("IMG_1.jpg", HEIC, False),
        ("scan.pdf", JPEG, True),
        ("photo.jpg", PDF, True),
        ("invoice.pdf.exe", PDF, True),
        ("page.html", JPEG, True),
    ],
)
def test_a_name_must_not_say_something_else(name: str, found: FileType, wrong: bool) -> None:
    assert belies(name, found) == wrong
