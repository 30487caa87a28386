"""From a cell to a typed value; what cannot be read raises CellError, which says what is wrong and how to mend it."""

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from config.words import listed
from ledger.money import NotAnAmount, contradicts, from_cell, parsed
from ledger.workbook.layout import Column, Holds

_DATES = (
    re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T]00:00(?::00)?)?"),
    re.compile(r"(\d{4})(\d{2})(\d{2})"),
    re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日?"),
)
_YES = {"yes", "y", "true", "1", "是", "对", "√"}
_NO = {"no", "n", "false", "0", "否", "不是", "×"}
_PLACES = {Holds.QUANTITY: 4, Holds.PRICE: 6}
# From here on a number cell has lost digits that were typed: Excel keeps fifteen.
_INEXACT = 10**15
# Characters that show as nothing, or turn what stands beside them around: control, format, private and no characters,
# separators of lines and paragraphs. Around a text they are cut off like blanks, for they come along when one copies.
_UNSEEN = frozenset(("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"))
_CUT_OFF = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_LINE_BREAKS = re.compile(r"\s*[\r\n\t\v]\s*")


class CellError(ValueError):
    """The cell cannot be read; the text is for the person who filled it in."""


def read(value: Any, column: Column) -> Any:
    """The value of a cell as its column holds it; None where the cell is empty. Raises CellError."""
    if value is None or (isinstance(value, str) and not _cleaned(value)):
        return None
    return _READERS[column.holds](value, column)


def other_currency(written: str, currency: str) -> str | None:
    """What is wrong with an amount that is written in another currency; None where it is not."""
    if not contradicts(written, currency):
        return None
    return _("is written in another currency than the customer's, %(currency)s") % {"currency": currency}


def _text(value: Any, column: Column) -> str:
    if isinstance(value, str):
        text = _cleaned(value)
    elif isinstance(value, bool):
        text = "TRUE" if value else "FALSE"
    elif isinstance(value, int | float):
        text = _digits(value)
    else:
        text = str(value)
    if column.wraps:
        text = _LINE_BREAKS.sub(" ", text)
    if len(text) > column.longest:
        raise CellError(_("is longer than %(n)d characters; shorten it") % {"n": column.longest})
    if not text.isprintable():
        _check_seen(text)
    return text


def _cleaned(text: str) -> str:
    text = text.strip()
    return text if text.isascii() else text.strip(_CUT_OFF).strip()


def _digits(number: int | float) -> str:
    """A number that stands for a code: 200769623.0 is 200769623."""
    if abs(number) >= _INEXACT:
        raise CellError(
            _("has more digits than a number cell keeps; format the cell as text and enter all digits again")
        )
    return str(int(number)) if int(number) == number else str(number)


def _check_seen(text: str) -> None:
    for place, letter in enumerate(text, start=1):
        if letter in "\r\n":
            raise CellError(_("has a line break in it; write it on one line"))
        if unicodedata.category(letter) in _UNSEEN:
            raise CellError(
                _("has a character that cannot be seen (%(code)s at place %(n)d); retype it")
                % {"code": f"U+{ord(letter):04X}", "n": place}
            )


def _amount(value: Any, column: Column) -> Decimal:
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return from_cell(value)
        if isinstance(value, str):
            return parsed(value)
    except NotAnAmount as refusal:
        raise CellError(_reason(refusal.reason)) from None
    raise CellError(_reason("text"))


def _reason(reason: str) -> str:
    return {
        "text": _("is not an amount; write it like 1234.50"),
        "places": _("has more than two decimal places; round it to the cent"),
        "large": _("is larger than the ledger can hold; check the number of digits"),
    }[reason]


def _exact(value: Any, column: Column) -> Decimal:
    """A quantity or unit price; a binary float is read to twelve significant digits."""
    places = _PLACES[column.holds]
    try:
        if isinstance(value, bool):
            raise CellError(_("is not a number; write it like 12.5"))
        if isinstance(value, int | float):
            number = Decimal(f"{value:.12g}")
        else:
            number = Decimal(unicodedata.normalize("NFKC", str(value)).strip().replace(",", ""))
        if not number.is_finite():
            raise InvalidOperation
        exact = number.quantize(Decimal(1).scaleb(-places))
    except InvalidOperation:
        raise CellError(_("is not a number; write it like 12.5")) from None
    if exact != number:
        raise CellError(_("has more than %(n)d decimal places") % {"n": places})
    if abs(exact) >= 10**9:
        raise CellError(_reason("large"))
    return exact


def _date(value: Any, column: Column) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = _text(value, column)
    plain = unicodedata.normalize("NFKC", text)
    for pattern in _DATES:
        if found := pattern.fullmatch(plain):
            try:
                return date(*map(int, found.groups()))
            except ValueError:
                raise CellError(_("is no day of the calendar")) from None
    raise CellError(_("is not a date; write it like 2026-03-31, or format the cell as a date"))


def _days(value: Any, column: Column) -> int:
    text = unicodedata.normalize("NFKC", _text(value, column))
    if not text.isdecimal() or int(text) > 3650:
        raise CellError(_("is not a number of days between 0 and 3650"))
    return int(text)


def _yes_no(value: Any, column: Column) -> bool:
    text = _text(value, column).lower()
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise CellError(_("is neither yes nor no (是/否)"))


def _choice(value: Any, column: Column) -> str:
    text = _text(value, column).lower()
    for stored, written in column.choices:
        if text in written:
            return stored
    raise CellError(_("is not one of: %(choices)s") % {"choices": listed(column.choices_shown)})


_READERS = {
    Holds.TEXT: _text,
    Holds.CODE: _text,
    Holds.AMOUNT: _amount,
    Holds.QUANTITY: _exact,
    Holds.PRICE: _exact,
    Holds.DATE: _date,
    Holds.DAYS: _days,
    Holds.YES_NO: _yes_no,
    Holds.CHOICE: _choice,
}
