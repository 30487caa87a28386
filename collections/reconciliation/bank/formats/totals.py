"""What a bank's table says besides its rows: whose account, of which days, balances, counts and totals."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from ledger.money import ZERO, NotAnAmount, formatted, parsed
from reconciliation.bank.formats.currencies import currency_named
from reconciliation.bank.formats.parsed import ParsedFile, ParsedLine
from reconciliation.tabular.cells import CellError, Style, amount, is_total, text_of
from reconciliation.tabular.rows import period_of

_MONEY = r"[:：]?\s*([-+(]?[¥￥]?\s*(?:CNY|RMB)?\s*[\d,，]+(?:\.\d+)?\)?)"
_ACCOUNT = re.compile(
    r"(?<!对方)(?:账号|帐号|卡号|账户号|账户|account\s*(?:number|no\.?)?)\s*[:：]?\s*[\[【]?(\d[\d \-]{6,}\d)",
    re.IGNORECASE,
)
_HOLDER = re.compile(
    r"(?:户名|账户名称|账户名|单位名称|客户名称|account name)\s*[:：]\s*([^\s,，;；:：]+)", re.IGNORECASE
)
_CURRENCY = re.compile(
    r"(?:币种|币别|货币|currency)\s*[:：]?\s*[\[【]?([A-Za-z]{3}|人民币|美元|欧元|港币|港元|日元|英镑)", re.IGNORECASE
)
_UNIT = re.compile(r"单位\s*[:：]?\s*(?:人民币)?元|人民币对公|人民币账户")
_OPENING = re.compile(
    rf"(?:期初余额|上期余额|上页余额|起初余额|承前余额|承前页|上年结转|opening balance){_MONEY}", re.IGNORECASE
)
_CLOSING = re.compile(
    rf"(?:期末余额|本期余额|期终余额|结余金额|closing balance|ending balance){_MONEY}", re.IGNORECASE
)
_COUNTS = (
    (
        "received",
        re.compile(
            r"(?:贷方|收入|收款|存入|来账)(?:交易)?(?:总)?(?:笔数|笔|次数)[:：]?\s*(\d+)|(?:收入|贷方|收款)\D{0,4}(\d+)\s*笔"
        ),
    ),
    (
        "paid",
        re.compile(
            r"(?:借方|支出|付款|支取|往账)(?:交易)?(?:总)?(?:笔数|笔|次数)[:：]?\s*(\d+)|(?:支出|借方|付款)\D{0,4}(\d+)\s*笔"
        ),
    ),
    (
        "all",
        re.compile(
            r"(?<![贷借收支]方)(?<![收支]入)(?<![支收]出)(?:总笔数|交易笔数|记录数|总条数|记录总数|合计笔数|明细笔数)[:：]?\s*(\d+)|共计?\s*(\d+)\s*[笔条]"
        ),
    ),
)


@dataclass(slots=True)
class Said:
    account: str = ""
    holder: str = ""
    currency: str = ""
    period: tuple[date, date] | None = None
    opening: Decimal | None = None
    closing: Decimal | None = None
    counts: list[tuple[str, int]] = field(default_factory=list)

    def miscounts(self, lines: Sequence[ParsedLine]) -> list[str]:
        """The counts that the file says and that its lines do not come to."""
        there = {
            "all": len(lines),
            "received": sum(line.amount > 0 for line in lines),
            "paid": sum(line.amount < 0 for line in lines),
        }
        messages = {
            "all": _("The file says it has %(said)d lines; there are %(there)d."),
            "received": _("The file says %(said)d lines of money in; there are %(there)d."),
            "paid": _("The file says %(said)d lines of money out; there are %(there)d."),
        }
        return [
            messages[what] % {"said": said, "there": there[what]} for what, said in self.counts if said != there[what]
        ]


def said_in(texts: Sequence[str]) -> Said:
    """What the texts around a table say. A heading and its value may stand in cells beside one another."""
    plain = [unicodedata.normalize("NFKC", text) for text in texts]
    beside = " ".join(plain)
    said = Said(
        account=_found(_ACCOUNT, beside).replace(" ", "").replace("-", ""),
        holder=_found(_HOLDER, beside),
        currency=_currency(beside),
        period=_period(plain),
        opening=_money(_found(_OPENING, beside)),
        closing=_money(_found(_CLOSING, beside)),
    )
    for what, pattern in _COUNTS:
        for found in pattern.finditer(beside):
            said.counts.append((what, int(found[1] or found[2])))
            break
    return said


def _found(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1].strip() if found else ""


def _currency(text: str) -> str:
    named = currency_named(_found(_CURRENCY, text))
    return named or ("CNY" if _UNIT.search(text) else "")


def _period(texts: Sequence[str]) -> tuple[date, date] | None:
    """Where the file names a first and a last day beside one another."""
    for text in [*texts, " ".join(texts)]:
        days = re.findall(r"(?<!\d)20\d{2}[-/.年]?\d{1,2}[-/.月]?\d{1,2}日?(?!\d)", text)
        if len(days) >= 2 and (period := period_of(days[:2])) is not None and period[0].year + 1 >= period[1].year:
            return period
    return None


def _money(text: str) -> Decimal | None:
    try:
        return parsed(text) if text else None
    except NotAnAmount:
        return None


def totals_agree(
    result: ParsedFile, cells: Sequence[Any], lines: Sequence[ParsedLine], number: int
) -> tuple[str, str] | None:
    """None where a line is no total, or one that the lines above it come to; else its value and what is wrong."""
    if not is_total(cells) or result.table is None:
        return None
    above = [line for line in lines if line.number is None or line.number < number]
    received = sum((line.amount for line in above if line.amount > 0), ZERO)
    paid = -sum((line.amount for line in above if line.amount < 0), ZERO)
    # What was taken back stands in red in its own column: banks print such a column net.
    red = sum((abs(line.amount) for line in above if line.is_reversal), ZERO)
    expected = {
        "received": {received, received - red},
        "paid": {paid, -paid, paid - red, red - paid},
        "amount": {received, paid, received - paid, received + paid, -paid},
    }
    for column, key in zip(result.table.columns, result.columns, strict=True):
        if key not in expected or column.position >= len(cells):
            continue
        try:
            total = amount(cells[column.position], Style())
        except CellError:
            continue
        if total is not None and total not in expected[key] and not _is_of_a_page(cells):
            message = _("The total does not agree with the lines above it, which come to %(sum)s: lines are missing.")
            there = {"received": received, "paid": paid, "amount": received - paid}[key]
            return text_of(cells[column.position]), message % {"sum": formatted(there)}
    return None


def _is_of_a_page(cells: Sequence[Any]) -> bool:
    return any(re.match(r"本[页日]|小计|subtotal", text_of(cell), re.IGNORECASE) for cell in cells)
