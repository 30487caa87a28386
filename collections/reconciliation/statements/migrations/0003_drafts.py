import django.db.models.deletion
from django.db import migrations, models

import reconciliation.statements.models.drafts


class Migration(migrations.Migration):
    dependencies = [
        ("statements", "0002_guard_statements"),
    ]

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("browser", models.CharField(max_length=43)),
                (
                    "verdict",
                    models.CharField(choices=[("agrees", "agrees"), ("differs", "does not agree")], max_length=8),
                ),
                ("typed", models.JSONField(default=dict)),
                ("at", models.DateTimeField(db_index=True)),
                (
                    "dispatch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="drafts", to="statements.dispatch"
                    ),
                ),
            ],
            options={
                "verbose_name": "draft of an answer",
                "verbose_name_plural": "drafts of answers",
            },
        ),
        migrations.CreateModel(
            name="DraftFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("suffix", models.CharField(max_length=10)),
                ("size", models.PositiveBigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                (
                    "file",
                    models.FileField(max_length=200, upload_to=reconciliation.statements.models.drafts.upload_to),
                ),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="files", to="statements.draft"
                    ),
                ),
            ],
            options={
                "verbose_name": "file of a draft",
                "verbose_name_plural": "files of drafts",
                "ordering": ["pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.UniqueConstraint(
                fields=("dispatch", "browser", "verdict"), name="draft_once_in_a_browser"
            ),
        ),
        migrations.AddConstraint(
            model_name="draftfile",
            constraint=models.UniqueConstraint(fields=("draft", "sha256"), name="draft_file_once"),
        ),
    ]
