"""A statement as a paper: its figures and sentences, laid out as plain data for the template.

Whoever calls has put the language of the customer in force.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from aging.buckets import Basis, buckets
from config.dates import shown_day
from config.papers import paper
from customers.models import Customer
from ledger.money import ZERO
from reconciliation.statements.account import Account, Column, Layout, Line, OpenItem
from reconciliation.statements.queries.firm import Letterhead
from reconciliation.statements.wording import (
    amount_in_words,
    closing_label,
    is_chinese,
    kind_in_words,
    money,
    number_in_words,
    title,
)

TEMPLATE = "reconciliation/statements/statement.typ"
DATE, TEXT, NUMBER, AMOUNT = "date", "text", "number", "amount"
PLAIN, STRONG = "", "strong"
# What a page across the sheet's narrow side holds, in points, and what letters and cells take of it.
_WIDE_ENOUGH, _OF_DIGIT, _OF_CELL, _OF_WORDS = 500, 4.5, 9, 62
_AGES_IN_A_ROW = 8

Row = tuple[str, list[str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a statement is made of besides the account."""

    customer: Customer
    reference: str
    layout: Layout
    made_on: date
    demand_by: date | None = None
    contact: str = ""


def statement_pdf(account: Account, asked: Asked, firm: Letterhead) -> bytes:
    return paper(TEMPLATE, data(account, asked, firm))


def data(account: Account, asked: Asked, firm: Letterhead) -> dict[str, Any]:
    """All that the template prints, as texts."""
    parts = _parts(account, asked.layout)
    language = "zh-hans" if is_chinese() else "en"
    profile = firm.profile
    name = profile.name_in(language) or _("the seller")
    lines = [profile.address_in(language), " · ".join(filter(None, (profile.phone, profile.email, profile.tax_id)))]
    return {
        "language": language[:2],
        "landscape": any(_width(part) > _WIDE_ENOUGH for part in parts),
        "title": title(),
        "customer": asked.customer.name,
        "reference": asked.reference,
        "page": _("Page {n} of {all}"),
        "firm": {"name": name, "lines": [line for line in lines if line], "logo": list(firm.logo) or None},
        "facts": _facts(account, asked),
        "greeting": _(
            "To %(customer)s: below is your account with us. Please compare it with your books and answer whether it"
            " agrees."
        )
        % {"customer": asked.customer.name},
        "parts": parts,
        "sums": _sums(account),
        "words": _words(account),
        "ages_title": _("What is invoiced and not paid, by days past due"),
        "ages": _ages(account),
        "paragraphs": _paragraphs(account),
        "demand": demand_in_words(account, asked.demand_by),
        "bank_title": _("Please pay to"),
        "bank": firm.banks(account.currency),
        "made_by": _("Made on %(day)s") % {"day": shown_day(asked.made_on)},
        "stamp": _("Seal of %(firm)s") % {"firm": name},
        "reply": _reply(account, asked, name),
    }


def _facts(account: Account, asked: Asked) -> list[tuple[str, str]]:
    period = _("%(first)s to %(last)s") % {"first": shown_day(account.first), "last": shown_day(account.last)}
    facts = [
        (_("Customer"), asked.customer.name),
        (_("Customer code"), asked.customer.code),
        (_("Period"), period),
        (_("Reference"), asked.reference),
        (_("Currency"), account.currency),
        (_("Your contact"), asked.contact),
    ]
    return [(label, value) for label, value in facts if value]


def _parts(account: Account, layout: Layout) -> list[dict[str, Any]]:
    if layout == Layout.OPEN:
        head = [_open_part(account, _("Open invoices and other debts"), account.debts)]
    else:
        make = _chinese_lines if layout == Layout.CHINESE else _balance_lines
        columns, rows = make(account)
        note = _("An invoice for goods that were shipped before leaves the balance as it is.")
        has_such = any(line.kind == "invoice" and line.amount != line.document_amount for line in account.lines)
        head = [{"title": _("Your account"), "note": note if has_such else "", "columns": columns, "rows": rows}]
    if account.unbilled_items:
        head.append(_open_part(account, _("Shipped, not invoiced yet"), account.unbilled_items))
    if account.credits:
        head.append(_open_part(account, _("Payments and credits not yet set against a debt"), account.credits))
    return head


def _chinese_lines(account: Account) -> tuple[list[tuple[str, str]], list[Row]]:
    """Shipped, invoiced, received: what each document says, in the column of its kind."""
    named = {Column.SHIPPED: _("Shipped"), Column.INVOICED: _("Invoiced"), Column.RECEIVED: _("Received")}
    if account.has_other:
        named[Column.OTHER] = _("Other")
    columns = [
        *((_("Date"), DATE), (_("Document"), DATE), (_("Number"), TEXT)),
        *((label, AMOUNT) for label in named.values()),
        (_("Balance"), AMOUNT),
    ]

    def row(line: Line) -> Row:
        faces = [money(line.face if line.column == column else None) for column in named]
        head = [shown_day(line.date), kind_in_words(line), number_in_words(line)]
        return PLAIN, [*head, *faces, money(line.balance)]

    totals = [money(account.column_total(column)) for column in named]
    empty = [""] * len(named)
    return columns, [
        (STRONG, ["", "", _("Opening balance"), *empty, money(account.opening)]),
        *map(row, account.lines),
        (STRONG, ["", "", _("Total"), *totals, ""]),
        (STRONG, ["", "", _("Closing balance"), *empty, money(account.closing)]),
    ]


