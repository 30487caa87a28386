"""From a cell to a typed value; what cannot be read raises CellError, which says what is wrong and how to mend it."""

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from ledger.money import NotAnAmount, from_cell, parsed
from ledger.workbook.layout import Column, Holds

_DATES = (
    re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T]00:00(?::00)?)?"),
    re.compile(r"(\d{4})(\d{2})(\d{2})"),
    re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日?"),
)
_YES = {"yes", "y", "true", "1", "是", "对", "√"}
_NO = {"no", "n", "false", "0", "否", "不是", "×"}
_PLACES = {Holds.QUANTITY: 4, Holds.PRICE: 6}


class CellError(ValueError):
    """The cell cannot be read; the text is for the person who filled it in."""


def read(value: Any, column: Column) -> Any:
    """The value of a cell as its column holds it; None where the cell is empty. Raises CellError."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    return _READERS[column.holds](value, column)


def _text(value: Any, column: Column) -> str:
    if isinstance(value, bool):
        text = "TRUE" if value else "FALSE"
    elif isinstance(value, float) and value.is_integer():
        text = str(int(value))  # a number that stands for a code: 200769623.0
    elif isinstance(value, datetime):
        text = value.date().isoformat()
    else:
        text = str(value).strip()
    if len(text) > column.longest:
        raise CellError(_("is longer than %(n)d characters; shorten it") % {"n": column.longest})
    if "\x00" in text:
        raise CellError(_("has a character that cannot be stored; retype it"))
    return text


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
    known = ", ".join(written[0] for _stored, written in column.choices)
    raise CellError(_("is not one of: %(choices)s") % {"choices": known})


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
