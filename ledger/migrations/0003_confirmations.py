"""Finance confirms what was shipped and paid. docs/database.md describes the guards."""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

run = import_module("ledger.migrations.0002_guard_books").run


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0002_guard_books"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Confirmation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_confirmed", models.BooleanField(default=True, verbose_name="confirmed")),
                ("date", models.DateField(verbose_name="date")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                ("recorded_at", models.DateTimeField(db_index=True, verbose_name="recorded at")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="confirmations",
                        to="ledger.entry",
                        verbose_name="ledger entry",
                    ),
                ),
            ],
            options={
                "verbose_name": "confirmation",
                "verbose_name_plural": "confirmations",
                "ordering": ["pk"],
            },
        ),
        migrations.AddField(
            model_name="entry",
            name="confirmed_on",
            field=models.DateField(blank=True, null=True, verbose_name="confirmed on"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(
                    ("confirmed_on__isnull", True),
                    ("kind__in", ("shipment", "return", "payment", "refund")),
                    ("reversed_on__isnull", True),
                    models.Q(("reverses__isnull", False), _negated=True),
                ),
                fields=["date", "id"],
                include=("customer", "kind", "salesperson", "currency", "document_amount"),
                name="entry_unconfirmed",
            ),
        ),
        migrations.RunPython(run("guard_confirmations"), run("unguard_confirmations")),
    ]
