"""Triggers that keep the books: what was posted is never edited or deleted. docs/database.md describes each."""

import sqlite3
from pathlib import Path
from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SQL = Path(__file__).parent / "sql"


def statements(name: str, vendor: str, folder: Path = SQL) -> list[str]:
    script = (folder / f"{name}.{vendor}.sql").read_text()
    if vendor == "postgresql":
        return [script]
    found, piece = [], ""
    for line in script.splitlines(keepends=True):
        piece += line
        if sqlite3.complete_statement(piece):
            found.append(piece)
            piece = ""
    return found


def run(name: str, folder: Path = SQL) -> Any:
    def apply(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        for statement in statements(name, schema_editor.connection.vendor, folder):
            schema_editor.execute(statement, params=None)

    return apply


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunPython(run("guard_books"), run("unguard_books"))]
