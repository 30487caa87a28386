"""Files on customers and documents, and the triggers that keep them as evidence."""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import ledger.models.attachments

run = import_module("ledger.migrations.0002_guard_books").run


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0001_initial"),
        ("ledger", "0005_index_for_search"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("delivery", "proof of delivery"),
                            ("invoice", "invoice scan"),
                            ("contract", "contract"),
                            ("statement", "statement reply"),
                            ("other", "other file"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="file name")),
                ("content_type", models.CharField(max_length=100, verbose_name="file type")),
                ("size", models.PositiveBigIntegerField(verbose_name="size in bytes")),
                ("sha256", models.CharField(max_length=64)),
                (
                    "file",
                    models.FileField(
                        max_length=200, upload_to=ledger.models.attachments.upload_to, verbose_name="file"
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                ("uploaded_at", models.DateTimeField(verbose_name="uploaded at")),
                ("withdrawn_at", models.DateTimeField(null=True, verbose_name="withdrawn at")),
                ("withdrawn_because", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="ledger.entry",
                        verbose_name="ledger entry",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="uploaded by",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="withdrawn by",
                    ),
                ),
            ],
            options={
                "verbose_name": "file",
                "verbose_name_plural": "files",
                "indexes": [models.Index(fields=["customer", "uploaded_at"], name="attachment_customer_uploaded")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("size__gt", 0)), name="attachment_not_empty"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("withdrawn_at__isnull", True),
                                ("withdrawn_because", ""),
                                ("withdrawn_by__isnull", True),
                            ),
                            models.Q(
                                ("withdrawn_at__isnull", False),
                                ("withdrawn_by__isnull", False),
                                models.Q(("withdrawn_because", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="attachment_withdrawn_with_reason",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("entry__isnull", False), ("withdrawn_at__isnull", True)),
                        fields=("entry", "sha256"),
                        name="attachment_once_on_entry",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("entry__isnull", True), ("withdrawn_at__isnull", True)),
                        fields=("customer", "sha256"),
                        name="attachment_once_on_customer",
                    ),
                ],
            },
        ),
        migrations.RunPython(run("guard_files"), run("unguard_files")),
    ]
