"""A customer's ledger as a file: which columns it has, its lines, its opening and closing balance. No models.

Theirs is a payables account: what stands in credit there is our receivable. Everything that leaves here says what the
customer owes: positive more, negative less.
"""

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reconciliation.tabular import Field, Holds, Problem, Row, Rows, Table, cells, read_rows
from reconciliation.tabular.directions import Direction as Side
from reconciliation.tabular.directions import direction
from reconciliation.tabular.rows import period_of, style_of

FIELDS = (
    Field(
        "date",
        gettext_lazy("date"),
        Holds.DAY,
        ("日期", "记账日期", "凭证日期", "业务日期", "单据日期", "入账日期", "过账日期", "date", "posting date"),
        required=True,
    ),
    Field(
        "our_number",
        gettext_lazy("our number"),
        Holds.TEXT,
        (
            *("发票号码", "发票号", "供应商发票号", "供应商单号", "送货单号", "发货单号", "对方单号", "销方单号"),
            *("invoice number", "invoice no", "supplier invoice", "invoice", "reference"),
        ),
    ),
    Field(
        "number",
        gettext_lazy("document number"),
        Holds.TEXT,
        (
            *("凭证号", "凭证字号", "凭证编号", "单据编号", "单据号", "单据号码", "业务单号", "单号", "编号"),
            *("document number", "document no", "voucher", "doc no", "number"),
        ),
    ),
    Field(
        "debit",
        gettext_lazy("debit"),
        Holds.AMOUNT,
        ("借方金额", "借方", "借方发生额", "本期借方", "付款金额", "本期付款", "已付金额", "debit", "paid"),
    ),
    Field(
        "credit",
        gettext_lazy("credit"),
        Holds.AMOUNT,
        ("贷方金额", "贷方", "贷方发生额", "本期贷方", "应付金额", "本期应付", "采购金额", "credit", "purchases"),
    ),
    Field("amount", gettext_lazy("amount"), Holds.AMOUNT, ("金额", "发生额", "本币金额", "amount")),
    Field(
        "side", gettext_lazy("side"), Holds.TEXT, ("方向", "借贷方向", "余额方向", "借贷", "借/贷", "dr/cr", "side")
    ),
    Field("balance", gettext_lazy("balance"), Holds.AMOUNT, ("余额", "期末余额", "结余", "应付余额", "balance")),
    Field(
        "memo",
        gettext_lazy("memo"),
        Holds.TEXT,
        ("摘要", "备注", "说明", "事由", "memo", "description", "text", "remark"),
        many=True,
    ),
)
_OPENING = re.compile(r"(期初|年初|月初|上[年月期]结转|承前|前期)|opening|brought forward|b/?f\b", re.IGNORECASE)
_CLOSING = re.compile(r"(期末|年末|月末|结转下|过次)|closing|carried forward|c/?f\b", re.IGNORECASE)
_TOTAL = re.compile(r"(本[日月季年期页])?(合计|累计|小计|总计|共计)|total|subtotal", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Given:
    """One line of their list; `balance` is theirs after it."""

    row: int
    day: date
    amount: Decimal
    number: str = ""
    our_number: str = ""
    memo: str = ""
    balance: Decimal | None = None


@dataclass(slots=True)
class GivenList:
    """What was read. `opening` and `closing` are empty where the file says neither them nor a running balance."""

    lines: list[Given] = field(default_factory=list)
    opening: Decimal | None = None
    closing: Decimal | None = None
    first_day: date | None = None
    as_of: date | None = None
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    # Openings, totals and the like.
    left_out: int = 0


@dataclass(slots=True)
class _Edge:
    """A line that states a balance or a total."""

    is_opening: bool
    day: date | None
    balance: Decimal | None


def read_list(table: Table, columns: Sequence[str], *, credit_owes: bool = True) -> GivenList:
    """The list, where `columns` names the field of each column. `credit_owes`: what they owe stands in credit, or is
    positive where there is one column of amounts.
    """
    found = GivenList()
    if missing := _missing(columns):
        found.problems.append(Problem(table.heading_line, None, missing))
        return found
    rows = read_rows(table, FIELDS, columns)
    found.problems, found.warnings = list(rows.problems), list(rows.warnings)
    reader = _Reader(1 if credit_owes else -1, "amount" in columns and "credit" not in columns)
    edges = _edges(rows, table, columns, reader)
    for row in rows.rows:
        if _edge_words(_texts(row)) is not None:
            continue
        if row["date"] is None or (amount := reader.amount(row.values)) is None:
            found.warnings.append(Problem(row.number, None, _("has no amount and was left out")))
            continue
        found.lines.append(_given(row, amount, reader.balance(row.values)))
    found.left_out = len(rows.rows) + len(rows.others) - len(found.lines)
    if not found.lines and not found.problems:
        found.problems.append(Problem(table.heading_line, None, _("Below the heading is no line with a date.")))
    if found.lines:
        _settle(found, edges, table)
    return found


def _missing(columns: Sequence[str]) -> str:
    if "amount" in columns or {"debit", "credit"} & set(columns):
        return ""
    return _("No column holds amounts. Say which ones are debit and credit, or which one is the amount.")


@dataclass(frozen=True, slots=True)
class _Reader:
    sign: int
    has_one_column: bool

    def amount(self, values: dict[str, Any]) -> Decimal | None:
        debit, credit = values.get("debit"), values.get("credit")
        if debit is None and credit is None:
            amount = values.get("amount")
            if amount is None:
                return None
            written = direction(str(values.get("side") or ""))
            return self.sign * (-abs(amount) if written in (Side.DEBIT, Side.OUT) else amount) or None
        return self.sign * ((credit or Decimal(0)) - (debit or Decimal(0))) or None

    def balance(self, values: dict[str, Any]) -> Decimal | None:
        """With its sign where the line says on which side it stands; else as it is written."""
        balance = values.get("balance")
        if balance is None or self.has_one_column:
            return balance
        match direction(str(values.get("side") or "")):
            case Side.DEBIT:
                return -self.sign * balance  # type: ignore[no-any-return]
            case Side.CREDIT:
                return self.sign * balance  # type: ignore[no-any-return]
        return balance  # type: ignore[no-any-return]


def _given(row: Row, amount: Decimal, balance: Decimal | None) -> Given:
    return Given(
        row.number,
        row["date"],
        amount,
        number=(row["number"] or "")[:80],
        our_number=(row["our_number"] or "")[:80],
        memo=(row["memo"] or "")[:300],
        balance=balance,
    )


def _texts(row: Row) -> list[str]:
    return [value for value in row.values.values() if isinstance(value, str)]


def _edge_words(texts: Sequence[str]) -> str | None:
    """What the texts of a line say it is: no booking, but a balance or a total."""
    for text in texts:
        plain = text.replace(" ", "") if not text.isascii() else text.strip()
        for name, words in (("opening", _OPENING), ("closing", _CLOSING), ("total", _TOTAL)):
            if words.match(plain):
                return name
    return None


def _edges(rows: Rows, table: Table, columns: Sequence[str], reader: _Reader) -> list[_Edge]:
    """The lines that state balances, with a day and without, in the order of the file."""
    known = {fld.key: fld for fld in FIELDS}
    chosen = [
        (column.position, known[key]) for column, key in zip(table.columns, columns, strict=True) if key in known
    ]
    style = style_of(table, chosen)
    found = [(row.number, _edge(kind, row.values, reader)) for row in rows.rows if (kind := _edge_words(_texts(row)))]
    for line, cells_of_row in rows.others:
        if (kind := _edge_words([text for cell in cells_of_row if (text := cells.text_of(cell))])) is not None:
            values: dict[str, Any] = {}
            for position, fld in chosen:
                cell = cells_of_row[position] if position < len(cells_of_row) else None
                values[fld.key] = _amount(cell, style) if fld.holds is Holds.AMOUNT else cells.text_of(cell)
            found.append((line, _edge(kind, {**values, "date": None}, reader)))
    return [edge for _line, edge in sorted(found, key=lambda pair: pair[0])]


def _amount(cell: Any, style: cells.Style) -> Decimal | None:
    try:
        return cells.amount(cell, style)
    except cells.CellError:
        return None


def _edge(kind: str, values: dict[str, Any], reader: _Reader) -> _Edge:
    balance = reader.balance(values)
    if balance is None and kind != "total":
        balance = reader.amount(values)
    return _Edge(kind == "opening", values.get("date"), balance)


def _settle(found: GivenList, edges: Sequence[_Edge], table: Table) -> None:
    """Orders the lines by day, gives balances their sign, and finds where the list begins and ends."""
    if found.lines[0].day > found.lines[-1].day:
        found.lines.reverse()
    turned = _sign_of_balances(found.lines)
    if turned < 0:
        found.lines = [replace(one, balance=None if one.balance is None else -one.balance) for one in found.lines]
    openings, closings = (
        [turned * edge.balance for edge in edges if edge.is_opening is side and edge.balance is not None]
        for side in (True, False)
    )
    first, last = found.lines[0], found.lines[-1]
    if openings:
        found.opening = openings[0]
    elif first.balance is not None:
        found.opening = first.balance - first.amount
    if closings:
        found.closing = closings[-1]
    elif last.balance is not None:
        found.closing = last.balance
    found.lines.sort(key=lambda one: one.day)
    found.first_day, found.as_of = _days(found.lines, edges, table)


def _sign_of_balances(lines: Sequence[Given]) -> int:
    """-1 where the running balance falls by what is owed more: SAP writes what one owes as negative."""
    with_sign = {1: 0, -1: 0}
    for one, following in pairwise(lines):
        if one.balance is not None and following.balance is not None:
            step = following.balance - one.balance
            for sign in with_sign:
                with_sign[sign] += step == sign * following.amount
    return -1 if with_sign[-1] > with_sign[1] else 1


def _days(lines: Sequence[Given], edges: Sequence[_Edge], table: Table) -> tuple[date, date]:
    """From the lines that state balances, from the title where it names the very days, else by whole months."""
    first, last = lines[0].day, lines[-1].day
    opened = next((edge.day for edge in edges if edge.is_opening and edge.day), None)
    closed = next((edge.day for edge in reversed(edges) if not edge.is_opening and edge.day), None)
    period = period_of(table.said)
    if period and period[0] <= first and last <= period[1] and (period[1] - period[0]).days < 360:
        opened, closed = opened or period[0], closed or period[1]
    begin = opened if opened and opened <= first else first.replace(day=1)
    end = closed if closed and closed >= last else last.replace(day=calendar.monthrange(last.year, last.month)[1])
    return begin, end
