"""How a cell names other documents: `S1;S2`, `INV1:100.00;INV2`."""

from collections.abc import Callable
from decimal import Decimal

from django.utils.translation import gettext as _

from ledger.models import Entry
from ledger.money import NotAnAmount, parsed
from ledger.workbook.cells import other_currency
from ledger.workbook.parsing import Row
from ledger.workbook.rows import PAID, Rows


def parts(written: str | None) -> list[str]:
    """What stands between the semicolons, of either width."""
    plain = (written or "").replace("；", ";").replace("：", ":")
    return [part.strip() for part in plain.split(";") if part.strip()]


def numbers_in(written: str | None) -> set[str]:
    """The numbers in `INV1:100.00;INV2`; one with a colon of its own is tried whole as well."""
    return {number for part in parts(written) for number in (part, part.rpartition(":")[0].strip()) if number}


def found(
    rows: Rows,
    row: Row,
    key: str,
    column: str,
    number: str,
    series: tuple[str, ...],
    side: int | None = None,
    *,
    with_reversed: bool = False,
) -> Entry | None:
    """The document of a number, new or stored; notes a mistake where there is none, or more than one. One that was
    reversed is found `with_reversed`, where no other has the number.
    """

    def found_by(stored: Callable[[str, str], Entry | None]) -> list[Entry]:
        either = (rows.fresh[name].get(number) or stored(name, number) for name in series)
        return [entry for entry in either if entry is not None and (side is None or entry.side == side)]

    entries = found_by(rows.known.document) or (found_by(rows.known.latest) if with_reversed else [])
    if len(entries) == 1 or (entries and column == "invoices"):
        return entries[0]
    if number in rows.failed:
        row.is_sound = False
        return None
    if entries:
        message = _("is the number of several documents; settle these in the browser")
    else:
        message = _("is no document of this file or of the ledger that fits here")
    rows.mistake(key, row, column, number, message)
    return None


def named_goods(rows: Rows, row: Row) -> list[Entry]:
    """The shipments (or returns) that an invoice (or credit note) bills."""
    goods = [found(rows, row, "invoices", "shipments", number, ("shipment",)) for number in parts(row["shipments"])]
    return [entry for entry in goods if entry is not None]


def numbers_with_amounts(rows: Rows, row: Row, currency: str) -> list[tuple[str, Decimal | None, str]]:
    """`INV1:100.00;INV2` of a payment: numbers, the amounts that are to settle them, and what was written."""
    named = []
    for part in parts(row["invoices"]):
        number, _colon, written = part.rpartition(":") if ":" in part else (part, "", "")
        number = number.strip()
        try:
            amount = parsed(written) if written.strip() else None
        except NotAnAmount:
            message = _("names no amount after the colon; write it like INV1:100.00;INV2")
            rows.mistake("payments", row, "invoices", part, message)
            continue
        if not number:
            message = _("names no document before the colon; write it like INV1:100.00;INV2")
            rows.mistake("payments", row, "invoices", part, message)
        elif other := other_currency(written, currency):
            rows.mistake("payments", row, "invoices", part, other)
        else:
            named.append((number, amount, part))
    return named


def named_debt(rows: Rows, row: Row, number: str) -> Entry | None:
    return found(rows, row, "payments", "invoices", number, PAID, side=1)
