"""One maker of month ends at a time: an advisory lock on PostgreSQL, the writer's lock on SQLite."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction

# Any number that no other lock of the database takes.
MONTH_ENDS_LOCK = 7_230_115


@contextmanager
def turn(*, wait: bool = True) -> Iterator[None]:
    """A transaction beside which no other makes month ends; raises OperationalError where it may not wait for one."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                if wait:
                    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [MONTH_ENDS_LOCK])
                else:
                    cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [MONTH_ENDS_LOCK])
                    [[had]] = cursor.fetchall()
                    if not had:
                        raise OperationalError("another makes month ends")
        yield
