from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

run = import_module("ledger.migrations.0002_guard_books").run


class Migration(migrations.Migration):
    """Finance closes months. docs/database.md describes the guards."""

    dependencies = [
        ("ledger", "0009_books_of_a_past_day"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LatePosting",
            fields=[
                (
                    "posting",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="late",
                        serialize=False,
                        to="ledger.posting",
                    ),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
            ],
            options={
                "verbose_name": "posting into a closed month",
                "verbose_name_plural": "postings into closed months",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="late_posting_has_a_reason"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PeriodClose",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField(help_text="its first day", verbose_name="month")),
                ("is_closed", models.BooleanField(default=True, verbose_name="closed")),
                ("closed_until", models.DateField(verbose_name="closed until")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "verbose_name": "closed month",
                "verbose_name_plural": "closed months",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_closed", True), models.Q(("note", ""), _negated=True), _connector="OR"
                        ),
                        name="period_opened_with_a_reason",
                    )
                ],
            },
        ),
        migrations.RunPython(run("guard_closed_months"), run("unguard_closed_months")),
    ]
