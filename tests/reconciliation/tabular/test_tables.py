"""Tables of unknown files: every quirk seen in the exports of Chinese banks, with the rows that they hold."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciliation.tabular import (
    Field,
    Holds,
    Rows,
    Table,
    UnreadableTable,
    find_table,
    guess,
    read_rows,
    read_sheets,
)
from reconciliation.tabular.cells import CellError, Damaged, Masked, Style, amount, day, number
from reconciliation.tabular.directions import Direction, direction
from reconciliation.tabular.rows import period_of

pytestmark = pytest.mark.any_engine

FIELDS = (
    Field("date", "date", Holds.DAY, ("交易日期", "日期", "date"), required=True),
    Field("debit", "debit", Holds.AMOUNT, ("借方", "借方发生额", "支出", "debit")),
    Field("credit", "credit", Holds.AMOUNT, ("贷方", "贷方发生额", "收入", "credit")),
    Field("amount", "amount", Holds.AMOUNT, ("金额", "交易金额", "amount")),
    Field("balance", "balance", Holds.AMOUNT, ("余额", "balance")),
    Field("name", "name", Holds.TEXT, ("对方户名", "counterparty")),
    Field("account", "account", Holds.NUMBER, ("对方账号", "counterparty account")),
    Field("memo", "memo", Holds.TEXT, ("摘要", "用途", "附言", "memo"), many=True),
)


def read(tmp_path: Path, content: str | bytes, encoding: str = "utf-8") -> tuple[Table, list[str], Rows]:
    path = tmp_path / "file"
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    table = find_table(read_sheets(path), FIELDS)
    columns = guess(table, FIELDS)
    return table, columns, read_rows(table, FIELDS, columns)


def values(rows: Rows, key: str) -> list[Any]:
    return [row[key] for row in rows.rows]


EXPORT = """某某银行对公账户交易明细,,,,,,
账号：6222 0000 1234,币种：人民币,,,,,
起始日期：2025-12-20,终止日期：2026-01-10,,,,,

交易日期\t,借方发生额(元),贷方发生额(元),余额,对方户名,对方账号,摘要,用途
12-30\t,"1,000.00",,"9,000.00\t",  北京 甲公司\t,'0200001,货款,合同 A-1
01-05,,"￥２，０００．５０","11,000.50",乙公司,6.2226E+18,,
合计,"1,000.00","2,000.50",,,,,
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_an_export_is_read_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    table, columns, rows = read(tmp_path, EXPORT.replace("\n", "\r\n"), encoding)
    assert table.heading_line == 5
    assert columns == ["date", "debit", "credit", "balance", "name", "account", "memo", "memo"]
    assert values(rows, "date") == [date(2025, 12, 30), date(2026, 1, 5)]  # the year is in the title, and turns
    assert values(rows, "debit") == [Decimal("1000.00"), None]
    assert values(rows, "credit") == [None, Decimal("2000.50")]
    assert values(rows, "name") == ["北京 甲公司", "乙公司"]
    assert values(rows, "account") == ["0200001", None]
    assert values(rows, "memo") == ["货款 合同 A-1", None]
    assert [row.number for row in rows.rows] == [6, 7]
    assert [line for line, _cells in rows.others] == [8]
    (damaged,) = rows.warnings
    assert (damaged.line, damaged.value) == (7, "6.2226E+18")
    assert not rows.problems


@pytest.mark.parametrize("separator", ["\t", ";", "|"])
def test_other_separators(tmp_path: Path, separator: str) -> None:
    lines = [["日期", "金额", "摘要"], ["2026-03-15", "1,000.00", "a, b"], ["20260316", "-2.00", "c"]]
    _table, _columns, rows = read(tmp_path, "\n".join(separator.join(cells) for cells in lines))
    assert values(rows, "amount") == [Decimal("1000.00"), Decimal("-2.00")]
    assert values(rows, "memo") == ["a, b", "c"]


def test_a_page_of_html_that_calls_itself_xls(tmp_path: Path) -> None:
    page = (
        "<html><table><tr><td colspan=3>明细</td></tr></table><table><tr><th>日期</th><th>金额</th><th>摘要</th></tr>"
        "<tr><td>2026/3/5</td><td>12.00</td><td>x&nbsp;y</td></tr></table></html>"
    )
    _table, _columns, rows = read(tmp_path, page, "gb18030")
    assert [(row["date"], row["amount"], row["memo"]) for row in rows.rows] == [
        (date(2026, 3, 5), Decimal("12.00"), "x y")
    ]


