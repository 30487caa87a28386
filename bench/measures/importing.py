"""The import command on a workbook, a process of its own from its start to its end."""

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from bench import server, workbook
from bench.memory import run_watched
from bench.timing import Figure, limited, shown

ROOT = Path(__file__).resolve().parents[2]
# Asked for from so many rows on: the start of the processes takes as long for a few as for many.
ROWS_A_SECOND, FROM = 5_000, 100_000
MEGABYTES = 600


def imported(name: str, *, rows: int, today: date) -> Iterator[Figure]:
    """`rows` rows into the empty database `name`; the payments settle the oldest due invoices."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "books.xlsx"
        workbook.write(path, workbook.Rows.of(rows), today=today)
        command = [sys.executable, str(ROOT / "manage.py"), "import_workbook", str(path), "--format", "json"]
        begin = time.perf_counter()
        finished = run_watched(command, environment=os.environ | {"DATABASE_URL": server.url(name)})
        taken = time.perf_counter() - begin
    answer = json.loads(finished.output)
    if answer["errors"] or sum(answer["posted"].values()) != rows:
        raise RuntimeError(f"The import posted {answer['posted']} of {rows} rows: {answer['errors'][:3]}")
    rate = rows / taken
    data = f"{rows:,} rows"
    metric, ours = "import, settled automatically", f"{rate:,.0f} rows/s ({shown(taken)})"
    if rows < FROM:
        yield Figure(metric, data, "", ours)
    else:
        yield Figure(metric, data, "", ours, None, f"≥ {ROWS_A_SECOND:,} rows/s", rate >= ROWS_A_SECOND)
    yield limited("import, memory of all its processes", data, finished.peak_megabytes, " MB", at_most=MEGABYTES)
