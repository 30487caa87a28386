"""What banks write, in every format: worked examples of the shapes that public samples have."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from reconciliation.bank.formats.parsed import ParsedFile, ParsedLine
from reconciliation.bank.formats.reading import read
from tests.reconciliation.bank.files import CAMT, CSV, MT940, OFX, PARTY, a_file, entry

pytestmark = pytest.mark.any_engine


def parsed(folder: Path, content: str | bytes, encoding: str = "utf-8") -> ParsedFile:
    return read(a_file(folder, content, encoding=encoding))


def amounts(file: ParsedFile) -> list[str]:
    return [str(line.amount) for line in file.lines]


def balances(file: ParsedFile) -> list[tuple[str, str, str, str]]:
    return [(one.account, one.currency, str(one.opening), str(one.closing)) for one in file.statements]


@pytest.mark.parametrize(("version", "party"), [("02", "<Nm>Customer</Nm>"), ("08", "<Pty><Nm>Customer</Nm></Pty>")])
def test_camt_in_its_versions(tmp_path: Path, version: str, party: str) -> None:
    details = PARTY.format(dbtr=party)
    entries = [
        entry("300.00", party=details, more="<Sts>BOOK</Sts><AcctSvcrRef>B-1</AcctSvcrRef>"),
        entry("120.00", "DBIT", party=details, more="<Sts><Cd>BOOK</Cd></Sts>"),
        entry("50.00", more="<Sts>PDNG</Sts>"),
        entry("0.00"),
    ]
    file = parsed(tmp_path, CAMT.format(version=version, entries="".join(entries)))
    assert (file.format, file.errors) == ("camt.053", [])
    assert balances(file) == [("622200001234", "CNY", "1000.00", "1180.00")]
    assert file.statements[0].gap == 0
    assert file.lines[0] == ParsedLine(
        date(2026, 3, 15),
        Decimal("300.00"),
        None,
        "Customer",
        "DE02120300000000202051",
        "BYLADEM1",
        "Invoice A-1 and A-2",
        "B-1",
    )
    assert (file.lines[1].amount, file.lines[1].payer_name) == (Decimal("-120.00"), "Supplier")
    assert file.statements[0].days == (date(2026, 3, 1), date(2026, 3, 31))


def test_camt_takes_back_and_pays_in_other_currencies(tmp_path: Path) -> None:
    details = PARTY.format(dbtr="<Nm>Customer</Nm>")
    entries = [
        entry("300.00", "DBIT", more="<RvslInd>true</RvslInd>", party=details),
        entry("7.00", currency="USD"),
    ]
    file = parsed(tmp_path, CAMT.format(version="04", entries="".join(entries)))
    taken_back, foreign = file.lines
    assert (taken_back.amount, taken_back.is_reversal, taken_back.payer_name) == (
        Decimal("-300.00"),
        True,
        "Customer",
    )
    assert [one.currency for one in file.statements] == ["CNY", "USD"]
    assert foreign.amount == Decimal("7.00")
    assert file.statements[1].opening is None


def test_camt_in_utf_16(tmp_path: Path) -> None:
    content = CAMT.format(version="02", entries=entry("1.00")).replace("UTF-8", "UTF-16")
    assert amounts(parsed(tmp_path, content, "utf-16")) == ["1.00"]


BOMB = '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "x"><!ENTITY b "&a;&a;">]>' + CAMT.format(
    version="02", entries=entry("1.00")
).partition("?>")[2].replace("Our Firm", "&b;")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (BOMB, "entities"),
        (BOMB.replace('<!ENTITY a "x">', '<!ENTITY a SYSTEM "file:///etc/passwd">'), "entities"),
        (CAMT.format(version="02", entries=entry("1.00"))[:700], "cut off"),
        ('<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053"><X/></Document>', "no bank"),
        ('<?xml version="1.0"?><other/>', "no bank statement"),
        (OFX.partition("</BANKTRANLIST>")[0], "cut off"),
        ("OFXHEADER:100\nDATA:OFXSGML\n", "cut off"),
        (OFX * 2, "cut off or damaged"),
        (OFX.replace("<CURDEF", '<!DOCTYPE x [<!ENTITY a "b">]><CURDEF'), "entities"),
        (MT940.format(closing="1180,00").partition(":62F:")[0], "closing balance"),
        (MT940.format(closing="1180,00")[:170], "closing balance"),
        (":20:A\n:25:1\n:60F:C260301CNY1,\n:61:not a line\n:62F:C260301CNY1,\n", "cannot be read"),
        (b"%PDF-1.7 x", "PDF"),
        (b"PK\x03\x04 statement.xml", "one by one"),
        (b"", "empty"),
        (b"\x00" * 4000, "empty"),
        (bytes(range(256)) * 20, "no text"),
        (CSV.encode("gb18030")[:-150], "cut off|not an amount|lines"),
    ],
)
def test_no_bad_file_is_taken_for_good(tmp_path: Path, content: str | bytes, says: str) -> None:
    file = parsed(tmp_path, content)
    said = " ".join(problem.message for problem in [*file.errors, *file.warnings])
    assert re.search(says, said), said


def test_mt940_with_reversals(tmp_path: Path) -> None:
    file = parsed(tmp_path, MT940.format(closing="1180,00"))
    assert (file.format, file.errors) == ("mt940", [])
    assert balances(file) == [("622200001234", "CNY", "1000.00", "1180.00")]
    assert amounts(file) == ["300.00", "-100.00", "-20.50", "0.50"]
    assert file.statements[0].gap == 0
    first, second, returned, fee_back = file.lines
    assert (first.payer_name, first.payer_account, first.memo, first.reference) == (
        "Customer One",
        "DE02120300000000202051",
        "Invoice A-1",
        "B-1",
    )
    assert (second.memo, second.reference, second.is_reversal) == ("fee", "B-2", False)
    assert (returned.is_reversal, fee_back.is_reversal, returned.reference) == (True, True, "")


def test_mt940_of_several_days_is_one_statement(tmp_path: Path) -> None:
    first = MT940.format(closing="1180,00")
    second = first.replace("C260301CNY1000,00", "C260331CNY1180,00").replace(
        "C260331CNY1180,00\n-", "C260430CNY1360,00\n-"
    )
    file = parsed(tmp_path, first + second.replace(":61:2603", ":61:2604").replace("031", "041"))
    assert balances(file) == [("622200001234", "CNY", "1000.00", "1360.00")]
    assert len(file.lines) == 8


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig"])
def test_mt940_in_chinese(tmp_path: Path, encoding: str) -> None:
    content = MT940.format(closing="1180,00").replace("Customer One", "北京甲公司").replace("fee", "手续费")
    assert parsed(tmp_path, content, encoding).lines[0].payer_name == "北京甲公司"


def test_ofx_of_both_versions(tmp_path: Path) -> None:
    version_2 = OFX.partition("<OFX>")[2]
    for tag in (
        "CURDEF",
        "BANKID",
        "ACCTID",
        "ACCTTYPE",
        "DTSTART",
        "DTEND",
        "TRNTYPE",
        "DTPOSTED",
        "TRNAMT",
        "FITID",
    ):
        version_2 = _closed(version_2, tag)
    for tag in ("NAME", "MEMO", "BALAMT", "DTASOF"):
        version_2 = _closed(version_2, tag)
    header = '<?xml version="1.0" encoding="UTF-8"?><?OFX OFXHEADER="200" VERSION="211"?><OFX>'
    for content in (OFX, header + version_2):
        file = parsed(tmp_path, content)
        assert (file.format, file.errors) == ("ofx", [])
        assert balances(file) == [("622200001234", "USD", "None", "2200.00")]
        assert file.lines[0] == ParsedLine(
            date(2026, 3, 15), Decimal("1234.50"), None, "Customer & Son", "", "", "A-1", "F-1"
        )
        assert amounts(file) == ["1234.50", "-34.50"]


def _closed(text: str, tag: str) -> str:
    return re.sub(rf"<{tag}>([^<\n]*)", rf"<{tag}>\1</{tag}>", text)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_the_export_of_a_chinese_bank(tmp_path: Path, encoding: str) -> None:
    file = parsed(tmp_path, CSV, encoding)
    assert (file.format, file.errors) == ("csv", [])
    assert balances(file) == [("622200001234", "CNY", "1000.00", "1180.00")]
    assert amounts(file) == ["300.00", "-100.00", "-20.00"]
    first, _fee, third = file.lines
    assert (first.payer_name, first.payer_account, first.memo, first.reference, first.balance) == (
        "甲公司",
        "6222020200011112222",
        "货款 A-1",
        "B-1",
        Decimal("1300.00"),
    )
    assert (third.payer_account, [warning.value for warning in file.warnings]) == ("", ["6.2226E+18"])
    assert file.statements[0].days == (date(2026, 3, 1), date(2026, 3, 31))
    assert file.statements[0].holder == "我方公司"


def test_totals_and_counts_of_a_table_are_checked(tmp_path: Path) -> None:
    file = parsed(tmp_path, CSV.replace("总笔数：3", "总笔数：4").replace("合计,,120.00", "合计,,121.00"))
    (wrong,) = file.errors
    assert (wrong.line, wrong.value) == (8, "121.00")
    assert any("4 lines; there are 3" in warning.message for warning in file.warnings)
    missing = CSV.replace('20260316\t,10:01:00,"100.00",,"1,200.00",,,手续费,B-2\n', "")
    assert any("does not follow" in warning.message for warning in parsed(tmp_path, missing).warnings)


def test_the_newest_line_may_stand_first(tmp_path: Path) -> None:
    lines = CSV.splitlines()
    turned = [*lines[:4], *reversed(lines[4:7]), *lines[7:]]
    file = parsed(tmp_path, "\n".join(turned))
    assert amounts(file) == ["300.00", "-100.00", "-20.00"]
    assert balances(file)[0][2:] == ("1000.00", "1180.00")


@pytest.mark.parametrize(
    ("heading", "rows", "expected"),
    [
        ("日期,借贷标志,金额", ["2026-03-15,贷,5.00", "2026-03-16,借,3.00"], ["5.00", "-3.00"]),
        ("日期,收/支,金额", ["2026-03-15,收入,5.00", "2026-03-16,支出,3.00", "2026-03-16,/,9.00"], ["5.00", "-3.00"]),
        ("日期,借贷,交易金额", ["2026-03-15,贷 Cr,5.00", "2026-03-16,借 Dr,-3.00"], ["5.00", "-3.00"]),
        ("日期,借方,贷方", ["2026-03-15,0.00,5.00", "2026-03-16,-3.00,0.00"], ["5.00", "-3.00"]),
        ("日期,借方,贷方", ["2026-03-15,,5.00", "2026-03-16,3.00,", "2026-03-17,,-5.00"], ["5.00", "-3.00", "-5.00"]),
        ("Date,Description,DR/CR,Amount", ["15/03/2026,a,CR,5.00", "16/03/2026,b,DR,3.00"], ["5.00", "-3.00"]),
        ("Date,Debit,Credit,Balance", ["2026-03-15,,5.00,5.00", "2026-03-16,3.00,,2.00"], ["5.00", "-3.00"]),
        (
            "交易日期[ Transaction Date ],交易金额[ Trade Amount ]",
            ["20260315,5.00", "20260316,-3.00"],
            ["5.00", "-3.00"],
        ),
        ("日期,记账金额(收入),记账金额(支出)", ["2026-03-15,5.00,-", "2026-03-16,-,3.00"], ["5.00", "-3.00"]),
    ],
)
def test_which_way_money_went(tmp_path: Path, heading: str, rows: list[str], expected: list[str]) -> None:
    file = parsed(tmp_path, "\n".join([heading, *rows]))
    assert (amounts(file), file.errors) == (expected, [])
    assert [line.is_reversal for line in file.lines] == [False, False, True][: len(expected)]


def test_a_total_may_be_net_of_what_stands_in_red(tmp_path: Path) -> None:
    rows = ["日期,支出,收入", "2026-03-15,,5.00", "2026-03-16,3.00,", "2026-03-17,,-5.00", "2026-03-18,,7.00"]
    for total, mistakes in (("合计,3.00,7.00", 0), ("合计,3.00,12.00", 0), ("合计,3.00,8.00", 1)):
        assert len(parsed(tmp_path, "\n".join([*rows, total])).errors) == mistakes


def test_payer_and_payee_columns_are_told_apart_by_the_way_of_the_money(tmp_path: Path) -> None:
    content = (
        "交易日期[ Transaction Date ],付款人名称[ Payer's Name ],付款人账号[ Debit Account No. ],收款人名称,"
        "收款人账号,交易货币[ Trade Currency ],交易金额,摘要[ Reference ]\n"
        "20260315,甲公司,111111111,我方公司,999999999,CNY,5.00,货款\n"
        "20260316,我方公司,999999999,乙公司,222222222,USD,-3.00,采购\n"
    )
    file = parsed(tmp_path, content)
    assert [(line.payer_name, line.payer_account) for line in file.lines] == [
        ("甲公司", "111111111"),
        ("乙公司", "222222222"),
    ]
    assert file.currencies == ["CNY", "USD"]


def test_a_line_that_goes_both_ways_or_neither_is_a_mistake(tmp_path: Path) -> None:
    file = parsed(tmp_path, "日期,借方,贷方\n2026-03-15,1.00,5.00\n")
    assert [(problem.line, problem.value) for problem in file.errors] == [(2, "5.00 / 1.00")]
    file = parsed(tmp_path, "日期,借贷标志,金额\n2026-03-15,冲,5.00\n")
    assert [(problem.line, problem.value) for problem in file.errors] == [(2, "冲")]