def _balance_lines(account: Account) -> tuple[list[tuple[str, str]], list[Row]]:
    """What each document adds to the balance or takes off it."""
    columns = [
        *((_("Date"), DATE), (_("Document"), DATE), (_("Number"), TEXT), (_("Due date"), DATE)),
        *((_("Document amount"), AMOUNT), (_("Debit"), AMOUNT), (_("Credit"), AMOUNT), (_("Balance"), AMOUNT)),
    ]

    def row(line: Line) -> Row:
        head = [shown_day(line.date), kind_in_words(line), number_in_words(line), _day(line.due_date)]
        debit, credit = max(line.amount, ZERO) or None, -min(line.amount, ZERO) or None
        return PLAIN, [*head, *map(money, (line.document_amount, debit, credit, line.balance))]

    added, taken = _turnover(account)
    return columns, [
        (STRONG, ["", "", _("Opening balance"), "", "", "", "", money(account.opening)]),
        *map(row, account.lines),
        (STRONG, ["", "", _("Total"), "", "", money(added), money(-taken), ""]),
        (STRONG, ["", "", _("Closing balance"), "", "", "", "", money(account.closing)]),
    ]


def _open_part(account: Account, heading: str, items: Sequence[OpenItem]) -> dict[str, Any]:
    is_debt = bool(items) and items[0].is_debt
    columns = [(_("Date"), DATE), (_("Document"), DATE), (_("Number"), TEXT)]
    if is_debt:
        columns += [(_("Due date"), DATE), (_("Days past due"), NUMBER)]
    columns += [(_("Document amount"), AMOUNT), (_("Open amount"), AMOUNT)]

    def row(item: OpenItem) -> Row:
        days = item.days_past_due(account.last)
        late = [_day(item.due_date), str(days) if days > 0 else ""] if is_debt else []
        head = [shown_day(item.date), kind_in_words(item), number_in_words(item)]
        return PLAIN, [*head, *late, money(item.document_amount), money(item.open)]

    total = sum((item.open for item in items), ZERO)
    rows = [*map(row, items), (STRONG, ["", "", _("Total"), *[""] * (len(columns) - 4), money(total)])]
    return {"title": heading, "note": "", "columns": columns, "rows": rows}


def _turnover(account: Account) -> tuple[Decimal, Decimal]:
    """What the lines add to the balance, and what they take off it, which is negative or zero."""
    amounts = [line.amount for line in account.lines]
    return sum((a for a in amounts if a > 0), ZERO), sum((a for a in amounts if a < 0), ZERO)


def _sums(account: Account) -> list[tuple[str, str, str]]:
    added, taken = _turnover(account)
    parts = [
        (_("of which overdue"), account.overdue),
        (_("of which shipped and not invoiced yet"), account.unbilled),
        (_("of which payments and credits not yet set against a debt"), account.unapplied),
    ]
    return [
        (_("Opening balance on %(day)s") % {"day": shown_day(account.first)}, money(account.opening), PLAIN),
        (_("Added in the period"), money(added), PLAIN),
        (_("Paid, returned or credited in the period"), money(taken), PLAIN),
        (
            f"{closing_label(account.closing)} ({account.currency}, {shown_day(account.last)})",
            money(account.closing),
            STRONG,
        ),
        *((label, money(amount), PLAIN) for label, amount in parts if amount),
    ]


def _words(account: Account) -> str:
    words = amount_in_words(account.closing, account.currency)
    return _("In words: %(words)s") % {"words": words} if words else ""


def _ages(account: Account) -> list[list[tuple[str, str]]]:
    """The receivable by age, a few ages in a row; nothing where nothing is invoiced and open."""
    if not account.debts:
        return []
    aged = [(capfirst(bucket.label), money(amount)) for bucket, amount in account.aged(_buckets())]
    aged.append((_("Total"), money(account.receivable)))
    return [aged[start : start + _AGES_IN_A_ROW] for start in range(0, len(aged), _AGES_IN_A_ROW)]


def _buckets() -> Any:
    return buckets(Basis.DUE, settings.AGING_LIMITS)


def _paragraphs(account: Account) -> list[str]:
    said = [_("Interest on overdue amounts is charged separately and is not part of this statement.")]
    if account.unbilled_items:
        said.append(_("Goods that are shipped and not invoiced yet are part of the balance and listed apart."))
    return said


def demand_in_words(account: Account, by: date | None) -> str:
    if by is None:
        return ""
    return _(
        "Of this balance %(amount)s %(currency)s are overdue. We demand that you pay this amount in full by %(day)s."
    ) % {"amount": money(account.overdue), "currency": account.currency, "day": shown_day(by)}


def _reply(account: Account, asked: Asked, firm: str) -> dict[str, Any]:
    facts = {
        "firm": firm,
        "customer": asked.customer.name,
        "reference": asked.reference,
        "amount": money(account.closing),
        "currency": account.currency,
        "day": shown_day(account.last),
    }
    sign = _("Name, position, date and company seal")
    return {
        "title": _("Reply"),
        "to": _("To %(firm)s: reply of %(customer)s to the statement of account %(reference)s") % facts,
        "choices": [
            {
                "label": _("Agrees"),
                "text": _("The balance of %(amount)s %(currency)s on %(day)s agrees with our books.") % facts,
                "sign": sign,
            },
            {
                "label": _("Does not agree"),
                "text": _("Our books show a balance of ____________ %(currency)s on %(day)s. The differences are:")
                % facts,
                "sign": sign,
            },
        ],
    }


def _day(value: date | None) -> str:
    return shown_day(value) if value else ""


def _width(part: dict[str, Any]) -> float:
    """About how wide a table is: amounts as wide as their longest, words as they usually are."""
    return sum(
        _OF_CELL + _OF_DIGIT * _longest(part["rows"], number) if kind == AMOUNT else _OF_WORDS
        for number, (_label, kind) in enumerate(part["columns"])
    )


def _longest(rows: Iterable[Row], number: int) -> int:
    return max((len(cells[number]) for _style, cells in rows), default=0)
