"""Texts in the letters that our fonts have, so that nothing on a paper is an empty box."""

import unicodedata
from typing import Any

from config.papers.fonts import characters

# Letters that are no letter with a mark, and what stands for a character that nobody could print.
_PLAIN = str.maketrans(
    {"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "ħ": "h", "Ħ": "H", "ŧ": "t", "Ŧ": "T", "☐": "□"}
)
_UNKNOWN = "〓"


def printable(value: Any) -> Any:
    """The same value, lists and dictionaries with all they hold: ş becomes s, an emoji becomes 〓."""
    match value:
        case str():
            return _printable(value)
        case dict():
            return {key: printable(one) for key, one in value.items()}
        case list() | tuple():
            return [printable(one) for one in value]
        case _:
            return value


def _printable(text: str) -> str:
    known = characters()
    if known.issuperset(text):
        return text
    return "".join(char if char in known else _nearest(char, known) for char in text)


def _nearest(char: str, known: frozenset[str]) -> str:
    if char in "\n\r\t\u2028\u2029":
        return " "
    if unicodedata.category(char) in ("Cc", "Cf", "Mn"):
        return ""  # nothing to see: a mark that joins, a direction, a variant
    plain = unicodedata.normalize("NFKD", char.translate(_PLAIN))
    shown = "".join(one for one in plain if one in known and not unicodedata.combining(one))
    return shown or _UNKNOWN
