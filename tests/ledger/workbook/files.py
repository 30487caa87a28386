# ruff: noqa: E501 (a table reads better in long lines)
"""Workbooks for the tests, made in the test."""

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from customers.models import User
from ledger.models import Entry
from ledger.workbook.intake import Taken, take
from ledger.workbook.parsing import parse
from ledger.workbook.reading import UnreadableFile, opened

Sheets = Mapping[str, Sequence[Sequence[Any]]]


def a_workbook(path: Path, sheets: Sheets) -> Path:
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
            for cell in sheet[sheet.max_row]:
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    cell.data_type = "s"
    workbook.save(path)
    return path


def csv_text(rows: Sequence[Sequence[Any]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def a_csv_zip(path: Path, sheets: Sheets, encoding: str = "utf-8") -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, rows in sheets.items():
            archive.writestr(f"{name}.csv", csv_text(rows).encode(encoding))
    return path


def imported(path: Path, by: User | None = None, *, dry_run: bool = False, create_salespeople: bool = True) -> Taken:
    with opened(path) as sheets:
        parsed = parse(sheets)
    return take(parsed, by=by, dry_run=dry_run, create_salespeople=create_salespeople)


def refused(path: Path) -> str:
    """Why the file cannot be read; nothing is posted then."""
    with pytest.raises(UnreadableFile) as refusal:
        imported(path)
    assert not Entry.objects.exists()
    return str(refusal.value)


# A small firm that uses every sheet.
FIRM: dict[str, list[list[Any]]] = {
    "Customers": [
        ["code", "name", "salesperson", "region", "terms days", "credit limit", "currency", "contact", "email", "key account"],
        ["C1", "华东机械有限公司", "lina", "华东", 30, 50000, "CNY", "王敏", "wang@example.com", "yes"],
        ["C2", "Southern Trading", "lina", None, 60, None, "USD", None, None, "no"],
    ],
    "Opening": [
        ["customer", "date", "amount", "number", "due date"],
        ["C1", "2026-01-01", 1000, "O1", "2026-01-10"],
        ["C1", "2026-01-01", -50, None, None],
    ],
    "Shipments": [
        ["number", "customer", "date", "amount", "product", "quantity", "unit", "unit price", "delivered on", "memo"],
        ["S1", "C1", "2026-02-01", None, "轴承", 3, "件", 33.5, "2026-02-03", "first"],
        ["S1", "C1", "2026-02-01", None, "密封圈", 10, "件", 1.25, None, None],
        ["S2", "C1", "2026-02-05", 200, None, None, None, None, None, None],
        ["S3", "C1", "2026-02-06", -40, None, None, None, None, None, "returned"],
    ],
    "Invoices": [
        ["number", "customer", "date", "amount", "kind", "tax", "due date", "shipments", "sent on", "received on", "booked on", "reverses"],
        ["I1", "C1", "2026-02-10", 313, "专票", 36.01, None, "S1;S2", "2026-02-11", "2026-02-14", None, None],
        ["I2", "C2", "2026-02-10", 99.99, "general", None, "2026-03-01", None, None, None, None, None],
        ["I3", "C1", "2026-02-20", -40, "special", -4.6, None, "S3", None, None, None, "I1"],
    ],
    "Payments": [
        ["number", "customer", "date", "amount", "method", "bank reference", "due date", "invoices"],
        ["P1", "C1", "2026-03-01", 500, "transfer", "000123", None, "I1:100.00"],
        ["P2", "C2", "2026-03-05", 99.99, "承兑汇票", None, "2026-09-05", "I2"],
        ["P3", "C2", "2026-03-06", -10, "cash", None, None, None],
    ],
}  # fmt: skip
