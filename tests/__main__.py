"""The whole suite on every engine that this machine has; its last lines say what was left out.

`python -m tests` runs on SQLite and, where DATABASE_URL or a local server gives one, on PostgreSQL. What asks nothing
of the database (`any_engine`) runs on the first alone. A test counts as left out when it ran on neither. With
REQUIRE_ALL=1 that is a failure; the real data beside the repository may be absent all the same, for no machine can
install it.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

ROOT = Path(__file__).resolve().parent.parent
LOCAL_POSTGRESQL = "postgres://postgres@127.0.0.1:5432/postgres"
PROCESSES = os.environ.get("TEST_PROCESSES") or str(os.cpu_count() or 2)
MAY_BE_ABSENT = ("no real data",)


def main(arguments: list[str]) -> int:
    """Further arguments go to pytest: `python -m tests tests/jobs`. `--coverage` counts the lines that the first run
    covers, which makes it half as long again, and asks for the floor in pyproject.toml.
    """
    is_counting = "--coverage" in arguments
    arguments = [argument for argument in arguments if argument != "--coverage"]
    engines = {"sqlite": "", "postgresql": postgresql_url()}
    counting = ["--cov", "--cov-report=", "--cov-fail-under=0"] if is_counting else []
    with TemporaryDirectory() as folder:
        ran = [engine for engine, url in engines.items() if url is not None]
        failed = []
        for engine in ran:
            # What a browser draws or a checker finds is the same on the second, and so are the lines that were run.
            options = counting if engine == ran[0] else ["-m", "not any_engine"]
            if not suite(engine, engines[engine] or "", Path(folder), [*options, *arguments]):
                failed.append(engine)
        covered = not is_counting or coverage(Path(folder))
        missed = left_out(Path(folder))
    say(f"\nRan on {' and '.join(ran)}. Failed on: {', '.join(failed) or 'none'}.")
    for reason, count in sorted(missed.items()):
        say(f"Left out: {count} tests: {reason}.")
    if not missed:
        say("Nothing was left out.")
    lacking = [reason for reason in missed if reason not in MAY_BE_ABSENT]
    if lacking and os.environ.get("REQUIRE_ALL"):
        say("REQUIRE_ALL is set: what was left out is a failure.")
        return 1
    return 1 if failed or not covered else 0


def postgresql_url() -> str | None:
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith(("postgres://", "postgresql://")):
        url = LOCAL_POSTGRESQL
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return None
    return url


def suite(engine: str, url: str, folder: Path, arguments: list[str]) -> bool:
    say(f"\n--- the suite on {engine} ---")
    environment = {
        **os.environ,
        "DATABASE_URL": url or f"sqlite:///{folder}/unused.sqlite3",
        "TESTS_REPORT": str(folder / f"{engine}.json"),
        "COVERAGE_FILE": str(folder / "coverage"),
    }
    command = [sys.executable, "-m", "pytest", "-q", "-n", PROCESSES, "--dist", "worksteal"]
    return subprocess.run([*command, *arguments], cwd=ROOT, env=environment).returncode == 0


def coverage(folder: Path) -> bool:
    """Whether the first run covers as much as the floor in pyproject.toml asks for."""
    environment = {**os.environ, "COVERAGE_FILE": str(folder / "coverage")}
    return subprocess.run([sys.executable, "-m", "coverage", "report"], cwd=ROOT, env=environment).returncode == 0


def left_out(folder: Path) -> Counter[str]:
    """How many tests no run has done, by reason."""
    reports = [json.loads(path.read_text()) for path in folder.glob("*.json")]
    done = {test for report in reports for test in report["ran"]}
    reasons = {test: reason for report in reports for test, reason in report["left_out"].items()}
    return Counter(reason for test, reason in reasons.items() if test not in done)


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