def test_a_workbook_of_2003_as_xml(tmp_path: Path) -> None:
    def row(*cells: str) -> str:
        return f"<Row>{''.join(cells)}</Row>"

    def cell(text: str, kind: str = "String", more: str = "") -> str:
        return f'<Cell{more}><Data ss:Type="{kind}">{text}</Data></Cell>'

    rows = [
        row(cell("日期"), cell("摘要"), cell("金额")),
        row(cell("2026-03-05T00:00:00.000", "DateTime"), cell("12.500000000000002", "Number", ' ss:Index="3"')),
        row(cell("2026-03-06"), cell("x"), cell("-1,000.00")),
    ]
    book = f"""<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Worksheet ss:Name="S"><Table>{"".join(rows)}</Table></Worksheet></Workbook>"""
    _table, _columns, read_ones = read(tmp_path, book)
    assert [(one["date"], one["amount"], one["memo"]) for one in read_ones.rows] == [
        (date(2026, 3, 5), Decimal("12.50"), None),
        (date(2026, 3, 6), Decimal("-1000.00"), "x"),
    ]
    with pytest.raises(UnreadableTable, match="cut off"):
        read(tmp_path, book[:-30])


def a_workbook(tmp_path: Path, rows: Sequence[Sequence[Any]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))  # type: ignore[union-attr]
    book.save(tmp_path / "book.xlsx")
    return (tmp_path / "book.xlsx").read_bytes()


@pytest.mark.parametrize("depth", [0, 23])
def test_a_workbook_with_its_heading_deep_below_and_over_two_rows(tmp_path: Path, depth: int) -> None:
    above = [[f"说明 {n}"] for n in range(depth)]
    content = a_workbook(
        tmp_path,
        [
            *above,
            ["日期", "发生额", None, "余额", "对方账号"],
            [None, "借方", "贷方", None, None],
            [date(2026, 3, 1), 0.1 + 0.2, None, 99.7, 6222000012345678901],
            [46083, None, 5, 104.7, 123456789],
            ["合计", 0.3, 5, None, None],
        ],
    )
    _table, columns, rows = read(tmp_path, content)
    assert columns == ["date", "debit", "credit", "balance", "account"]
    assert values(rows, "date") == [date(2026, 3, 1), date(2026, 3, 2)]  # 46083 is Excel's 2 March
    assert values(rows, "debit") == [Decimal("0.30"), None]
    assert values(rows, "credit") == [None, Decimal("5.00")]
    assert values(rows, "account") == [None, "123456789"]
    assert len(rows.warnings) == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"\x00\x01\x02\x03" * 200, "no text"),
        (b"PK\x03\x04 not a zip", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "damaged"),
        ("日期,金额\n2026-03-15,1.00\n2026-03-16,2.00,货".encode()[:-1], "cut off"),
        ("日期,金额,摘要\r\n2026-03-15,1.00,货".encode("utf-16")[:-1], "cut off"),
        (b"some words\nand nothing else\n", "heading"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(tmp_path: Path, content: bytes, says: str) -> None:
    with pytest.raises(UnreadableTable, match=says):
        read(tmp_path, content)


def test_what_cannot_be_read_is_said_with_its_line_and_value(tmp_path: Path) -> None:
    _table, _columns, rows = read(tmp_path, "日期,金额,余额\n2026-03-15,1O.00,***\n2026-02-30,5.00,1.00\n合计,6,\n")
    assert [(problem.line, problem.value) for problem in rows.problems] == [(2, "1O.00"), (3, "2026-02-30")]
    assert "calendar" in rows.problems[1].message
    assert [warning.line for warning in rows.warnings] == [2]  # the balance is hidden


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1,234.50", "1234.50"),
        ("１，２３４．５０", "1234.50"),
        ("(1,234.50)", "-1234.50"),
        ("1,234.50-", "-1234.50"),
        ("−5", "-5.00"),
        ("CNY 1,234.50", "1234.50"),
        ("-¥12.00", "-12.00"),
        ("￥12.00", "12.00"),
        ("12.00 元", "12.00"),
        ("+12.00", "12.00"),
        ("12.00CR", "12.00"),
        ("12.00 DR", "-12.00"),
        ("1'234.50", "1234.50"),
        ('="1,234.50"', "1234.50"),
        ("\t1,234.50 \u3000", "1234.50"),
        ("1.2万", "12000.00"),
        (0.1 + 0.2, "0.30"),
    ],
)
def test_amounts(cell: Any, expected: str) -> None:
    assert str(amount(cell, Style())) == expected


