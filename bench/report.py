"""The table of a run, and docs/performance.md around it."""

import os
import platform
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import django
import psycopg

from bench import server
from bench.timing import Figure

PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
BEGIN, END = "<!-- table: written by `make bench` -->", "<!-- end of the table -->"


def table(figures: Sequence[Figure]) -> str:
    lines = ["| metric | data | bare | ours | ratio | must reach | met |", "|---|---|---:|---:|---:|---|---|"]
    for figure in figures:
        ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
        met = {True: "yes", False: "**no**", None: ""}[figure.met]
        cells = (figure.metric, figure.data, figure.bare, figure.ours, ratio, figure.must, met)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def circumstances(today: date) -> str:
    """One sentence on the machine, the versions and the day."""
    with server.connect("postgres") as connection:
        postgresql = psycopg.pq.version_pretty(connection.info.server_version)
        buffers = connection.execute("SHOW shared_buffers").fetchone()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"Measured on {today.isoformat()}: {os.cpu_count()} cores ({_processor()}), {memory:.0f} GB of memory, "
        f"PostgreSQL {postgresql} with `shared_buffers` = {buffers[0] if buffers else '?'} on the same machine, "
        f"Python {platform.python_version()}, Django {django.get_version()}."
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def write(figures: Sequence[Figure], today: date) -> None:
    """Puts the table between its marks; the words around them stay."""
    before, _mark, rest = PAGE.read_text().partition(BEGIN)
    _old, _mark, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n{circumstances(today)}\n\n{table(figures)}\n{END}{after}")
