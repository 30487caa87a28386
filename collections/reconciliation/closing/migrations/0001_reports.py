from importlib import import_module
from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

run = import_module("ledger.migrations.0002_guard_books").run
SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("ledger", "0010_closed_months"),
    ]

    operations = [
        migrations.CreateModel(
            name="ClosingReport",
            fields=[
                (
                    "close",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="report",
                        serialize=False,
                        to="ledger.periodclose",
                        verbose_name="closed month",
                    ),
                ),
                ("content", models.TextField(verbose_name="content")),
                ("digest", models.CharField(max_length=64, verbose_name="digest")),
            ],
            options={
                "verbose_name": "closing report",
                "verbose_name_plural": "closing reports",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("content", ""), _negated=True), name="closing_report_says_something"
                    )
                ],
            },
        ),
        migrations.RunPython(run("guard_reports", SQL), run("unguard_reports", SQL)),
    ]