def test_amounts_with_a_comma_before_the_cents(tmp_path: Path) -> None:
    _table, _columns, rows = read(tmp_path, "date;amount\n15.03.2026;1.234,50\n16.03.2026;-7,00\n")
    assert values(rows, "amount") == [Decimal("1234.50"), Decimal("-7.00")]


def test_amounts_that_are_none() -> None:
    for nothing in ("", "-", "--", "/", "N/A", None, "　"):
        assert amount(nothing, Style()) is None
    for hidden in ("***", "¥****"):
        with pytest.raises(Masked):
            amount(hidden, Style())
    for wrong in ("abc", "1.2.3", "12,34", "1.234"):
        with pytest.raises(CellError):
            amount(wrong, Style())


@pytest.mark.parametrize(
    "cell",
    [
        *(
            "2026-03-05",
            "2026/3/5",
            "2026.03.05",
            "2026年3月5日",
            "20260305",
            "2026-03-05 13:45:10",
            "20260305134510",
        ),
        *("2026-03-05T13:45:10+08:00", "05/03/2026", "5.3.2026", "05-03-26", "5 Mar 2026", "05-Mar-26"),
        *("Mar 5, 2026", "03-05", "3月5日", "３月５日", 46086, "46086", 20260305, date(2026, 3, 5)),
    ],
)
def test_days(cell: Any) -> None:
    assert day(cell, Style(period=(date(2026, 1, 1), date(2026, 12, 31)))) == date(2026, 3, 5)


def test_which_of_two_numbers_is_the_day_is_told_by_the_other_rows(tmp_path: Path) -> None:
    for first, second, expected in (("02/03/2026", "03/16/2026", 2), ("02/03/2026", "16/03/2026", 3)):
        _table, _columns, rows = read(tmp_path, f"date,amount\n{first},1\n{second},2\n")
        assert rows.rows[0]["date"].month == expected
    # Neither is beyond 12: the order of the rows tells.
    _table, _columns, rows = read(tmp_path, "date,amount\n01/12/2026,1\n02/01/2026,2\n02/11/2026,3\n")
    assert values(rows, "date") == [date(2026, 1, 12), date(2026, 2, 1), date(2026, 2, 11)]


def test_numbers_of_accounts() -> None:
    assert number("6222021234567890123") == "6222021234567890123"
    assert number("'0200001") == "0200001"
    assert number('="0200001"') == "0200001"
    assert number(123456789.0) == "123456789"
    for damaged in ("6.2226E+18", "6.22E18", "6222021234567890.0", 6.2226e18):
        with pytest.raises(Damaged):
            number(damaged)


def test_directions() -> None:
    words = {"借": Direction.DEBIT, "贷方": Direction.CREDIT, "收": Direction.IN, "支出": Direction.OUT}
    words |= {"DR": Direction.DEBIT, "Credit": Direction.CREDIT, "来账": Direction.IN, "-": Direction.OUT}
    assert {word: direction(word) for word in words} == words
    assert direction("冲正") is None


def test_the_period_of_a_title() -> None:
    assert period_of(["2026年3月明细"]) == (date(2026, 1, 1), date(2026, 12, 31))
    assert period_of(["20251220-20260110"]) == (date(2025, 12, 20), date(2026, 1, 10))
    assert period_of(["账号 6222201901011234"]) is None


@given(
    st.decimals(min_value=-(10**12), max_value=10**12, places=2), st.sampled_from(["{:,.2f}", "{:.2f}", "¥{:,.2f}"])
)
@settings(max_examples=25, deadline=None)
def test_an_amount_is_what_was_written(value: Decimal, shape: str) -> None:
    assert amount(shape.format(value), Style()) == value
    if value < 0:
        assert amount(f"({shape.format(-value)})", Style()) == value
        assert amount(f"{shape.format(-value)}-", Style()) == value
