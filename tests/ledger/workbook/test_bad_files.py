"""Files that cannot or must not be read: one clear sentence, nothing posted, no harm to the process that asked."""

import io
import resource
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from ledger.workbook import reader_process, reading
from ledger.workbook.limits import OLE, Limits
from tests.ledger.workbook.files import FIRM, a_workbook, imported, refused

pytestmark = [pytest.mark.any_engine, pytest.mark.django_db]


def with_sheet(path: Path, xml: str) -> Path:
    """The workbook with the XML of its first sheet replaced."""
    content = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(content) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry, xml if entry.filename == "xl/worksheets/sheet1.xml" else old.read(entry))
    return path


SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</worksheet>'


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"PK\x03\x04 this is no zip", "damaged"),
        (b"just some text", "damaged"),
        (OLE + b"\x00" * 600, "password"),
    ],
)
def test_a_broken_or_encrypted_file_is_refused(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    assert says in refused(path)


def test_a_truncated_workbook_is_refused(tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "x.xlsx", FIRM)
    path.write_bytes(path.read_bytes()[:-200])
    assert "damaged" in refused(path)


def test_a_workbook_with_broken_xml_is_refused(tmp_path: Path) -> None:
    path = with_sheet(a_workbook(tmp_path / "x.xlsx", FIRM), SHEET.format("<sheetData><row><c t='s'><v>99999</v>"))
    assert "damaged" in refused(path)


def test_a_zip_of_something_else_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("photo.jpg", b"x")
    assert "neither" in refused(tmp_path / "x.zip")


def test_an_oversized_file_is_refused_before_it_is_read(tmp_path: Path, settings: Any) -> None:
    settings.IMPORT_MAX_BYTES = 1000
    assert "larger than" in refused(a_workbook(tmp_path / "x.xlsx", FIRM))


def test_a_zip_bomb_is_refused_by_its_directory(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        zeros = b"0" * (1 << 20)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as member:
            for _megabyte in range(700):
                member.write(zeros)
    assert (tmp_path / "x.xlsx").stat().st_size < 2_000_000
    assert "unpacks" in refused(tmp_path / "x.xlsx")


def test_two_cells_that_span_a_whole_sheet_do_not_eat_the_memory(tmp_path: Path) -> None:
    cells = (
        '<sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    )
    path = with_sheet(a_workbook(tmp_path / "x.xlsx", FIRM), SHEET.format(cells))
    assert "memory or time" in refused(path)


def test_a_wrong_dimension_is_not_believed(tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "x.xlsx", FIRM)
    with zipfile.ZipFile(path) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
    for claimed in ("A1", "A1:XFD1048576"):
        start, _dimension, rest = xml.partition("<dimension")
        wrong = f'{start}<dimension ref="{claimed}"/>{rest.partition("/>")[2]}'
        taken = imported(with_sheet(path, wrong), dry_run=True)
        assert (taken.errors, taken.posted["customers"]) == ([], 2)


def test_a_reader_that_takes_too_long_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = tmp_path / "slow"
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(slow))
    monkeypatch.setattr(reading, "LIMITS", Limits(wall_seconds=1))
    assert "memory or time" in refused(a_workbook(tmp_path / "x.xlsx", FIRM))


def test_a_limit_that_the_machine_does_not_know_leaves_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """macOS refuses a limit of memory."""
    held: list[int] = []

    def setrlimit(kind: int, _limits: tuple[int, int]) -> None:
        if kind == resource.RLIMIT_AS:
            raise ValueError
        held.append(kind)

    monkeypatch.setattr(resource, "setrlimit", setrlimit)
    reader_process._limit(Limits())
    assert held == [resource.RLIMIT_CPU, resource.RLIMIT_CORE]


def test_a_file_that_is_not_there_is_said_to_be_so(tmp_path: Path) -> None:
    assert "cannot be opened" in refused(tmp_path / "missing.xlsx")
