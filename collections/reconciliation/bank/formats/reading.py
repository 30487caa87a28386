"""The file of a bank read, whatever it is: told by its content, never by its name."""

import logging
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from ledger.workbook.limits import OLE
from reconciliation.bank.formats import camt, ofx, swift, table
from reconciliation.bank.formats.parsed import NotThisFormat, ParsedFile, UnreadableStatement
from reconciliation.tabular import Problem, xml_sheets

logger = logging.getLogger(__name__)


def read(path: Path, columns: Sequence[str] | None = None) -> ParsedFile:
    """What the file says; what is wrong with it stands in `errors`, and no file makes it fail.

    `columns` says what the columns of a table are, where somebody knows.
    """
    try:
        return _read(path, columns)
    except UnreadableStatement as refusal:
        return ParsedFile("", errors=[Problem(refusal.line, None, str(refusal))])
    except Exception:  # a foreign file may find a way that nobody thought of: it is refused like any other
        logger.exception("A bank's file could not be read.")
        message = _("The file cannot be read. Download it again, or export it in another format.")
        return ParsedFile("", errors=[Problem(None, None, message)])


def _read(path: Path, columns: Sequence[str] | None) -> ParsedFile:
    content = _content(path)
    if content.startswith(OLE):
        return table.read(path, "xls", columns)
    if content.startswith(b"PK\x03\x04"):
        if b"xl/" not in content:
            raise UnreadableStatement(_("This is a zip. Unpack it, and take the files in it one by one."))
        return table.read(path, "xlsx", columns)
    if xml_sheets.MARK in content[:4096]:
        return table.read(path, "xls", columns)
    for reader in (camt.read, ofx.read, swift.read):
        try:
            return reader(content)
        except NotThisFormat:
            continue
    if content[:5] == b"%PDF-":
        message = _("This is a PDF, which cannot be read line by line. Export the statement as Excel, CSV or XML.")
        raise UnreadableStatement(message)
    start = content[:1024].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith(b"<?xml") and b"<html" not in start and b"<table" not in start:
        raise UnreadableStatement(_("This XML is no bank statement (camt.053), or it was cut off."))
    return table.read(path, "csv", columns)


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > settings.IMPORT_MAX_BYTES:
            limit = settings.IMPORT_MAX_BYTES // 1024 // 1024
            message = _("The file is larger than %(n)d MB. Export a shorter period.") % {"n": limit}
            raise UnreadableStatement(message)
        content = path.read_bytes()
    except (OSError, ValueError):
        raise UnreadableStatement(_("The file cannot be opened.")) from None
    if not content.strip(b" \r\n\t\x00\xef\xbb\xbf\xff\xfe"):
        raise UnreadableStatement(_("The file is empty."))
    return content
