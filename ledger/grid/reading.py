"""From the cells of a grid to what can be posted; whatever is wrong is said at its cell, with how to mend it."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from config.words import listed
from customers.models import Customer, User
from ledger.grid.layout import Layout
from ledger.grid.pasting import Cells
from ledger.money import ZERO, rounded
from ledger.queries.named_customers import Named, named_customers
from ledger.workbook.cells import CellError, other_currency, read
from ledger.workbook.layout import Column, Holds

_DAY_AND_MONTH = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?: 0?0:00(?::00)?)?")
_WITHOUT_YEAR = re.compile(r"(\d{1,2})月(\d{1,2})[日号]?")


@dataclass(slots=True)
class Cell:
    key: str
    text: str
    label: str | Promise = ""
    message: str = ""
    # What was understood, where it does not read as it was written: the customer's name, the date.
    note: str = ""


@dataclass(slots=True)
class GridRow:
    """`number` counts the rows as they are seen, from 1."""

    number: int
    cells: list[Cell]
    values: dict[str, Any] = field(default_factory=dict)
    customer: Customer | None = None

    def of(self, key: str) -> Any:
        """The value that was read in a column; None where there is none."""
        return self.values.get(key)

    def cell(self, key: str) -> Cell:
        return next(cell for cell in self.cells if cell.key == key)

    def wrong(self, key: str, message: str) -> None:
        if not (cell := self.cell(key)).message:
            cell.message = message

    @property
    def is_empty(self) -> bool:
        return not any(cell.text for cell in self.cells)

    @property
    def is_sound(self) -> bool:
        return not any(cell.message for cell in self.cells)


def unread(layout: Layout, rows: Sequence[Cells]) -> list[GridRow]:
    """The rows as they were typed, not judged yet."""
    width = len(layout.keys)
    padded = ((list(row) + [""] * width)[:width] for row in rows)
    return [
        GridRow(n, [Cell(key, text, layout.labels[key]) for key, text in zip(layout.keys, cells, strict=True)])
        for n, cells in enumerate(padded, start=1)
    ]


def read_rows(layout: Layout, rows: Sequence[Cells], user: User) -> list[GridRow]:
    """Every cell read by the rules of the import, the customers found among those that `user` may post for."""
    found = unread(layout, rows)
    filled = [row for row in found if not row.is_empty]
    for row in filled:
        for cell, column in zip(row.cells, layout.columns, strict=True):
            _read_cell(row, cell, column, is_required=column.key in layout.required)
    if "customer" in layout.keys:
        known = named_customers(user, {row.cell("customer").text for row in filled if row.cell("customer").text})
        for row in filled:
            _find_customer(row, known)
    return found


def totals(rows: Sequence[GridRow]) -> dict[str, Decimal]:
    """What the rows add up to so far, by currency; a row whose customer is not known yet has none."""
    sums: dict[str, Decimal] = {}
    for row in rows:
        if row.customer is not None and (amount := amount_of(row)) is not None:
            sums[row.customer.currency] = sums.get(row.customer.currency, ZERO) + amount
    return sums


def amount_of(row: GridRow) -> Decimal | None:
    if row.of("quantity") is not None and row.of("unit_price") is not None:
        return rounded(row.of("quantity") * row.of("unit_price"))
    return row.of("amount")  # type: ignore[no-any-return]


def _read_cell(row: GridRow, cell: Cell, column: Column, *, is_required: bool) -> None:
    try:
        text = _day(cell.text) if column.holds is Holds.DATE else cell.text
        value = read(text, column)
    except CellError as error:
        cell.message = str(error)
        return
    if value is None:
        if is_required:
            cell.message = _("is empty; it is required")
        return
    row.values[column.key] = value
    if isinstance(value, date):
        if value.isoformat() != cell.text:
            cell.note = value.isoformat()
        if column.key == "date" and value > timezone.localdate():
            cell.message = _("has not come yet; check the date")
    if column.key == "amount" and value <= 0:
        cell.message = _("must be above zero; refunds and returns have forms of their own")
    if column.key == "quantity" and value <= 0:
        cell.message = _("must be above zero")
    if column.key == "unit_price" and value < 0:
        cell.message = _("must not be below zero")


def _day(text: str) -> str:
    """A date as spreadsheets of several countries write it, with its year first; what can be read as two days is
    refused with both of them.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if found := _WITHOUT_YEAR.fullmatch(plain):
        return f"{timezone.localdate().year}-{found[1]}-{found[2]}"
    found = _DAY_AND_MONTH.fullmatch(plain)
    if found is None:
        return text
    first, second, year = map(int, found.groups())
    if first > 12 or first == second:
        return f"{year}-{second}-{first}"
    if second > 12:
        return f"{year}-{first}-{second}"
    raise CellError(
        _("may be %(one)s or %(other)s; write the year first")
        % {"one": f"{year}-{second:02}-{first:02}", "other": f"{year}-{first:02}-{second:02}"}
    )


def _find_customer(row: GridRow, known: dict[str, Named]) -> None:
    cell = row.cell("customer")
    if not cell.text or cell.message:
        return
    named = known[cell.text]
    if len(named.customers) == 1:
        row.customer = named.customers[0]
        cell.note = row.customer.name if row.customer.name != cell.text else ""
        written = row.cell("amount").text if row.of("amount") is not None else ""
        if written and (message := other_currency(written, row.customer.currency)):
            row.wrong("amount", message)
    elif named.customers:
        cell.message = _("may be %(customers)s; write the code") % {"customers": listed(named.customers)}
    else:
        cell.message = _("is no customer that you may post for; write its code or its whole name")
