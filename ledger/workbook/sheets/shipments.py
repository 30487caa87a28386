"""Shipments and returns: rows with one number are the lines of one document."""

from collections import Counter, defaultdict
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from customers.models import Customer
from ledger import documents
from ledger.documents import LineInput
from ledger.models import Entry
from ledger.money import ZERO, rounded
from ledger.workbook.parsing import Row
from ledger.workbook.rows import Difference, Rows
from ledger.workbook.stored import Line, lines_of

# The columns of a line, in the order of a stored one.
OF_A_LINE = ("product", "quantity", "unit", "unit_price")
MOST_LINES = 10_000


def take(rows: Rows) -> None:
    pairs: dict[str, list[tuple[Row, Customer]]] = defaultdict(list)
    for row, customer in rows.sound("shipments"):
        pairs[row["number"]].append((row, customer))
    with_lines = [rows.known.latest("shipment", number) for number, group in pairs.items() if _has_lines(group)]
    stored_lines = lines_of(entry.pk for entry in with_lines if entry is not None)
    totals = {number: _total(rows, [row for row, _customer in group]) for number, group in pairs.items()}
    for number in sorted(pairs, key=lambda number: _place_in_time(pairs[number][0][0], totals[number])):
        lines, customer = [row for row, _customer in pairs[number]], pairs[number][0][1]
        total = totals[number]
        if total is not None and _is_one_document(rows, lines):
            _take_one(rows, lines, customer, total, stored_lines)


def _take_one(
    rows: Rows, lines: list[Row], customer: Customer, total: Decimal, stored_lines: dict[int, list[Line]]
) -> None:
    first = lines[0]
    given = _lines(rows, lines, total)
    known = rows.known.latest("shipment", first["number"])
    extra = [("delivered_on", first["delivered_on"], "shipment.delivered_on")]
    if known is not None and known.shipment.delivered_on is not None:
        extra = []  # when the goods arrived may have been put right since

    def beyond(stored: Entry) -> Difference | None:
        return _difference(lines, given, stored_lines[stored.pk])

    if rows.is_known("shipments", "shipment", first, customer, total, extra, beyond=beyond):
        return
    facts: dict[str, Any] = {
        "number": first["number"],
        "date": first["date"],
        "amount": abs(total),
        "lines": given,
        "delivered_on": first["delivered_on"],
        "salesperson": rows.people.salespeople.of("shipments", first),
        "memo": first["memo"] or "",
    }
    if not all(row.is_sound for row in lines):
        rows.failed.add(first["number"])
    elif total > 0:
        rows.post("shipments", "shipment", first, documents.shipment, customer, due_date=first["due_date"], **facts)
    else:
        rows.post("shipments", "shipment", first, documents.goods_return, customer, **facts)


def _place_in_time(first: Row, total: Decimal | None) -> tuple[Any, ...]:
    return (total or ZERO) < 0, first["date"], first["number"]


def _total(rows: Rows, lines: list[Row]) -> Decimal | None:
    """The signed value of a shipment's rows; None where one of them cannot be reckoned."""
    total = ZERO
    for row in lines:
        quantity, price, amount = row["quantity"], row["unit_price"], row["amount"]
        of_line = rounded(quantity * price) if quantity is not None and price is not None else None
        if of_line is None and amount is None:
            message = _("is empty; give an amount, or a quantity and a unit price")
            rows.mistake("shipments", row, "amount", None, message)
            return None
        if of_line is not None and amount is not None and of_line != amount:
            message = _("is not quantity times unit price (%(sum)s)") % {"sum": of_line}
            rows.mistake("shipments", row, "amount", amount, message)
            return None
        total += of_line if of_line is not None else amount
    if not total:
        rows.mistake("shipments", lines[0], "amount", total, _("is zero; a document is worth something"))
        return None
    return total


def _is_one_document(rows: Rows, lines: list[Row]) -> bool:
    """Whether the rows of one number agree on what belongs to the whole shipment, and are not too many."""
    first = lines[0]
    if len(lines) > MOST_LINES:
        message = _("has more than %(n)d rows of this number; give the others a number of their own")
        rows.mistake("shipments", lines[MOST_LINES], "number", first["number"], message % {"n": MOST_LINES})
        return False
    for row in lines[1:]:
        for column in ("customer", "date", "due_date", "delivered_on", "salesperson"):
            if row[column] is not None and row[column] != first[column]:
                message = _("differs from the first row of this number; the rows are lines of one shipment")
                rows.mistake("shipments", row, column, row[column], message)
                return False
    return True


def _has_lines(group: list[tuple[Row, Customer]]) -> bool:
    return any(row["product"] for row, _customer in group)


def _lines(rows: Rows, lines: list[Row], total: Decimal) -> list[LineInput]:
    """The lines of a shipment, where a row names a product; a return's are turned to positive quantities."""
    if not any(row["product"] for row in lines):
        return []
    sign = 1 if total > 0 else -1
    found = []
    for row in lines:
        product, unit = row["product"] or row["memo"] or "–", row["unit"] or ""
        if row["quantity"] is not None and row["unit_price"] is not None:
            quantity, price = row["quantity"] * sign, row["unit_price"]
            if quantity < 0:
                quantity, price = -quantity, -price
        else:
            quantity, price = Decimal(1), row["amount"] * sign
        if quantity == 0:
            rows.mistake("shipments", row, "quantity", row["quantity"], _("is zero; leave the row out"))
        elif price < 0:
            column = "amount" if row["amount"] is not None else "unit_price"
            message = _(
                "takes off what the other rows of this number add; give it a number of its own, or leave the "
                "products of this number empty"
            )
            rows.mistake("shipments", row, column, row[column], message)
        found.append(LineInput(product, quantity, unit, price))
    return found


def _difference(lines: list[Row], given: list[LineInput], stored: list[Line]) -> Difference | None:
    """The first line that the ledger's shipment does not have, in whatever order; no products say nothing."""
    left = Counter(stored)
    for row, line in zip(lines, given, strict=False):
        said = (line.product, line.quantity, line.unit, line.unit_price)
        if left[said]:
            left[said] -= 1
            continue
        alike = next((was for was in stored if was[0] == line.product), None)
        if alike is None:
            return row, "product", row["product"], "; ".join(was[0] for was in stored) or "–"
        changed = [(name, was) for name, new, was in zip(OF_A_LINE, said, alike, strict=True) if new != was]
        column, was = changed[0] if changed else ("product", line.product)
        if row[column] is None:  # a line that states its amount alone is one piece at that price
            column = "amount"
        return row, column, row[column], was
    if given and (missing := +left):
        return lines[0], "product", lines[0]["product"], "; ".join(was[0] for was in missing)
    return None
