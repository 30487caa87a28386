"""The papers: what they say, in both languages, whatever is in the data."""

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.utils import translation
from fontTools.ttLib import TTFont
from openpyxl import load_workbook
from pypdf import PdfReader

from config.papers import FONTS
from config.papers.fonts import WEIGHTS, characters
from config.papers.letters import printable
from customers.models import Customer
from reconciliation.statements.account import Account, Column, Layout, Line, OpenItem
from reconciliation.statements.models import FirmProfile
from reconciliation.statements.paper import Asked, data, statement_pdf
from reconciliation.statements.queries.firm import Letterhead
from reconciliation.statements.workbook import write_workbook
from tests.reconciliation.statements.building import a_demand, a_statement, an_account

ZERO = Decimal("0.00")
LONG = "内蒙古自治区呼伦贝尔市鄂伦春自治旗大杨树镇新时代农牧业机械设备进出口贸易与综合服务有限责任公司"


def an_account_of(lines: int, amount: str = "1234.50", currency: str = "CNY") -> Account:
    """Each line adds the amount to nothing; a credit of as much again makes the balance negative."""
    face, balance, rows = Decimal(amount), ZERO, []
    for n in range(lines):
        balance += face
        number = f"2631200007399330{n:04}"
        due = date(2026, 8, 31)
        rows.append(
            Line(n, "invoice", Column.INVOICED, False, number, 1, date(2026, 8, 1), due, "", face, face, balance)
        )
    paid = -balance - face
    rows.append(
        Line(lines, "payment", Column.RECEIVED, False, "SK-1", 1, date(2026, 9, 1), None, "", paid, paid, -face)
    )
    item = OpenItem(lines, "payment", False, "SK-1", 1, date(2026, 9, 1), None, False, paid, -face)
    return Account(currency, date(2026, 7, 1), date(2026, 9, 30), ZERO, rows, -face, [item])


def text_of(pdf: bytes) -> tuple[str, int]:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return "\n".join(page.extract_text() for page in pages), len(pages)


def asked(layout: Layout, name: str = LONG) -> Asked:
    return Asked(Customer(code="KH0001", name=name), "KH0001-20260930-1", layout, date(2026, 10, 1))


FIRM = Letterhead(FirmProfile(pk=1, name="杭州锦绣染织有限公司", bank_lines="工商银行 1202 0901"), b"", ())


@pytest.mark.any_engine
class TestPaper:
    def test_five_hundred_lines_nothing_cut_heads_and_numbers_on_each_page(self) -> None:
        account = an_account_of(500)
        with translation.override("zh-hans"):
            text, pages = text_of(statement_pdf(account, asked(Layout.CHINESE), FIRM))
        plain = text.replace("\n", "").replace("\u200b", "")
        assert LONG in plain
        assert all(f"2631200007399330{n:04}" in plain for n in (0, 250, 499))
        assert "-1,234.50" in text
        assert "负壹仟贰佰叁拾肆元伍角" in text
        assert pages > 5
        assert text.count("KH0001-20260930-1") > pages

    def test_an_english_one_in_another_currency_has_no_capitals(self) -> None:
        with translation.override("en"):
            text, _pages = text_of(
                statement_pdf(an_account_of(3, currency="USD"), asked(Layout.BALANCE, "Zażółć Ltd"), FIRM)
            )
        assert "Statement of account" in text
        assert "Closing balance, in your favour (USD, 30 Sep 2026)" in text
        assert "Interest on overdue amounts is charged separately" in text
        assert "In words" not in text
        # The font has no such letters: the nearest stand in their place.
        assert "Zazólc Ltd" in text

    def test_what_is_typed_is_never_obeyed(self) -> None:
        evil = '#eval("1+1") $x^2$ *bold* #include "/etc/passwd" \\ @ref `raw` <a> 🙂'
        with translation.override("en"):
            text, _pages = text_of(statement_pdf(an_account_of(1), asked(Layout.OPEN, evil), FIRM))
        plain = " ".join(text.split())
        assert '#eval("1+1") $x^2$ *bold* #include "/etc/passwd"' in plain
        assert "〓" in plain

    def test_a_long_reference_stands_whole_below_its_number_and_a_seal_has_room(self) -> None:
        account = an_account_of(3)
        reference = "AbCd1234567890EFGHIJKLMNOPQRSTUVWXYZ0123456789abcd"
        paid = replace(account.lines[-1], reference=reference)
        account = replace(account, lines=[*account.lines[:-1], paid])
        with translation.override("en"):
            text, _pages = text_of(statement_pdf(account, asked(Layout.BALANCE), FIRM))
        assert reference in text.replace("\n", "").replace("\u200b", "")
        first = next(line for line in text.replace("\u200b", "").splitlines() if "AbCd" in line)
        assert "SK-1" not in first
        # A company's seal is 42 mm across.
        assert "height: 46mm" in (settings.BASE_DIR / "templates" / "papers" / "paper.typ").read_text()

    def test_wide_amounts_turn_the_page(self) -> None:
        with translation.override("en"):
            assert not data(an_account_of(3), asked(Layout.BALANCE), FIRM)["landscape"]
            assert data(an_account_of(3, "9999999999.99"), asked(Layout.BALANCE), FIRM)["landscape"]

    def test_the_fonts_have_what_they_are_said_to_have(self) -> None:
        for weight in WEIGHTS:
            with TTFont(FONTS / f"NotoSansSC-{weight}.otf", lazy=True) as font:
                assert set(map(ord, characters())) <= set(font.getBestCmap())
        assert printable({"a": ["ş\u200b🙂", 1]}) == {"a": ["s〓", 1]}


@pytest.mark.django_db
class TestKept:
    def test_the_kept_document_says_what_the_statement_says(self, settings: Any) -> None:
        settings.FIRM_NAME = "锦绣公司"
        desk = an_account()
        statement = a_statement(desk.customer, demand_by=a_demand())
        with statement.pdf.open("rb") as file:
            content = file.read()
        text, pages = text_of(content)
        assert pages <= 2
        for said in (
            "锦绣公司",
            desk.customer.name,
            "680.00",
            "600.00",
            statement.reference,
            "2026081500001",
            "FH-2",
        ):
            assert said in text
        assert len(content) == statement.size

    def test_a_text_stays_a_text_and_an_amount_a_number_in_excel(self) -> None:
        desk = an_account(name="=HYPERLINK(1)")
        statement = a_statement(desk.customer, language="en", layout="balance")
        file = io.BytesIO()
        write_workbook(statement, file)
        with_values = load_workbook(file)
        assert with_values.sheetnames == ["Statement of account", "Your account", "Open items"]
        first = with_values["Statement of account"]
        assert (first["B2"].value, first["B2"].data_type) == ("=HYPERLINK(1)", "s")
        rows = [[cell.value for cell in row] for row in with_values["Your account"].iter_rows(min_row=2, max_row=6)]
        assert [row[-1] for row in rows] == [500, 800, 800, 600, 680]
