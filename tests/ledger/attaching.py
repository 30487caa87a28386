"""Files as a phone or a desk would send them."""

import io
import zipfile
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from ledger.attachments import attach
from ledger.models import Attachment
from tests.ledger.desk import Desk

JPEG = b"\xff\xd8\xff\xe0 a photo"
PNG = b"\x89PNG\r\n\x1a\n a picture"
WEBP = b"RIFF\x10\x00\x00\x00WEBPVP8 "
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"
PDF = b"%PDF-1.7 a scan"


def packed(*parts: str) -> bytes:
    """A zip package of empty parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        for part in parts:
            package.writestr(part, b"")
    return made.getvalue()


XLSX = packed("[Content_Types].xml", "xl/workbook.xml")
DOCX = packed("[Content_Types].xml", "word/document.xml")
OFD = packed("OFD.xml", "Doc_0/Document.xml")


def upload(content: bytes = JPEG, name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def a_file(desk: Desk, content: bytes = JPEG, name: str = "photo.jpg", **facts: Any) -> Attachment:
    facts = {"kind": Attachment.Kind.DELIVERY, **facts}
    return attach(by=desk.by, customer=desk.customer, file=upload(content, name), **facts).attachment
