"""Which function does a job of which kind; apps register theirs in `tasks.py`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from config.jobs.models import Job
from config.jobs.progress import Progress


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a job leaves: a result of plain values for its page, and a file to download, if any.

    The file is a temporary one; it is moved to where the product keeps its files.
    """

    result: dict[str, Any] = field(default_factory=dict)
    file: Path | None = None
    file_name: str = ""


JobFunction = Callable[[Job, Progress], Outcome]


@dataclass(frozen=True, slots=True)
class Kind:
    run: JobFunction
    # A job that writes to the database is one transaction, from its first row to the state "done".
    writes: bool


KINDS: dict[str, Kind] = {}


def job(kind: str, *, writes: bool = True) -> Callable[[JobFunction], JobFunction]:
    """Registers the function that does jobs of `kind`.

    It is run again after its worker was killed, and raises JobRefused with a sentence for the person who asked.
    """

    def register(run: JobFunction) -> JobFunction:
        KINDS[kind] = Kind(run, writes)
        return run

    return register
