"""The files that come with an answer: what each is by its bytes, looked at first and stored last."""

import hashlib
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.models import User
from ledger.attachments import MEGABYTE
from ledger.errors import FileRefused
from ledger.file_types import TYPES, XLSX, belies, recognised
from reconciliation.statements.models import Answer, AnswerFile

MOST_FILES = 5
CSV, XLS = "text/csv", "application/vnd.ms-excel"
# The first bytes of a workbook of before 2007; many a program's ".xls" is a text.
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEAD = 65_536
# What a list may be besides the types that are known by their bytes.
_LISTS = {".csv": CSV, ".txt": CSV, ".xls": XLS}


def accepted(kind: str) -> str:
    """For the file picker: all that `looked_at` takes. Pictures by their type too: then a phone offers its camera."""
    pictures = [one.content_type for one in TYPES if one.is_picture]
    suffixes = [suffix for one in TYPES for suffix in one.suffixes]
    lists = list(_LISTS) if kind == AnswerFile.Kind.LIST else []
    return ",".join([*pictures, *suffixes, *lists])


def looked_at(kind: str, file: Any, by: User | None, number: int = 0) -> AnswerFile:
    """A file that was looked at and not stored yet; `number` others came before it. Raises FileRefused."""
    if number >= MOST_FILES:
        raise FileRefused(_("No more than %(n)d files at once.") % {"n": MOST_FILES}, field="files")
    name = "".join(char for char in PurePath(file.name or "").name if char.isprintable())[-200:] or _("file")
    if not file.size:
        raise FileRefused(_("“%(name)s” is empty.") % {"name": name}, field="files")
    if file.size > settings.ATTACHMENT_MAX_BYTES:
        said = _("“%(name)s” is larger than %(n)d MB.")
        raise FileRefused(said % {"name": name, "n": settings.ATTACHMENT_MAX_BYTES // MEGABYTE}, field="files")
    content_type, suffix = _type(file, name, kind)
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    kept = AnswerFile(
        kind=AnswerFile.Kind(kind),
        name=name,
        content_type=content_type,
        suffix=suffix,
        size=file.size,
        sha256=digest.hexdigest(),
        uploaded_by=by,
        at=timezone.now(),
    )
    kept.content = file  # type: ignore[attr-defined]
    return kept


def _type(file: Any, name: str, kind: str) -> tuple[str, str]:
    """As attachments are known; a list may also be an older workbook, or lines of values."""
    found, is_list = recognised(file), kind == AnswerFile.Kind.LIST
    suffix = PurePath(name).suffix.lower()
    if found is not None and (not belies(name, found) or (is_list and found is XLSX and suffix == ".xls")):
        return found.content_type, found.suffix
    if found is None and is_list and suffix in _LISTS:
        head = file.read(_HEAD)
        file.seek(0)
        if b"\x00" not in head or (suffix == ".xls" and head.startswith(_OLE)):
            return _LISTS[suffix], ".xls" if suffix == ".xls" else ".csv"
    said = (
        _("“%(name)s” is no Excel (.xlsx, .xls), CSV, PDF, OFD, Word (.docx) file or photo; save it as one of these.")
        if is_list
        else _("“%(name)s” is no photo, PDF, OFD, Excel (.xlsx) or Word (.docx) file; save it as one of these.")
    )
    raise FileRefused(said % {"name": name}, field="files")


def store(answer: Answer, files: Sequence[AnswerFile]) -> None:
    """The files first, their rows last; what was written of a refused answer is taken away."""
    written: list[AnswerFile] = []
    once = {one.sha256: one for one in files}.values()
    try:
        for one in once:
            one.answer = answer
            one.file.save(one.name, one.content, save=False)  # type: ignore[attr-defined]
            written.append(one)
            one.save(force_insert=True)
    except BaseException:
        for one in written:
            one.file.delete(save=False)
        raise
