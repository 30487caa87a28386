"""Triggers that keep statements and answers as they were made. docs/database.md describes each."""

from functools import partial
from importlib import import_module
from pathlib import Path

from django.db import migrations

run = partial(import_module("ledger.migrations.0002_guard_books").run, folder=Path(__file__).parent / "sql")


class Migration(migrations.Migration):
    dependencies = [("statements", "0001_initial"), ("ledger", "0006_attachments")]
    operations = [migrations.RunPython(run("guard_statements"), run("unguard_statements"))]
