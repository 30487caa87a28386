"""The copy with the mistakes marked: whatever the file holds, the list of mistakes comes out."""

import io
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from config.jobs.models import Job
from customers.models import Role
from ledger import tasks
from ledger.tasks import check_workbook, import_workbook
from tests.build import a_user
from tests.ledger.workbook.files import a_workbook
from tests.ledger.workbook.test_bad_files import SHEET, with_sheet
from tests.ledger.workbook.test_upload import checked

pytestmark = [pytest.mark.any_engine, pytest.mark.django_db]

JOBS = (check_workbook, import_workbook)


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(a_user(role=Role.FINANCE))
    return client


def copy_of(client: Client, job: Job) -> Workbook:
    answer = client.get(reverse("jobs:file", args=[job.pk]))
    return load_workbook(io.BytesIO(b"".join(answer)))


def test_characters_that_no_workbook_holds_are_left_out(client: Client, tmp_path: Path) -> None:
    text = 'code,name,"note\x02"\n"C\x011",a_x0001_b,x\x01y\nC2,,#N/A\n'
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Customers*.csv", text)
    job = checked(client, path)
    assert (job.state, job.result["mistakes"]) == (Job.State.DONE, 2)
    sheet = copy_of(client, job)["Customers "]
    assert [cell.value for cell in sheet[2]] == ["C1", "a_x0001_b", "xy"]
    assert sheet["B3"].comment is not None


def test_a_row_far_wider_than_the_columns_is_cut(client: Client, tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Customers.csv", "code,name\n,One" + ",x" * 16_000 + "\n")
    job = checked(client, path)
    assert job.result["mistakes"] == 1
    assert copy_of(client, job)["Customers"].max_column < 20


def test_a_cell_far_away_costs_no_time(client: Client, tmp_path: Path) -> None:
    cells = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in ("code", "name"))
    head = f'<row r="1">{cells}</row>'
    rows = f'<sheetData>{head}<row r="1200"><c r="XFD1200"><v>1</v></c></row></sheetData>'
    sheets: dict[str, list[list[Any]]] = {"Customers": [["code", "name"]]}
    path = with_sheet(a_workbook(tmp_path / "far.xlsx", sheets), SHEET.format(rows))
    start = time.monotonic()
    job = checked(client, path)
    assert job.result["mistakes"] == 2
    assert time.monotonic() - start < 20
    assert copy_of(client, job)["Customers"].max_row == 1200


def test_a_copy_that_cannot_be_written_does_not_hide_the_mistakes(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(path: Path, target: Path, parsed: object) -> None:
        assert target.exists()
        raise ValueError

    monkeypatch.setattr(tasks, "write_marked_copy", fails)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    path = a_workbook(tmp_path / "x.xlsx", {"Customers": [["code", "name"], ["C1", None]]})
    job = checked(client, path)
    assert (job.state, job.result["mistakes"], bool(job.file)) == (Job.State.DONE, 1, False)
    assert list((tmp_path / "temporary").iterdir()) == []
    assert "1 mistake" in client.get(reverse("imports:detail", args=[job.pk])).content.decode()
