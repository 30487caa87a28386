"""From a cell of a foreign table to a text, a day, an amount or a number of an account."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from ledger.money import NotAnAmount, from_cell, parsed

_UNSEEN = re.compile(r"[\u200b-\u200f\u2060\ufeff]+")
# What stands for nothing, and what hides a figure.
_NOTHING = re.compile(r"[-—–/\\]*|n/?a|null|none|无", re.IGNORECASE)
_MASKED = re.compile(r"[*＊xX•●]{2,}|[^\d]*\*+[^\d]*")
_TRAILING_SIGN = re.compile(r"(.*\d)\s*([-+])")
_SIDE_AFTER = re.compile(r"(.*\d)\s*(cr|dr)\.?", re.IGNORECASE)
_FORMULA = re.compile(r'="?(.*?)"?')
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 80_000
# From here on a number cell has lost digits: Excel keeps fifteen.
_INEXACT = 10**15
_SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+?\d+", re.IGNORECASE)
_CLOCK = r"(?:[ T]?\d{1,2}[:.时]\d{1,2}(?:[:.分]\d{1,2})?(?:[.,]\d+)?秒?(?:Z|[+-]\d\d:?\d\d)?)?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})[-/.年](\d{{1,2}})[-/.月](\d{{1,2}})日?{_CLOCK}")
_EIGHT_DIGITS = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})(?:[ T]?\d{6}|[ T]?\d{1,2}:\d{2}(?::\d{2})?)?")
YEAR_LAST = re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}}|\d{{2}}){_CLOCK}")
_NO_YEAR = re.compile(rf"(\d{{1,2}})[-/.月](\d{{1,2}})日?{_CLOCK}")
_NAMED_MONTH = re.compile(rf"(\d{{1,2}})[- /]?([A-Za-z]{{3,9}})[- /,.]*(\d{{4}}|\d{{2}}){_CLOCK}")
_MONTH_FIRST = re.compile(rf"([A-Za-z]{{3,9}})[ .-]?(\d{{1,2}}),? (\d{{4}}){_CLOCK}")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


_TOTALS = re.compile(r"(本[页月日年]|累计|期间?)?(合计|总计|小计|累计|共计|汇总)|(sub)?total\b|sum\b", re.IGNORECASE)


class CellError(ValueError):
    """The cell cannot be read; the text says what is wrong and how to mend it."""


class Masked(CellError):
    """The figure is hidden: *** in place of digits."""


class Damaged(CellError):
    """A number whose digits Excel has lost."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a table writes: what a single cell does not tell."""

    # 03/04/2026 is the 3 April; whether that was seen, or only supposed.
    day_first: bool = True
    # 1.234,56
    decimal_comma: bool = False
    # The days that rows without a year may fall on, from the title; none where it names no year.
    period: tuple[date, date] | None = None


