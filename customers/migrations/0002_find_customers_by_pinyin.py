from typing import Any

from django.db import migrations, models

from customers.pinyin import spelling

BATCH = 1_000


def spell_names(apps: Any, schema_editor: Any) -> None:
    """Of the customers that are there already, a thousand at a time."""
    Customer = apps.get_model("customers", "Customer")
    stored = Customer.objects.only("pk", "name").order_by("pk")
    last = 0
    while batch := list(stored.filter(pk__gt=last)[:BATCH]):
        last = batch[-1].pk
        for customer in batch:
            customer.initials, customer.pinyin = spelling(customer.name)
        Customer.objects.bulk_update([customer for customer in batch if customer.initials], ["initials", "pinyin"])


class AddText(migrations.AddField):
    """A text column, empty at first. On SQLite it is added in place: Django would make the table anew, which the
    triggers that name it (docs/database.md) forbid, and those on it would be lost.
    """

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor == "sqlite":
            table = to_state.apps.get_model(app_label, self.model_name)._meta.db_table
            schema_editor.execute(f"ALTER TABLE {table} ADD COLUMN {self.name} text NOT NULL DEFAULT ''")
        else:
            super().database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor == "sqlite":
            table = from_state.apps.get_model(app_label, self.model_name)._meta.db_table
            schema_editor.execute(f"ALTER TABLE {table} DROP COLUMN {self.name}")
        else:
            super().database_backwards(app_label, schema_editor, from_state, to_state)


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0001_initial"),
    ]

    operations = [
        AddText("customer", "initials", models.TextField(blank=True, editable=False)),
        AddText("customer", "pinyin", models.TextField(blank=True, editable=False)),
        migrations.RunPython(spell_names, migrations.RunPython.noop),
    ]
