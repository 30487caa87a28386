"""Spreadsheets that others open: every value is what it was, whatever it looks like."""

import io
import time
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.test import override_settings
from django.utils import timezone
from openpyxl.cell import WriteOnlyCell
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from config import sheets

D = date(2026, 3, 31)


def written(headings: list[str], rows: list[list[Any]], **facts: Any) -> io.BytesIO:
    file = io.BytesIO()
    sheets.write_rows(file, headings, rows, title="List", **facts)
    file.seek(0)
    return file


def read(file: io.BytesIO, **facts: Any) -> Worksheet:
    return openpyxl.load_workbook(file, **facts).worksheets[0]


def values_of(rows: list[list[Any]]) -> list[list[Any]]:
    sheet = read(written([f"h{n}" for n in range(len(rows[0]))], rows))
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]


def test_numbers_and_dates_are_real_and_carry_formats() -> None:
    sheet = read(written(["code", "amount", "day", "days"], [["007", Decimal("1234.50"), D, 12]]))
    assert [cell.value for cell in sheet[2]] == ["007", 1234.5, datetime(2026, 3, 31), 12]  # noqa: DTZ001
    assert [cell.number_format for cell in sheet[2]] == ["@", sheets.Style.MONEY.value, "yyyy-mm-dd", "General"]


def test_an_amount_is_written_digit_by_digit_as_it_is() -> None:
    file = written(["amount"], [[Decimal("9999999999999.99")], [Decimal("-0.10")]])
    xml = zipfile.ZipFile(file).read("xl/worksheets/sheet1.xml").decode()
    assert "<v>9999999999999.99</v>" in xml
    assert "<v>-0.10</v>" in xml


def test_the_moment_of_an_aware_time_is_local() -> None:
    with override_settings(TIME_ZONE="Asia/Shanghai"), timezone.override(ZoneInfo("Asia/Shanghai")):
        [[moment]] = values_of([[datetime(2026, 3, 31, 17, 30, tzinfo=UTC)]])
    assert moment == datetime(2026, 4, 1, 1, 30)  # noqa: DTZ001


def test_a_day_that_excel_cannot_count_is_text() -> None:
    assert values_of([[date(1899, 1, 1)]]) == [["1899-01-01"]]


@pytest.mark.parametrize("text", ["=1+1", "=cmd|'/c calc'!A0", "+1", "-1", "@SUM(A1)", "1E5", "TRUE"])
def test_text_stays_text_whatever_it_looks_like(text: str) -> None:
    sheet = read(written([text], [[text]]))
    for cell in (sheet["A1"], sheet["A2"]):
        assert (cell.value, cell.data_type, cell.number_format) == (text, "s", "@")


@pytest.mark.parametrize(
    ("text", "read_back"),
    [
        ("a & b <c> \"d\" 'e'", "a & b <c> \"d\" 'e'"),
        (" spaces \n lines ", " spaces \n lines "),
        ("bell\x07 null\x00 \ufffe\ud800", "bell null "),
        ("_x000D_ as it is written", "_x000D_ as it is written"),
        ("𠮷野家 🚚", "𠮷野家 🚚"),
        ("x" * 40_000, "x" * 32_767),
        ("", None),
    ],
)
def test_every_text_survives(text: str, read_back: str | None) -> None:
    file = written(["text"], [[text], ["another"]])
    assert CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()[1] == [read_back or ""]
    if "_x000D_" not in text:  # openpyxl leaves Excel's escapes as they are
        assert read(file)["A2"].value == read_back


def test_a_carriage_return_is_escaped_as_excel_does() -> None:
    file = written(["text"], [["a\r\nb"]])
    assert CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()[1] == ["a\r\nb"]


def test_columns_of_mixed_and_missing_values_keep_each() -> None:
    rows: list[list[Any]] = [[None, "a"], [Decimal("1.00"), None], ["text", D], [True, 5]]
    assert values_of(rows) == [[None, "a"], [1, None], ["text", datetime(2026, 3, 31)], [True, 5]]  # noqa: DTZ001


def test_a_style_that_is_asked_for_wins_over_the_type() -> None:
    sheet = read(written(["n"], [[1200]], formats=[sheets.Style.NUMBER]))
    assert sheet["A2"].number_format == "#,##0"


def test_an_empty_list_has_its_headings() -> None:
    sheet = read(written(["a", "b"], []))
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [["a", "b"]]
    assert sheet.auto_filter.ref == "A1:B1"


def test_headings_stay_in_sight_and_are_printed_on_each_page() -> None:
    sheet = read(written(["a", "b"], [["1", "2"]] * 3))
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:B4"
    assert sheet.print_title_rows == "$1:$1"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.dimensions == "A1:B4"


