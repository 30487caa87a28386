"""A statement as a workbook, in the language in force: its figures as numbers, its texts as texts."""

from typing import BinaryIO

from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from aging.buckets import Basis, buckets
from config.sheets import Book, Cell, Column, Style, put
from reconciliation.statements.account import Account, Layout
from reconciliation.statements.account import Column as Side
from reconciliation.statements.models import FirmProfile, Statement
from reconciliation.statements.paper import demand_in_words
from reconciliation.statements.wording import (
    amount_in_words,
    closing_label,
    kind_in_words,
    number_in_words,
    title,
)

_WIDE = 44


def write_workbook(statement: Statement, file: BinaryIO) -> None:
    account = statement.account
    firm = FirmProfile.current().name_in(statement.language)
    with Book(title=f"{title()} {statement.reference}", creator=firm) as book:
        _summary(book, statement, account, firm)
        if statement.layout != Layout.OPEN:
            _lines(book, account)
        _items(book, account)
        book.save(file)


def _summary(book: Book, statement: Statement, account: Account, firm: str) -> None:
    sheet = book.add_sheet(title())
    words = amount_in_words(account.closing, account.currency)
    facts: list[tuple[str, Cell]] = [
        (title(), firm),
        (_("Customer"), statement.customer.name),
        (_("Customer code"), statement.customer.code),
        (_("Reference"), statement.reference),
        (_("From"), account.first),
        (_("Until"), account.last),
        (_("Currency"), account.currency),
        (_("Opening balance"), account.opening),
        (closing_label(account.closing), account.closing),
        (_("of which overdue"), account.overdue),
        (_("of which shipped and not invoiced yet"), account.unbilled),
        (_("of which payments and credits not yet set against a debt"), account.unapplied),
        *((_("In words: %(words)s") % {"words": words}, None) for _one in [1] if words),
    ]
    facts += [(capfirst(bucket.label), amount) for bucket, amount in account.aged(buckets(Basis.DUE, _limits()))]
    facts.append((_("Interest on overdue amounts is charged separately and is not part of this statement."), None))
    if demand := demand_in_words(account, statement.demand_by):
        facts.append((demand, None))
    for row, (label, value) in enumerate(facts, 1):
        put(sheet.cell(row, 1), label, bold=row == 1)
        put(sheet.cell(row, 2), value)
    sheet.column_dimensions["A"].width = sheet.column_dimensions["B"].width = _WIDE


def _limits() -> tuple[int, ...]:
    return tuple(settings.AGING_LIMITS)


def _lines(book: Book, account: Account) -> None:
    named = {Side.SHIPPED: _("Shipped"), Side.INVOICED: _("Invoiced"), Side.RECEIVED: _("Received")}
    named[Side.OTHER] = _("Other")
    columns = [
        Column(_("Date"), Style.DATE),
        Column(_("Document"), Style.TEXT),
        Column(_("Number"), Style.TEXT),
        Column(_("Due date"), Style.DATE),
        *(Column(label, Style.MONEY, summed=True) for label in named.values()),
        Column(_("Adds to balance"), Style.MONEY, summed=True),
        Column(_("Balance"), Style.MONEY),
    ]
    opening = [account.first, _("Opening balance"), "", None, *[None] * (len(named) + 1), account.opening]
    rows = (
        [
            *(line.date, kind_in_words(line), number_in_words(line), line.due_date),
            *(line.face if line.column == column else None for column in named),
            *(line.amount, line.balance),
        ]
        for line in account.lines
    )
    book.stream(book.add_sheet(_("Your account")), columns, [opening, *rows])


def _items(book: Book, account: Account) -> None:
    columns = [
        Column(_("Date"), Style.DATE),
        Column(_("Document"), Style.TEXT),
        Column(_("Number"), Style.TEXT),
        Column(_("Due date"), Style.DATE),
        Column(_("Days past due"), Style.NUMBER),
        Column(_("Document amount"), Style.MONEY),
        Column(_("Open amount"), Style.MONEY, summed=True),
    ]
    rows = (
        [
            *(item.date, kind_in_words(item), number_in_words(item), item.due_date),
            *(max(item.days_past_due(account.last), 0) or None, item.document_amount, item.open),
        ]
        for item in account.items
    )
    book.stream(book.add_sheet(_("Open items")), columns, rows)