def text_of(cell: Any) -> str:
    """What a cell says, on one line: tabs, doubled blanks and what Excel puts around it are gone."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < _INEXACT else repr(cell)
    text = " ".join(str(cell).split())
    if not text.isascii():
        text = _UNSEEN.sub("", text).strip()
    if text.startswith("="):
        found = _FORMULA.fullmatch(text)
        text = found[1] if found else text
    return text.lstrip("'‘’`").strip() if text[:1] in "'‘’`" else text


def is_total(row: Iterable[Any]) -> bool:
    """Whether a line adds up those before it."""
    texts = [unicodedata.normalize("NFKC", text_of(cell)).replace(" ", "") for cell in row]
    return any(_TOTALS.match(text) and not text[:1].isdigit() for text in texts[:6] if text)


def says_nothing(text: str) -> bool:
    return _NOTHING.fullmatch(text) is not None


def is_number(cell: Any) -> bool:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return True
    text = text_of(cell)
    return bool(text) and any(map(str.isdigit, text)) and _try_amount(text)


def _try_amount(text: str) -> bool:
    try:
        return amount(text, Style()) is not None
    except CellError:
        return False


def is_day(cell: Any) -> bool:
    """Whether a text is written as a day; a bare number is none."""
    if isinstance(cell, date):
        return True
    text = unicodedata.normalize("NFKC", text_of(cell))
    shapes = (_YEAR_FIRST, _EIGHT_DIGITS, YEAR_LAST, _NAMED_MONTH, _MONTH_FIRST)
    if any(shape.fullmatch(text) for shape in shapes):
        return True
    found = _NO_YEAR.fullmatch(text)
    return bool(found) and "." not in text and int(found[1]) <= 31 and int(found[2]) <= 31  # type: ignore[index]


def amount(cell: Any, style: Style) -> Decimal | None:
    """The amount of a cell, None where it is empty. Raises CellError, Masked where it is hidden."""
    if isinstance(cell, bool | date):
        raise CellError(_("is not an amount; write it like 1234.50"))
    try:
        if isinstance(cell, int | float):
            return from_cell(cell)
        text = unicodedata.normalize("NFKC", text_of(cell)).replace("−", "-")
        if _NOTHING.fullmatch(text.strip()):
            return None
        if _MASKED.fullmatch(text):
            raise Masked(_("is hidden (***)"))
        return parsed(_usual(text, style))
    except NotAnAmount as refusal:
        raise CellError(_AMOUNT_REASONS[refusal.reason]()) from None


_AMOUNT_REASONS = {
    "text": lambda: _("is not an amount; write it like 1234.50"),
    "places": lambda: _("has more than two decimal places; round it to the cent"),
    "large": lambda: _("is larger than any amount here; check the number of digits"),
}


def _usual(text: str, style: Style) -> str:
    """The amount as `ledger.money` reads it: the sign before it, a point before the cents."""
    if style.decimal_comma:
        text = text.replace(".", "").replace("'", "").replace(",", ".")
    else:
        text = text.replace("'", "").replace("’", "")
    if found := _SIDE_AFTER.fullmatch(text):
        text = found[1] if found[2].lower() == "cr" else f"-{found[1]}"
    if found := _TRAILING_SIGN.fullmatch(text):
        text = found[1] if found[2] == "+" else f"-{found[1]}"
    return text.replace("- ", "-").replace("+ ", "+")


def day(cell: Any, style: Style) -> date | None:
    """The day of a cell, None where it is empty. Raises CellError."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _day_of_number(cell)
    text = unicodedata.normalize("NFKC", text_of(cell))
    if not text or _NOTHING.fullmatch(text):
        return None
    if text.isdecimal() and len(text) == 5:
        return _day_of_number(int(text))
    if (parts := _parts(text, style)) is None:
        raise CellError(_("is not a date; write it like 2026-03-31"))
    try:
        return date(*parts)
    except ValueError:
        raise CellError(_("is no day of the calendar")) from None


def _day_of_number(number: int | float) -> date:
    if _FIRST_SERIAL < number < _LAST_SERIAL:
        return date(1899, 12, 30) + timedelta(days=int(number))
    text = str(int(number))
    if found := _EIGHT_DIGITS.fullmatch(text):
        try:
            return date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            pass
    raise CellError(_("is not a date; write it like 2026-03-31"))


def _parts(text: str, style: Style) -> tuple[int, int, int] | None:
    if found := _YEAR_FIRST.fullmatch(text) or _EIGHT_DIGITS.fullmatch(text):
        return int(found[1]), int(found[2]), int(found[3])
    if found := YEAR_LAST.fullmatch(text):
        first, second = int(found[1]), int(found[3])
        of_day, month = (first, second) if style.day_first else (second, first)
        return _full_year(found[4]), month, of_day
    if found := _NAMED_MONTH.fullmatch(text):
        return _named(found[3], found[2], found[1])
    if found := _MONTH_FIRST.fullmatch(text):
        return _named(found[3], found[1], found[2])
    if found := _NO_YEAR.fullmatch(text):
        return _within(style, int(found[1]), int(found[2]))
    return None


def _full_year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _named(year: str, month: str, of_day: str) -> tuple[int, int, int] | None:
    name = month.lower()[:3]
    return (_full_year(year), _MONTHS.index(name) + 1, int(of_day)) if name in _MONTHS else None


def _within(style: Style, month: int, of_day: int) -> tuple[int, int, int]:
    """03-15 in the year of the title; where that spans two years, in the one whose 15 March lies within."""
    if style.period is None:
        raise CellError(_("has no year, and the title of the file names none; write the year too"))
    first, last = style.period
    for year in range(first.year, last.year + 1):
        try:
            if first <= date(year, month, of_day) <= last:
                return year, month, of_day
        except ValueError:
            continue
    return last.year, month, of_day


def number(cell: Any) -> str:
    """The number of an account or a document as it was written. Raises Damaged where digits are lost."""
    if isinstance(cell, bool):
        raise CellError(_("is not a number of an account"))
    if isinstance(cell, int | float):
        if abs(cell) >= _INEXACT or cell != int(cell):
            raise Damaged(_("was damaged by Excel: its last digits are lost. Export the column as text"))
        return str(int(cell))
    text = unicodedata.normalize("NFKC", text_of(cell))
    if _SCIENTIFIC.fullmatch(text) or re.fullmatch(r"\d{6,}\.0+", text):
        raise Damaged(_("was damaged by Excel: its last digits are lost. Export the column as text"))
    return "" if _NOTHING.fullmatch(text) else text
