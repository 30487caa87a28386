"""Tables that banks export: CSV, .xlsx, .xls. What the columns are is guessed, or told by whoever knows."""

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ledger.money import ZERO, formatted
from reconciliation.bank.formats.currencies import currency_named
from reconciliation.bank.formats.fields import FIELDS
from reconciliation.bank.formats.parsed import ParsedFile, ParsedLine, ParsedStatement, UnreadableStatement
from reconciliation.bank.formats.totals import Said, said_in, totals_agree
from reconciliation.tabular import (
    Problem,
    Row,
    Rows,
    Table,
    UnreadableTable,
    find_table,
    guess,
    read_rows,
    read_sheets,
)
from reconciliation.tabular.cells import text_of
from reconciliation.tabular.directions import Direction, direction, is_neither
from reconciliation.tabular.fields import plain
from reconciliation.tabular.headings import Column

_REVERSALS = re.compile(r"冲正|冲账|冲帐|抹账|红字|红冲|退汇|冲回|冲销|revers|storno|returned payment", re.IGNORECASE)
_MAY_BE_TYPES = ("交易类型", "方向", "交易类型transactiontype")
_SHORTEST_ACCOUNT = 6
_AMOUNTS = ("received", "paid", "amount")


def read(path: Path, format_name: str, columns: Sequence[str] | None = None) -> ParsedFile:
    """Raises UnreadableStatement. `columns` names the field of each column of the table; they are guessed without."""
    try:
        table = find_table(read_sheets(path), FIELDS)
    except UnreadableTable as refusal:
        raise UnreadableStatement(str(refusal)) from None
    chosen = list(columns) if columns is not None and len(columns) == len(table.columns) else best_guess(table)
    result = ParsedFile(format_name, table=table, columns=chosen)
    if not set(chosen) & set(_AMOUNTS):
        message = _("No column was found for the amount. Say which one it is.")
        result.errors.append(Problem(table.heading_line, None, message))
    rows = read_rows(table, FIELDS, chosen)
    result.errors += rows.problems
    result.warnings += rows.warnings
    if not result.errors or rows.rows:
        _Reader(result, rows).take()
    return result


def best_guess(table: Table) -> list[str]:
    """The guess by the headings; a column 交易类型 says which way only where its cells do."""
    chosen = guess(table, FIELDS)
    for place, column in enumerate(table.columns):
        if chosen[place] == "direction" and not _says_directions(column):
            chosen[place] = "memo"
        if chosen[place] == "account" and not _is_own(table, column):
            chosen[place] = "" if "payer_account" in chosen else "payer_account"
    if {"received", "paid"} <= set(chosen):  # an amount beside them is of another currency, or says the same
        chosen = ["" if key == "amount" else key for key in chosen]
    return chosen


def _is_own(table: Table, column: Column) -> bool:
    """Whether a column may be the firm's own account: hardly a line is without it, as a total is."""
    texts = [text_of(cells[column.position]) for _line, cells in table.rows if column.position < len(cells)]
    filled = sum(len(text) >= _SHORTEST_ACCOUNT for text in texts)
    return filled >= len(table.rows) - 3 and filled * 2 > len(table.rows)


def _says_directions(column: Column) -> bool:
    """What is called a direction is one, whatever its cells say; a type (交易类型) is one where they do."""
    if plain(column.heading) not in _MAY_BE_TYPES:
        return True
    return not column.examples or any(direction(text) for text in column.examples)


