"""CSV files in a folder, in a zip or alone: what is read, and what ends in one sentence."""

import json
import os
import zipfile
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from customers.models import Customer
from ledger.management.commands import import_workbook
from ledger.workbook import reading
from ledger.workbook.limits import Limits
from tests.ledger.workbook.files import FIRM, a_csv_zip, a_workbook, imported, refused

pytestmark = [pytest.mark.any_engine, pytest.mark.django_db]

CUSTOMERS = "客户编码,客户名称\r\nC1,华东公司\r\n"


def a_zip(path: Path, files: dict[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", packing) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def changed(path: Path, *changes: tuple[int, int]) -> Path:
    content = bytearray(path.read_bytes())
    for position, value in changes:
        content[position] = value
    path.write_bytes(content)
    return path


def test_a_bomb_of_blank_lines_is_refused_without_being_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = a_zip(tmp_path / "bomb.zip", {"Customers.csv": b"code,name\n" + b"\n" * (20 << 20)})
    assert path.stat().st_size < 100_000
    monkeypatch.setattr(reading, "LIMITS", Limits(csv_bytes=10 << 20))
    assert "unpacks" in refused(path)
    monkeypatch.setattr(reading, "LIMITS", Limits())
    assert "More than 1048576 rows" in refused(path)


def test_a_cell_without_end_is_refused(tmp_path: Path) -> None:
    path = a_zip(tmp_path / "bomb.zip", {"Customers.csv": b'code,name\nC1,"' + b"x" * (8 << 20)})
    assert "Customers.csv is no valid CSV in line 2" in refused(path)


def test_a_line_without_end_dies_of_its_memory_and_harms_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "LIMITS", Limits(memory_bytes=100 << 20))
    path = a_zip(tmp_path / "bomb.zip", {"Customers.csv": b"code,name" + b",x" * (40 << 20)})
    assert "memory or time" in refused(path)


@pytest.mark.parametrize("name", ["firm.zip", "firm.xlsx"])
def test_more_rows_than_the_limit_are_refused_while_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(reading, "LIMITS", Limits(rows=10))
    made = (a_csv_zip if name.endswith("zip") else a_workbook)(tmp_path / name, FIRM)
    says = refused(made)
    assert "More than 10 rows" in says
    assert "Split the file" in says


def test_a_small_file_that_repeats_a_long_text_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LIMITS", Limits(text_bytes=100_000))
    rows: list[list[Any]] = [["code", "name"], *([f"C{n}", "x" * 5_000] for n in range(40))]
    assert "unpacks" in refused(a_workbook(tmp_path / "x.xlsx", {"Customers": rows}))


def test_a_row_of_more_cells_than_a_sheet_has_is_refused(tmp_path: Path) -> None:
    (tmp_path / "Customers.csv").write_text("code,name\n" + "x," * 20_000 + "x\n")
    assert "Row 2 of the sheet Customers has more than 16384 cells" in refused(tmp_path)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (CUSTOMERS.encode("utf-16") + b"\x00", "neither UTF-8 nor GBK"),
        (b"\xff\xfe" + b"\x00\xd8" * 3, "neither UTF-8 nor GBK"),
        (CUSTOMERS.encode("utf-8-sig") + b"\xff", "neither UTF-8 nor GBK"),
        (b"\xff\xff\xff", "neither UTF-8 nor GBK"),
        (b'code,name\nC1,"x"y\n', "no valid CSV in line 2"),
    ],
)
def test_a_broken_text_is_one_sentence(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "Customers.csv").write_bytes(content)
    assert says in refused(tmp_path)


def test_each_file_may_say_its_encoding_and_the_others_share_one(tmp_path: Path) -> None:
    (tmp_path / "Customers.csv").write_text(CUSTOMERS, encoding="utf-16")
    (tmp_path / "发货.csv").write_text("发货单号,客户编码,日期,金额\r\nS1,C1,2026-03-01,5\r\n", encoding="gbk")
    (tmp_path / "Payments.csv").write_text("number,customer,date,amount\nP1,C1,2026-03-02,5\n", encoding="utf-8-sig")
    taken = imported(tmp_path)
    assert (taken.errors, taken.posted["shipments"], taken.posted["payments"]) == ([], 1, 1)
    assert Customer.objects.get().name == "华东公司"


def test_a_character_that_straddles_two_pieces_is_read(tmp_path: Path) -> None:
    name = "客" * 150
    rows = "".join(f"C{n},{name}\n" for n in range(1_500))
    (tmp_path / "Customers.csv").write_text(f"code,name\n{rows}", encoding="gb18030")
    assert imported(tmp_path).posted["customers"] == 1_500


def test_folders_links_and_other_files_beside_the_sheets_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "Customers.csv").write_text(CUSTOMERS, encoding="utf-8")
    (tmp_path / "2025").mkdir()
    (tmp_path / ".~lock.Customers.csv#").symlink_to("/nowhere")
    (tmp_path / "._Customers.csv").write_bytes(b"\x00\x01")
    (tmp_path / "notes.csv").write_bytes(b"\xff\xfe\xff")
    taken = imported(tmp_path)
    assert (taken.errors, taken.posted["customers"]) == ([], 1)
    assert [w.sheet for w in taken.warnings if w.row is None] == ["notes"]


