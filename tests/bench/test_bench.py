"""The benchmark itself: a tiny run measures everything that a large one does."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings

METRICS = {
    "aging today by customer",
    "aging today by salesperson",
    "aging as of last month's end by customer",
    "aging as of 30 months ago by customer",
    "aging page, first screen",
    "aging page, queries",
    "ledger page of the largest customer",
    "ledger page, queries",
    "search for the end of a number by finance",
    "search for the end of a number by a salesperson",
    "search for an amount by finance",
    "search for an amount by a salesperson",
    "search, queries",
    "customer list",
    "ledger list",
    "ledger list, page 200",
    "ledger list, end of a number",
    "flags list",
    "list of the overdue figure",
    "list of the unsent figure",
    "queue of invoices to send",
    "queue of what to confirm",
    "dashboard",
    "dashboard, chart",
    "dashboard, debtors",
    "dashboard, changes",
    "desk of finance, whole page",
    "desk, queries",
    "month ends, the last one filled",
    "month ends, that of a year ago filled",
    "expected cash, habits of a year",
    "expected cash, a Monday kept",
    "month ends, twelve read",
    "expected cash, twelve weeks ahead",
    "expected cash, twelve weeks behind",
    "month ends, statements of a series",
    "all open credits weighed",
    "page of what is to be confirmed",
    "page of credits to allocate, queries",
    "two books today",
    "two books as of last month's end",
    "two books as of 30 months ago",
    "bank lines weighed",
    "bank lines: right of those accepted without a look",
    "bank lines: truth among the suggestions",
    "bank lines: accepted without a look",
    "flags, first night",
    "flags, next night",
    "flags, statements of a sweep",
    "flags, raised by a second sweep of the night",
    "aging today by customer: little history, much history",
    "aging today by salesperson: little history, much history",
    "aging as of last month's end: little history, much history",
    "aging page: little history, much history",
    "page of customers: little history, much history",
    "Excel report, openpyxl write-only as bare",
    "Excel report, memory",
    "openpyxl write-only, memory",
    "import, settled automatically",
    "import, memory of all its processes",
}


@pytest.mark.postgresql
def test_a_tiny_run_measures_everything() -> None:
    server = settings.DATABASES["default"]
    user = ":".join(filter(None, (server["USER"], server["PASSWORD"])))
    address = f"postgres://{user}@{server['HOST'] or '127.0.0.1'}:{server['PORT'] or 5432}/postgres"
    run = subprocess.run(
        [sys.executable, "-m", "bench", "--sizes", "1k", "--quick"],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": address},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stderr
    assert set(re.findall(r"^\| (.+?) \|", run.stdout, re.MULTILINE)) - {"metric"} == METRICS
    # What does not depend on how busy the machine is holds at any size.
    rows = [line for line in run.stdout.splitlines() if line.startswith(("| aging page, queries", "| flags, raised"))]
    assert len(rows) == 4
    assert all(line.endswith("| yes |") for line in rows)
