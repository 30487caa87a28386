"""`python -m bench`: loads synthetic firms into PostgreSQL and measures the product beside bare SQL.

DATABASE_URL names the server (its database is not touched); without one, postgres://postgres@127.0.0.1/postgres.
"""

import argparse
import os
import re
import sys
from collections.abc import Sequence

SERVER = "postgres://postgres@127.0.0.1/postgres"


def _size(text: str) -> int:
    found = re.fullmatch(r"(\d+)([km]?)", text.strip().lower())
    if found is None:
        raise argparse.ArgumentTypeError(f"{text} is no size; give numbers such as 10k or 1m.")
    return int(found[1]) * {"": 1, "k": 1_000, "m": 1_000_000}[found[2]]


def _sizes(text: str) -> list[int]:
    return sorted(map(_size, text.split(",")))


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="bench", description="Measures the product beside bare SQL.")
    parser.add_argument(
        "--sizes", type=_sizes, default=_sizes("10k,100k,1m"), help="numbers of invoices: 10k,100k,1m"
    )
    parser.add_argument("--quick", action="store_true", help="fewer rounds, and a tenth of the export and import")
    parser.add_argument(
        "--only",
        default="",
        help="parts, separated by commas: aging,pages,search,flags,lists,trends,queues,books,matching,history,sheets",
    )
    parser.add_argument("--keep", action="store_true", help="leave the databases for a look")
    parser.add_argument("--write", action="store_true", help="put the table into docs/performance.md")
    asked = parser.parse_args(arguments)
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        os.environ["DATABASE_URL"] = SERVER
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django

    django.setup()
    from django.utils import timezone

    from bench import report, run

    today = timezone.localdate()
    parts = [part for part in asked.only.split(",") if part] or list(run.PARTS)
    if unknown := set(parts) - set(run.PARTS):
        parser.error(f"unknown parts: {', '.join(sorted(unknown))}")
    scale = run.Scale.of(asked.sizes, quick=asked.quick)
    figures = run.run(scale, parts, today=today, keep=asked.keep)
    print(report.circumstances(today))
    print()
    print(report.table(figures))
    if asked.write:
        report.write(figures, today)
    if any(figure.met is False for figure in figures):
        print("\nA target is missed; see the rows that say **no**.", file=sys.stderr)


if __name__ == "__main__":
    main()
