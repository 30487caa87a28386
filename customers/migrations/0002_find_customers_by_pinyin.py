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


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0001_initial"),
    ]

    operations = [
        migrations.AddField("customer", "initials", models.TextField(blank=True, editable=False)),
        migrations.AddField("customer", "pinyin", models.TextField(blank=True, editable=False)),
        migrations.RunPython(spell_names, migrations.RunPython.noop),
    ]
