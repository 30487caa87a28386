"""A comparison as a workbook: the bridge, the pairs, the rest."""

from collections.abc import Iterator
from decimal import Decimal
from typing import BinaryIO

from django.utils.text import slugify
from django.utils.translation import gettext as _

from config.dates import shown_day
from config.sheets import Book, Cell, Column, Style, heading, put
from config.words import listed
from ledger.money import ZERO
from reconciliation.comparison.bridge import Bridge
from reconciliation.comparison.models import ComparedItem, CustomerList
from reconciliation.comparison.queries.comparisons import bridge_of, items_of
from reconciliation.comparison.tables import ours_of, their_name, theirs_of
from reconciliation.comparison.wording import class_in_words, reason_in_words, step_in_words


def name_of(row: CustomerList, ending: str) -> str:
    said = _("comparison %(customer)s %(day)s") % {"customer": row.customer.code, "day": row.as_of.isoformat()}
    return f"{slugify(said, allow_unicode=True)}.{ending}"


def write(row: CustomerList, target: BinaryIO) -> None:
    with Book(title=str(row)) as book:
        _bridge(book, row, bridge_of(row))
        items = list(items_of(row))
        pairs = [item for item in items if item.reason]
        alone = [item for item in items if not item.reason]
        book.stream(book.add_sheet(_("Pairs")), _pair_columns(), (_pair(item) for item in pairs), frozen=1)
        book.stream(book.add_sheet(_("Not paired")), _rest_columns(), _rest(alone), frozen=1)
        book.save(target)


def _bridge(book: Book, row: CustomerList, walked: Bridge) -> None:
    sheet = book.add_sheet(_("Bridge"))
    put(sheet.cell(1, 1), str(row), bold=True)
    facts = [(_("Customer"), str(row.customer)), (_("As of"), row.as_of), (_("Currency"), row.customer.currency)]
    for place, (label, value) in enumerate(facts, start=2):
        put(sheet.cell(place, 1), label)
        put(sheet.cell(place, 2), value)
    top = len(facts) + 3
    titles = (_("Step"), _("What it is"), _("Lines"), _("Amount"), _("Balance"))
    for column, title in enumerate(titles, start=1):
        heading(sheet.cell(top, column), title, right=column > 2)
    said: list[tuple[Cell, ...]] = [(_("Their balance"), shown_day(row.as_of), None, None, walked.theirs)]
    said += [
        (
            class_in_words(step.cls),
            step_in_words(step.cls, step.amount),
            step.count or None,
            step.amount,
            step.reached,
        )
        for step in walked.steps
    ]
    said.append((_("Our balance"), shown_day(row.as_of), None, walked.difference, walked.ours))
    for place, cells in enumerate(said, start=top + 1):
        is_end = place in (top + 1, top + len(said))
        for column, value in enumerate(cells, start=1):
            style = Style.MONEY if isinstance(value, Decimal) else None
            put(sheet.cell(place, column), value, style, bold=is_end)
    for letter, width in zip("ABCDE", (30, 60, 8, 16, 16), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = f"A{top + 1}"


def _pair_columns() -> list[Column]:
    return [
        Column(_("Class")),
        Column(_("Our documents")),
        Column(_("Our date"), Style.DATE),
        Column(_("Our amount"), Style.MONEY, summed=True),
        Column(_("Their documents")),
        Column(_("Their date"), Style.DATE),
        Column(_("Their amount"), Style.MONEY, summed=True),
        Column(_("Difference"), Style.MONEY, summed=True),
        Column(_("Reason")),
    ]


def _pair(item: ComparedItem) -> tuple[Cell, ...]:
    ours, theirs = ours_of(item), theirs_of(item)
    return (
        class_in_words(item.cls),
        listed(part.entry for part in ours),
        max((part.entry.date for part in ours if part.entry), default=None),
        item.ours_amount,
        listed(map(their_name, theirs)),
        max((part.line.date for part in theirs if part.line), default=None),
        item.theirs_amount,
        item.difference,
        reason_in_words(item.reason, item.facts),
    )


def _rest_columns() -> list[Column]:
    return [
        Column(_("Class")),
        Column(_("Whose")),
        Column(_("Document")),
        Column(_("Date"), Style.DATE),
        Column(_("Our amount"), Style.MONEY, summed=True),
        Column(_("Their amount"), Style.MONEY, summed=True),
        Column(_("Memo")),
        Column(_("Reason")),
        Column(_("Row of their file"), Style.NUMBER),
    ]


def _rest(items: list[ComparedItem]) -> Iterator[tuple[Cell, ...]]:
    for item in items:
        for part in item.parts.all():
            is_ours = part.entry is not None
            yield (
                class_in_words(item.cls),
                _("ours") if is_ours else _("theirs"),
                str(part.entry) if part.entry else their_name(part),
                part.entry.date if part.entry else part.line.date,  # type: ignore[union-attr]
                part.amount if is_ours else ZERO,
                ZERO if is_ours else part.amount,
                part.entry.memo if part.entry else part.line.memo,  # type: ignore[union-attr]
                reason_in_words(item.reason, item.facts),
                None if is_ours else part.line.row,  # type: ignore[union-attr]
            )