@pytest.mark.parametrize("make", ["mkdir", "link"])
def test_a_sheet_that_is_no_file_is_said_to_be_so(tmp_path: Path, make: str) -> None:
    path = tmp_path / "Invoices.csv"
    path.mkdir() if make == "mkdir" else path.symlink_to("/nowhere")
    assert "Invoices.csv cannot be opened" in refused(tmp_path)


def test_a_sheet_that_two_folders_of_a_zip_have_is_there_twice(tmp_path: Path) -> None:
    content = {f"{year}/Customers.csv": CUSTOMERS.encode() for year in (2025, 2026)}
    taken = imported(a_zip(tmp_path / "x.zip", content))
    assert ["there twice" in e.message for e in taken.errors] == [True]


def test_what_macos_packs_besides_is_passed_over(tmp_path: Path) -> None:
    files = {
        "Customers.csv": CUSTOMERS.encode(),
        "__MACOSX/._Customers.csv": b"\x00",
        "__MACOSX/Opening.csv": b"\xff",
    }
    assert imported(a_zip(tmp_path / "x.zip", files)).posted["customers"] == 1


def test_a_zip_packed_on_windows_has_its_names_in_gbk(tmp_path: Path) -> None:
    path = a_zip(tmp_path / "x.zip", {"KH01.csv": CUSTOMERS.encode("gbk")})
    path.write_bytes(path.read_bytes().replace(b"KH01", "客户".encode("gbk")))
    assert imported(path).posted["customers"] == 1


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, zipfile.ZIP_STORED])
def test_any_packing_that_python_knows_is_read(tmp_path: Path, packing: int) -> None:
    assert imported(a_zip(tmp_path / "x.zip", {"Customers.csv": CUSTOMERS.encode()}, packing)).errors == []


def test_a_damaged_zip_is_one_sentence(tmp_path: Path) -> None:
    start = len("Customers.csv") + 30
    files = {"Customers.csv": CUSTOMERS.encode() * 50}
    stored = a_zip(tmp_path / "crc.zip", files, zipfile.ZIP_STORED)
    deflated = a_zip(tmp_path / "data.zip", files)
    renamed = a_zip(tmp_path / "header.zip", files)
    method = a_zip(tmp_path / "method.zip", files)
    directory = method.read_bytes().find(b"PK\x01\x02")
    for path in (
        changed(stored, (start + 3, 66)),
        changed(deflated, (start + 3, 0xFF), (start + 9, 0xAA)),
        changed(renamed, (30, ord("X"))),
        changed(method, (8, 99), (directory + 10, 99)),
    ):
        assert "Customers.csv is damaged" in refused(path)


def test_a_single_csv_file_is_a_workbook_of_one_sheet(tmp_path: Path) -> None:
    path = tmp_path / "客户.CSV"
    path.write_text(CUSTOMERS, encoding="gbk")
    assert imported(path).posted["customers"] == 1
    other = path.rename(tmp_path / "list.csv")
    assert "Customers.csv 客户.csv" in refused(other)


def answer_of(path: str) -> dict[str, Any]:
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("import_workbook", path, "--format", "json", stdout=out)
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


@pytest.mark.parametrize("name", ["nowhere.xlsx", os.fsdecode(b"nowhere\xff.xlsx"), "x" * 5_000, "a\x00b"])
def test_a_file_that_cannot_be_opened_is_one_object_of_json(tmp_path: Path, name: str) -> None:
    answer = answer_of(f"{tmp_path}/{name}")
    assert ["cannot be opened" in error["message"] for error in answer["errors"]] == [True]
    json.dumps(answer).encode()


def test_a_busy_database_is_one_object_of_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_args: Any, **_facts: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(import_workbook, "take", busy)
    answer = answer_of(str(a_workbook(tmp_path / "firm.xlsx", FIRM)))
    assert ["is busy" in error["message"] for error in answer["errors"]] == [True]


def test_a_file_whose_name_is_no_text_is_read_all_the_same(tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "firm.xlsx", FIRM).rename(tmp_path / os.fsdecode(b"firm\xff.xlsx"))
    out = StringIO()
    call_command("import_workbook", str(path), "--create-salespeople", "--format", "json", stdout=out)
    assert json.loads(out.getvalue())["posted"]["invoices"] == 3


def test_blank_lines_and_cells_of_several_lines_keep_the_numbers_of_an_editor(tmp_path: Path) -> None:
    text = 'number,customer,date,amount,memo\n\n"P1",C9,2026-01-01,5,"one\ntwo"\nP2,C9,2026-01-01,5,\n'
    (tmp_path / "Payments.csv").write_text(text)
    assert [e.row for e in imported(tmp_path).errors] == [3, 5]
