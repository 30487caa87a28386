"""Cells of a sheet as XML, a column of values at a time: no file, no openpyxl."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from django.utils import timezone

# Promise is what gettext_lazy gives; any object that is none of the others is written as its text.
Cell = object


class Style(Enum):
    """How a cell shows its value; the member's value is the number format of Excel."""

    # Text that is edited in Excel stays text, also where it begins with "=".
    TEXT = "@"
    MONEY = "#,##0.00;[Red]-#,##0.00"
    NUMBER = "#,##0"
    EXACT = "General"
    DATE = "yyyy-mm-dd"
    MOMENT = "yyyy-mm-dd hh:mm"


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula without its "=", and the value that it has now, for readers that do not calculate."""

    expression: str
    value: Decimal


# Excel counts days from 1899-12-30 (right from March 1900 on; earlier days are written as text).
_DAY_ZERO = date(1899, 12, 30).toordinal()
_FIRST_DAY = date(1900, 3, 1)
LONGEST_TEXT = 32_767
_SEPARATOR = "\x7f"
# What makes a text more than itself between tags: markup, control characters, escapes of Excel, outer spaces.
_NEEDS_CARE = re.compile(r"[&<>\x00-\x1f\ud800-\udfff\ufffe\uffff]|_x[0-9A-Fa-f]{4}_|(?:^|\x7f)\s|\s(?:\x7f|$)")
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_EMPTY = "/>"


def safe_text(text: str) -> str:
    """`text` without the characters that no workbook can hold, cut to the longest text that a cell takes."""
    return _ILLEGAL.sub("", text)[:LONGEST_TEXT]


def _text(text: str) -> str:
    if not text:
        return _EMPTY
    if not _NEEDS_CARE.search(text) and len(text) <= LONGEST_TEXT:
        return f' t="inlineStr"><is><t>{text}</t></is></c>'
    plain = _ESCAPE.sub("_x005F_", safe_text(text))
    plain = plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "_x000D_")
    return f' t="inlineStr"><is><t xml:space="preserve">{plain}</t></is></c>'


def _number(number: Decimal | int | float) -> str:
    return f"><v>{number!s}</v></c>"


def _date(day: date) -> str:
    return f"><v>{day.toordinal() - _DAY_ZERO}</v></c>" if day >= _FIRST_DAY else _text(day.isoformat())


def _moment(moment: datetime) -> str:
    local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    seconds = local.hour * 3600 + local.minute * 60 + local.second
    return f"><v>{local.toordinal() - _DAY_ZERO + seconds / 86400}</v></c>"


def _truth(truth: bool) -> str:
    return f' t="b"><v>{truth:d}</v></c>'


def _formula(formula: Formula) -> str:
    escaped = formula.expression.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"><f>{escaped}</f><v>{formula.value!s}</v></c>"


_WRITERS: dict[type, tuple[Callable[[Any], str], Style]] = {
    str: (_text, Style.TEXT),
    Decimal: (_number, Style.MONEY),
    int: (_number, Style.EXACT),
    float: (_number, Style.EXACT),
    date: (_date, Style.DATE),
    datetime: (_moment, Style.MOMENT),
    bool: (_truth, Style.EXACT),
    Formula: (_formula, Style.MONEY),
}


def style_of(values: Iterable[Cell]) -> Style:
    """The style that fits the first value there is."""
    for value in values:
        if value is not None:
            return _WRITERS.get(type(value), _WRITERS[str])[1]
    return Style.TEXT


def is_mixed(values: Iterable[Cell]) -> bool:
    return len(set(map(type, values)) - {type(None)}) > 1


def ends(values: Sequence[Cell]) -> list[str]:
    """Each value as the end of its cell, from behind the attributes `r` and `s` on."""
    kinds = set(map(type, values))
    kinds.discard(type(None))
    if len(kinds) == 1:
        kind = kinds.pop()
        if kind is str:
            return _texts(values)  # type: ignore[arg-type]
        if kind in _WRITERS:
            write = _WRITERS[kind][0]
            return [_EMPTY if value is None else write(value) for value in values]
    return [_end(value) for value in values]


def _end(value: Cell) -> str:
    if value is None:
        return _EMPTY
    writer = _WRITERS.get(type(value))
    return writer[0](value) if writer else _text(str(value))


def _texts(values: Sequence[str | None]) -> list[str]:
    """As `_text` of each; a look at all of them together spares most of them a look of their own."""
    given = [value for value in values if value is not None]
    if _NEEDS_CARE.search(_SEPARATOR.join(given)) or max(map(len, given)) > LONGEST_TEXT:
        return [_text(value or "") for value in values]
    return [f' t="inlineStr"><is><t>{value}</t></is></c>' if value else _EMPTY for value in values]


def widest(values: Sequence[Cell], so_far: int) -> int:
    """How many characters wide the column must be for the values, at least `so_far`."""
    for value in values:
        if isinstance(value, Decimal | int | float | Formula):
            return max(so_far, _widest_number(values))
        if isinstance(value, date):
            return max(so_far, 16 if isinstance(value, datetime) else 10)
        if value is not None:
            break
    longer = {text for text in map(_shown, values) if 2 * len(text) > so_far}
    return max(so_far, max(map(text_width, longer), default=0))


def _shown(value: Cell) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def _widest_number(values: Sequence[Cell]) -> int:
    plain = [value.value if isinstance(value, Formula) else value for value in values if value is not None]
    digits = max(map(len, map(str, plain)))
    return digits + max(digits - 4, 0) // 3


def text_width(text: str) -> int:
    """The width of a text in characters of a Latin letter; Chinese, Japanese and Korean ones count twice."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
