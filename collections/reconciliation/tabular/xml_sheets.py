"""Excel's workbooks of 2003 as XML: what some banks still call .xls."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _

from ledger.workbook.limits import LONGEST_TEXT, MOST_COLUMNS
from reconciliation.tabular.errors import UnreadableTable

MARK = b"urn:schemas-microsoft-com:office:spreadsheet"
_FRACTION = re.compile(r"-?\d+\.\d+")
_NAME = "{urn:schemas-microsoft-com:office:spreadsheet}"


def read(content: bytes) -> Iterator[tuple[str, list[tuple[int, list[Any]]]]]:
    """The name and the rows of each sheet. Raises UnreadableTable."""
    try:
        book: Element = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise UnreadableTable(_("The file was cut off or damaged. Export it again.")) from None
    for sheet in book.iter(f"{_NAME}Worksheet"):
        yield sheet.get(f"{_NAME}Name", ""), list(_rows(sheet))


def _rows(sheet: Element) -> Iterator[tuple[int, list[Any]]]:
    number = 0
    for row in sheet.iter(f"{_NAME}Row"):
        number = _place(row, number)
        cells: list[Any] = []
        for cell in row.findall(f"{_NAME}Cell"):
            place = min(_place(cell, len(cells)), MOST_COLUMNS)
            cells += [""] * (place - 1 - len(cells))
            cells.append(_value(cell.find(f"{_NAME}Data")))
        if any(value != "" for value in cells):
            yield number, cells


def _place(element: Element, before: int) -> int:
    """Where it stands: the next place, unless it says that some were passed over."""
    said = element.get(f"{_NAME}Index", "")
    return max(int(said[:7]), before + 1) if said.isdecimal() else before + 1


def _value(data: Element | None) -> Any:
    if data is None:
        return ""
    text = "".join(data.itertext())[:LONGEST_TEXT]
    kind = data.get(f"{_NAME}Type")
    if kind == "DateTime":
        try:
            return date.fromisoformat(text[:10])
        except ValueError:
            return text
    # Excel keeps fifteen digits; what stands behind them is noise.
    return f"{Decimal(text):.15g}" if kind == "Number" and _FRACTION.fullmatch(text) else text
