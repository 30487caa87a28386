from importlib import import_module

from django.db import migrations

run = import_module("ledger.migrations.0002_guard_books").run


class Migration(migrations.Migration):
    """What finance says of an entry follows in the order of its days. docs/database.md describes the guard."""

    dependencies = [("ledger", "0010_closed_months")]

    operations = [
        migrations.RunPython(run("guard_order_of_confirmations"), run("unguard_order_of_confirmations")),
    ]
