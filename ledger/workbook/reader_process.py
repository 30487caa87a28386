"""Reads one workbook and prints its cells as lines of JSON; runs in a process of its own, with limits.

A foreign file may be made to eat all memory or time. This process dies of that alone: `reading` starts it, listens,
and says what happened. It imports nothing of the product and talks to nobody.

Lines: `{"sheet": name, "left": n}` begins a sheet whose first n columns are empty and left out, a list is a row (the
first is row 1), `{"end": true}` ends the book. A date is `{"d": "2026-03-31"}`.
"""

import json
import resource
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

MEMORY_BYTES = 1 << 30
CPU_SECONDS = 120


def main(path: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(path)
    write = sys.stdout.write
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain).encode
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        write(encode({"sheet": name, "left": sheet.start[1] if sheet.start else 0}) + "\n")
        for row in sheet.iter_rows():
            write(encode(row) + "\n")
    write(encode({"end": True}) + "\n")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"d": value.date().isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if isinstance(value, time | timedelta):
        return str(value)
    raise TypeError(type(value).__name__)


if __name__ == "__main__":
    main(sys.argv[1])
