"""The lines of a statement as a page shows them: those of the period, and the older ones that are still open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as Date
from decimal import Decimal
from enum import Enum

from reconciliation.statements.account import Account, Layout, Line, OpenItem
from reconciliation.statements.models import Statement
from reconciliation.statements.wording import kind_in_words, number_in_words


class Rows(Enum):
    # The lines of the period alone.
    PERIOD = 1
    # All that an answer may speak of: as printed, and what is open from before.
    ALL = 2


@dataclass(frozen=True, slots=True)
class Row:
    entry: int
    document: str
    number: str
    date: Date
    due_date: Date | None
    document_amount: Decimal
    # Of a line, what it adds to the balance and what is owed after it; of an open item, what is open.
    amount: Decimal
    balance: Decimal | None
    is_older: bool = False


def rows_of(statement: Statement, which: Rows) -> Sequence[Row]:
    account = statement.account
    if statement.layout == Layout.OPEN:
        return [_of(item, item.open, None) for item in account.items]
    lines = [_of(line, line.amount, line.balance) for line in account.lines]
    return lines if which == Rows.PERIOD else [*_older(account), *lines]


def _older(account: Account) -> list[Row]:
    known = {line.entry for line in account.lines}
    return [_of(item, item.open, None, is_older=True) for item in account.items if item.entry not in known]


def _of(row: Line | OpenItem, amount: Decimal, balance: Decimal | None, *, is_older: bool = False) -> Row:
    return Row(
        entry=row.entry,
        document=kind_in_words(row),
        number=number_in_words(row),
        date=row.date,
        due_date=row.due_date,
        document_amount=row.document_amount,
        amount=amount,
        balance=balance,
        is_older=is_older,
    )
