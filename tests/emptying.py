"""Emptying the database after a test that commits: Django's own way takes a second or two, and the guards forbid it.

Django truncates every table and writes all permissions anew. Here SQLite gets a copy of its pages back, and
PostgreSQL deletes rows without waking a trigger.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test import TransactionTestCase

# What the migrations write, and no test.
KEPT = {"django_migrations", "django_content_type", "auth_permission"}


@contextmanager
def quick_emptying() -> Iterator[None]:
    """For as long as this is open; the database is empty now."""
    empty = _from_a_copy() if connection.vendor == "sqlite" else _without_triggers
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _test: empty())
        yield


def copy_of_sqlite(file: Path | str) -> sqlite3.Connection:
    """The test's database as it stands, in another file."""
    copy = sqlite3.connect(file)
    connection.ensure_connection()
    connection.connection.backup(copy)
    return copy


def _from_a_copy() -> Callable[[], None]:
    copy = copy_of_sqlite(":memory:")

    def empty() -> None:
        connection.ensure_connection()
        copy.backup(connection.connection)

    return empty


def _without_triggers() -> None:
    names = sorted(set(connection.introspection.table_names()) - KEPT)
    tables = [connection.ops.quote_name(name) for name in names]
    with transaction.atomic(), connection.cursor() as cursor:
        # Whoever still writes, such as a worker that was killed a moment ago, is waited for.
        cursor.execute(f"LOCK TABLE {', '.join(tables)} IN EXCLUSIVE MODE")
        # Foreign keys are triggers too. Only a superuser may do this, as the user of a local server is.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("; ".join(f"DELETE FROM {table}" for table in tables))
