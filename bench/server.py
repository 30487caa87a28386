"""The databases of a run: one migrated template, copies of it, and which of them Django talks to."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connection
from psycopg import sql

PREFIX = f"ledger_bench_{os.getpid()}"
TEMPLATE = f"{PREFIX}_template"
# A report is asked for once: nothing is gained by a statement that was prepared before. `jit=off` as in the settings.
SESSION: dict[str, Any] = {"autocommit": True, "prepare_threshold": None, "options": "-c jit=off"}


def connect(name: str) -> "psycopg.Connection[tuple[Any, ...]]":
    """A plain connection beside Django's, for bare SQL."""
    settings = connection.settings_dict
    facts = {"host": settings["HOST"], "port": settings["PORT"], "user": settings["USER"]}
    given = {key: value for key, value in (facts | {"password": settings["PASSWORD"]}).items() if value}
    return psycopg.connect(dbname=name, **given, **SESSION)


def url(name: str) -> str:
    """The DATABASE_URL of a database, for a process of its own."""
    base, _slash, _database = os.environ["DATABASE_URL"].rpartition("/")
    return f"{base}/{name}"


def create(name: str, template: str | None = None) -> None:
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
        sql.Identifier(name), sql.Identifier(template or "template0")
    )
    with connect("postgres") as server:
        server.execute(statement)


def drop(name: str) -> None:
    with connect("postgres") as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def using(name: str) -> Iterator[None]:
    """Points Django's connection to the database `name`."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def create_template() -> None:
    create(TEMPLATE)
    with using(TEMPLATE):
        call_command("migrate", verbosity=0, skip_checks=True)


@contextmanager
def database(label: str, *, keep: bool) -> Iterator[str]:
    """A fresh, migrated database that Django talks to; dropped at the end unless it is to be kept."""
    name = f"{PREFIX}_{label}"
    create(name, TEMPLATE)
    try:
        with using(name):
            yield name
    finally:
        if not keep:
            drop(name)