class _Reader:
    def __init__(self, result: ParsedFile, rows: Rows) -> None:
        assert result.table is not None
        self.result, self.rows = result, rows
        self.said: Said = said_in([*result.table.said, *rows.said])
        self.statements: dict[tuple[str, str], ParsedStatement] = {}
        self.lines: list[ParsedLine] = []
        self._opening: Decimal | None = None
        self._neither: list[int] = []

    def take(self) -> None:
        for row in self.rows.rows:
            self._take(row)
        if not self.lines and not self.result.errors and not self.rows.others and self.result.table is not None:
            self.result.warnings.append(Problem(None, None, _("The file has a heading and no lines.")))
        for statement in self.statements.values():
            self._complete(statement)
        if not self.statements:
            self.statements[("", "")] = ParsedStatement(
                self.said.account, self.said.currency, opening=self.said.opening, closing=self.said.closing
            )
        self.result.statements = list(self.statements.values())
        self._check()

    def _take(self, row: Row) -> None:
        amount = self._amount(row)
        if amount is None:
            return
        if not amount:
            self._information(row)
            return
        came = amount > 0
        side = "sender" if came else "recipient"
        memo = str(row["memo"] or "")
        line = ParsedLine(
            row["date"],
            amount,
            row.number,
            str(row["payer_name"] or row[f"{side}_name"] or ""),
            str(row["payer_account"] or row[f"{side}_account"] or ""),
            str(row["payer_bank"] or row[f"{side}_bank"] or ""),
            memo,
            str(row["reference"] or ""),
            row["balance"],
            is_reversal=bool(_REVERSALS.search(memo)) or self._is_negative(row),
        )
        account = str(row["account"] or "")
        account = account if len(account) >= _SHORTEST_ACCOUNT and "*" not in account else self.said.account
        currency = currency_named(str(row["currency"])) if row["currency"] else self.said.currency
        if row["currency"] and not currency:
            self._problem(row, row["currency"], _("is no currency; write it like CNY"))
        key = (account, currency)
        statement = self.statements.setdefault(key, ParsedStatement(account, currency, self.said.holder))
        statement.lines.append(line)
        self.lines.append(line)

    def _information(self, row: Row) -> None:
        """A line of nothing: often the balance that was brought forward, on the first day."""
        if row["balance"] is not None and not self.lines and self._opening is None:
            self._opening = row["balance"]

    def _is_negative(self, row: Row) -> bool:
        """Whether an amount stands with a minus in a column that says already which way it went."""
        received, paid, amount = (row[key] or ZERO for key in _AMOUNTS)
        out = paid < 0 or (row["direction"] is not None and amount < 0)
        return received < 0 or (out and self._has_plain_amounts)

    @cached_property
    def _has_plain_amounts(self) -> bool:
        """Whether amounts are positive as a rule: some banks write all that goes out with a minus, words or not."""
        out = [row["paid"] for row in self.rows.rows if row["paid"]]
        out += [row["amount"] for row in self.rows.rows if row["amount"] and _way(row) == -1]
        return not out or sum(value < 0 for value in out) * 2 <= len(out)

    def _amount(self, row: Row) -> Decimal | None:
        """The signed amount of a row; 0 for a line of nothing, None where it cannot be told."""
        received, paid, amount = (row[key] or ZERO for key in _AMOUNTS)
        if received and paid:
            self._problem(row, f"{formatted(received)} / {formatted(paid)}", _("money in and money out on one line"))
            return None
        if received or paid:
            return Decimal(received - (paid if self._has_plain_amounts else abs(paid)))
        if not amount:
            return ZERO
        if row["direction"] is None:
            if "direction" in self.result.columns:
                self._neither.append(row.number)
                return None
            return Decimal(amount)
        way = _way(row)
        if way is None and is_neither(str(row["direction"])):
            self._neither.append(row.number)
            return None
        if way is None:
            self._problem(row, row["direction"], _("says neither in nor out (借/贷, 收/支)"))
            return None
        if self._has_plain_amounts:
            return Decimal(amount * way)
        return Decimal(abs(amount) * way)

    def _problem(self, row: Row, value: Any, message: str) -> None:
        self.result.errors.append(Problem(row.number, str(value)[:200], message))

    def _complete(self, statement: ParsedStatement) -> None:
        """Brings the lines into the order of time, and the balances that the file says to the statement."""
        lines = statement.lines
        if _is_backwards(lines):
            lines.reverse()
        lines.sort(key=lambda line: line.date)
        period = self.said.period
        if period is not None and (not lines or period[0] <= lines[0].date <= lines[-1].date <= period[1]):
            statement.first_date, statement.last_date = period
        alone = len(self.statements) == 1
        statement.opening = (self.said.opening if self.said.opening is not None else self._opening) if alone else None
        statement.closing = self.said.closing if alone else None
        if not lines or any(line.balance is None for line in lines):
            return
        if (broken := _broken(lines)) is not None:
            message = _("The balance does not follow from the line before: lines may be missing, or were sorted.")
            self.result.warnings.append(Problem(broken.number, formatted(broken.balance or ZERO), message))
            return
        first, last = lines[0], lines[-1]
        if statement.opening is None and first.balance is not None:
            statement.opening = first.balance - first.amount
        if statement.closing is None:
            statement.closing = last.balance

    def _check(self) -> None:
        lines = self.lines
        for line_number, cells in self.rows.others:
            if (wrong := totals_agree(self.result, cells, lines, line_number)) is not None:
                self.result.errors.append(Problem(line_number, wrong[0], wrong[1]))
        if self._neither:
            message = ngettext(
                "%(n)d line says of itself that it is neither in nor out, and was left out.",
                "%(n)d lines say of themselves that they are neither in nor out, and were left out.",
                len(self._neither),
            )
            self.result.warnings.append(Problem(self._neither[0], None, message % {"n": len(self._neither)}))
        for message in self.said.miscounts(lines):
            self.result.warnings.append(Problem(None, None, message))


def _way(row: Row) -> int | None:
    """1 for money in, -1 for money out. A bank credits (贷) what comes in."""
    said = direction(str(row["direction"] or ""))
    if said is None:
        return None
    return 1 if said in (Direction.CREDIT, Direction.IN) else -1


def _is_backwards(lines: list[ParsedLine]) -> bool:
    """Whether the newest line stands first: by the days, and within one day by the balances."""
    if len(lines) < 2:
        return False
    if lines[0].date != lines[-1].date:
        return lines[0].date > lines[-1].date
    return _broken(lines) is not None and _broken(lines[::-1]) is None


def _broken(lines: list[ParsedLine]) -> ParsedLine | None:
    """The first line whose balance does not follow from the one before; None where all do."""
    for before, line in pairwise(lines):
        if before.balance is not None and line.balance is not None and before.balance + line.amount != line.balance:
            return line
    return None
