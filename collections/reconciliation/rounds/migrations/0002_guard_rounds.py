"""What was found and said of a difference stays. docs/database.md describes the guards."""

from importlib import import_module
from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"
run = import_module("ledger.migrations.0002_guard_books").run


class Migration(migrations.Migration):
    dependencies = [("rounds", "0001_initial")]
    operations = [migrations.RunPython(run("guard_rounds", SQL), run("unguard_rounds", SQL))]