def test_columns_are_as_wide_as_their_longest_value_and_chinese_counts_double() -> None:
    rows: list[list[Any]] = [
        ["abc", "上海", Decimal("1.00")],
        ["x" * 30, "上海外高桥贸易有限公司", Decimal("-1234567.00")],
    ]
    sheet = read(written(["a", "b", "c"], [*rows, ["y", "y" * 500, None]][:2]))
    widths = [sheet.column_dimensions[letter].width for letter in "ABC"]
    assert widths == [32, 24, len("-1,234,567.00") + 2]


def test_a_column_is_never_wider_than_can_be_read() -> None:
    sheet = read(written(["a"], [["y" * 500]]))
    assert sheet.column_dimensions["A"].width == 62


def a_book(rows: list[list[Any]]) -> io.BytesIO:
    file = io.BytesIO()
    with sheets.Book(title="Book", creator="=me") as book:
        sheet = book.add_sheet("A/B: totals?")
        sheet["A1"] = "Title"
        book.stream(sheet, [sheets.Column("name"), sheets.Column("amount", summed=True)], rows)
        book.add_sheet("Second")["A1"] = "made by openpyxl"
        book.save(file)
    return file


def test_totals_are_formulas_that_show_their_value_without_calculation() -> None:
    file = a_book([["a", Decimal("0.10")], ["b", Decimal("0.20")], ["c", sheets.Formula("B3*2", Decimal("0.20"))]])
    assert [cell.value for cell in read(file)[6]] == ["Total", "=SUBTOTAL(109,B3:B5)"]
    assert [cell.value for cell in read(file, data_only=True)[6]] == ["Total", 0.5]
    assert read(file)["B5"].value == "=B3*2"
    assert read(file).auto_filter.ref == "A2:B5"


def test_the_total_of_nothing_is_zero_and_no_formula() -> None:
    assert [cell.value for cell in read(a_book([]))[3]] == ["Total", 0]


def test_sheets_of_openpyxl_stand_beside_streamed_ones() -> None:
    workbook = openpyxl.load_workbook(a_book([["a", Decimal(1)]]))
    assert workbook.sheetnames == ["A B  totals", "Second"]
    assert workbook["Second"]["A1"].value == "made by openpyxl"


def test_a_list_too_long_for_excel_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.sheets.books.MOST_ROWS", 3)
    with pytest.raises(sheets.TooManyRows):
        written(["a"], [["1"]] * 3)


def test_a_file_is_replaced_only_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    path.write_text("old")

    def broken() -> Iterator[list[str]]:
        yield ["1"]
        raise RuntimeError

    with pytest.raises(RuntimeError):
        sheets.write_rows(path, ["a"], broken(), title="List")
    assert path.read_text() == "old"
    sheets.write_rows(path, ["a"], [["1"]], title="List")
    assert read(io.BytesIO(path.read_bytes()))["A2"].value == "1"
    assert [file.name for file in tmp_path.iterdir()] == ["list.xlsx"]


def test_a_csv_opens_as_utf_8_and_evaluates_nothing() -> None:
    file = io.BytesIO()
    sheets.write_csv(file, ["名称", "=x"], [["=1+1", Decimal("-5.00")], ["＝1", D], ["a,b\n", None]])
    assert file.getvalue().decode("utf-8-sig") == (
        "名称,'=x\r\n'=1+1,-5.00\r\n'＝1,2026-03-31\r\n\"a,b\n\",\r\n"
    )  # fmt: skip
    assert file.getvalue().startswith(b"\xef\xbb\xbf")


def test_a_number_of_more_digits_than_a_spreadsheet_keeps_stays_text() -> None:
    short, long = "9" * 15, "26332000000012345678"
    assert list(sheets.csv_lines(["n"], [[short], [long]]))[1:] == [f"{short}\r\n", f"'{long}\r\n"]


def many(count: int) -> Iterator[list[Any]]:
    for n in range(count):
        amount = Decimal(n) / 100
        yield [f"C{n:06}", f"某某贸易公司{n % 5000}", "invoice", f"I{n}", D, D, n % 400, amount, amount, "CNY",
               "王小明", "华东"]  # fmt: skip


def test_a_long_list_takes_less_than_half_of_openpyxl_s_own_time(tmp_path: Path) -> None:
    count, headings = 5_000, list("abcdefghijkl")
    started = time.process_time()
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet()
    for row in [headings, *many(count)]:
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, value=value)
            cell.number_format = sheets.Style.MONEY.value if isinstance(value, Decimal) else "@"
            cells.append(cell)
        sheet.append(cells)
    workbook.save(tmp_path / "openpyxl.xlsx")
    theirs = time.process_time() - started
    started = time.process_time()
    sheets.write_rows(tmp_path / "ours.xlsx", headings, many(count), title="List")
    assert (time.process_time() - started) / theirs <= 0.4


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    peaks = []
    for count in (2_000, 20_000):
        tracemalloc.start()
        sheets.write_rows(tmp_path / "list.xlsx", list("abcdefghijkl"), many(count), title="List")
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]
