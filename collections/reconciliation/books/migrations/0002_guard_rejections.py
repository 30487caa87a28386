"""Triggers that keep what finance rejected. docs/database.md describes each."""

from functools import partial
from importlib import import_module
from pathlib import Path

from django.db import migrations

run = partial(import_module("ledger.migrations.0002_guard_books").run, folder=Path(__file__).parent / "sql")


class Migration(migrations.Migration):
    dependencies = [("books", "0001_rejections"), ("ledger", "0002_guard_books")]
    operations = [migrations.RunPython(run("guard_rejections"), run("unguard_rejections"))]
