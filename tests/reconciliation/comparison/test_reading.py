"""A customer's ledger as it comes: with a title, an opening line, totals by the month, and the sign of a payable."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from reconciliation.comparison.reading import FIELDS, GivenList, read_list
from reconciliation.tabular import find_table, guess, read_sheets

pytestmark = pytest.mark.any_engine

ACCOUNT = """应付账款明细账
单位：杭州锦程 期间：2026-03-01至2026-03-31
日期,凭证号,发票号,摘要,借方,贷方,方向,余额
2026-03-01,,,期初余额,,,贷,"1,000.00"
2026-03-05,记-12,FP-20260012,采购入库,,113.00,贷,"1,113.00"
2026-03-20,记-30,,付货款,500.00,,贷,613.00
2026-03-31,,,本月合计,500.00,113.00,贷,613.00
2026-03-31,,,本年累计,900.00,"1,513.00",贷,613.00
"""


def read(tmp_path: Path, text: str, **facts: bool) -> GivenList:
    file = tmp_path / "list.csv"
    file.write_text(text, encoding="gb18030")
    table = find_table(read_sheets(file), FIELDS)
    return read_list(table, guess(table, FIELDS), **facts)


def test_an_account_with_opening_totals_and_sides(tmp_path: Path) -> None:
    found = read(tmp_path, ACCOUNT)
    assert [(one.row, one.day.day, one.amount, one.our_number, one.number) for one in found.lines] == [
        (5, 5, Decimal(113), "FP-20260012", "记-12"),
        (6, 20, Decimal(-500), "", "记-30"),
    ]
    assert [found.opening, found.closing] == [Decimal(1000), Decimal(613)]
    assert found.left_out == 3
    assert (found.first_day, found.as_of) == (date(2026, 3, 1), date(2026, 3, 31))
    assert (found.problems, found.warnings) == ([], [])


def test_printed_from_our_side_everything_is_turned(tmp_path: Path) -> None:
    found = read(tmp_path, ACCOUNT, credit_owes=False)
    assert said(found) == [-113, 500, -1000, -613]


def said(found: GivenList) -> list[Any]:
    return [*(one.amount for one in found.lines), found.opening, found.closing]


@pytest.mark.parametrize(
    ("text", "credit_owes", "amounts", "opening", "closing"),
    [
        # One signed column, no balance; SAP's negative payables; the newest line first; balances without a side.
        ("date,number,amount\n2026-03-05,A1,113\n2026-03-09,B1,-50\n", True, [113, -50], None, None),
        (
            "date,number,amount,balance\n2026-03-05,A1,-113,-1113\n2026-03-09,B1,50,-1063\n",
            False,
            [113, -50],
            1000,
            1063,
        ),
        ("date,debit,credit,balance\n2026-03-09,50,,1063\n2026-03-05,,113,1113\n", True, [113, -50], 1000, 1063),
        ("日期,借方,贷方\n期初余额,,1000\n2026-03-05,,113\n期末余额,,1113\n", True, [113], 1000, 1113),
    ],
)
def test_other_manners(
    tmp_path: Path, text: str, credit_owes: bool, amounts: list[int], opening: int | None, closing: int | None
) -> None:
    found = read(tmp_path, text, credit_owes=credit_owes)
    assert found.problems == []
    assert said(found) == [*amounts, opening, closing]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("日期,摘要\n2026-03-05,采购\n", 1, "No column holds amounts"),
        ("日期,借方,贷方\n2026-03-05,,12x3\n", 2, "is not an amount"),
        ("日期,借方,贷方\n2026-02-30,,123\n", 2, "is no day of the calendar"),
        ("日期,借方,贷方\n合计,,123\n", 1, "Below the heading is no line with a date."),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, text: str, line: int, message: str) -> None:
    problem = read(tmp_path, text).problems[0]
    assert problem.line == line
    assert message in problem.message
