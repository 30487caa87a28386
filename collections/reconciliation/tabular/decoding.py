"""Text whose encoding nobody says: Chinese banks write GBK, Excel UTF-16, others UTF-8 with or without a mark."""

import codecs
import re

from django.utils.translation import gettext as _

from reconciliation.tabular.errors import UnreadableTable

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = frozenset(range(32)) - {9, 10, 12, 13, 27}
_WRITTEN = frozenset((9, 10, 13, *range(32, 127)))
_SAMPLE = 1 << 16


def decoded(content: bytes) -> str:
    """The text of a file. Raises UnreadableTable where it is none, or was cut off within a character."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _decoded(content, encoding)
    if unmarked := _unmarked_utf16(content):
        return _decoded(content, unmarked)
    if sum(byte in _CONTROL for byte in content[:_SAMPLE]) > len(content[:_SAMPLE]) // 200:
        raise UnreadableTable(_("The file is no text, no workbook and no statement that is known here."))
    for encoding in ("utf-8", "gb18030"):
        try:
            text = content.decode(encoding)
            return content.decode("cp1252", "replace") if encoding != "utf-8" and _is_western(text) else text
        except UnicodeDecodeError as error:
            # All is well up to the last character: the file was cut off there.
            before = content[: error.start].decode(encoding, "replace")
            if error.start >= len(content) - 4 and not before.isascii() and not _is_western(before):
                raise UnreadableTable(_("The file was cut off within its last line. Export it again.")) from None
    return content.decode("latin-1")


def _is_western(text: str) -> bool:
    """Whether what was read as Chinese are single accented letters: “für” read so is f, a character, and no run of
    them anywhere.
    """
    runs = re.findall(r"[^\x00-\x7f]+", text[:_SAMPLE])
    alone = sum(len(run) == 1 and "\u4e00" <= run <= "\u9fff" for run in runs)
    return bool(runs) and alone * 4 > len(runs) * 3


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise UnreadableTable(_("The file was cut off or damaged. Export it again.")) from None


def _unmarked_utf16(content: bytes) -> str | None:
    """Of ASCII in UTF-16 every other byte is zero; commas, digits and line ends are enough to tell."""
    sample = content[:4096]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if max(even, odd) < len(sample) // 10:
        return None
    place = 0 if odd > even else 1
    beside = [letter for letter, zero in zip(sample[place::2], sample[1 - place :: 2], strict=False) if zero == 0]
    if sum(letter in _WRITTEN for letter in beside) < len(beside) * 9 // 10:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"
