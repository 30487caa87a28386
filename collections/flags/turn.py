"""One sweep at a time: an advisory lock on PostgreSQL, the writer's lock on SQLite."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

# Any number that no other lock of the database takes.
SWEEP_LOCK = 7_230_114


@contextmanager
def turn(patience: float | None = None) -> Iterator[None]:
    """A transaction beside which no other sweep runs. With `patience` an OperationalError ends it where a lock, its
    own or that of a row, is not had within so many seconds; without, it waits.
    """
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            if patience is not None:
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{patience * 1000:.0f}ms"])
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SWEEP_LOCK])
            yield
    else:
        with _writer_within(patience), transaction.atomic():
            yield


@contextmanager
def _writer_within(patience: float | None) -> Iterator[None]:
    """On SQLite every transaction begins by waiting for the writer's lock; how long belongs to the connection."""
    usual = connection.settings_dict["OPTIONS"]["timeout"]
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {(usual if patience is None else patience) * 1000:.0f}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual * 1000:.0f}")
