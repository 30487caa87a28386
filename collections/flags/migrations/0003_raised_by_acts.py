import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """An act raises flags too, under the key of its source, with a document or without."""

    dependencies = [
        ("flags", "0002_follow_up"),
        ("ledger", "0002_guard_books"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="flag",
            name="flag_raised_once",
        ),
        migrations.RemoveConstraint(
            model_name="flag",
            name="flag_kind_known",
        ),
        migrations.AddField(
            model_name="flag",
            name="path",
            field=models.CharField(blank=True, editable=False, max_length=200),
        ),
        migrations.AddField(
            model_name="flag",
            name="reason",
            field=models.CharField(blank=True, max_length=200, verbose_name="reason"),
        ),
        migrations.AddField(
            model_name="flag",
            name="source",
            field=models.CharField(blank=True, editable=False, max_length=60, verbose_name="source"),
        ),
        migrations.AlterField(
            model_name="flag",
            name="entry",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="flags",
                to="ledger.entry",
                verbose_name="ledger entry",
            ),
        ),
        migrations.AlterField(
            model_name="flag",
            name="kind",
            field=models.CharField(
                choices=[
                    ("overdue", "overdue"),
                    ("not_invoiced", "shipped, not invoiced"),
                    ("not_sent", "invoiced, not sent"),
                    ("not_received", "sent, not received"),
                    ("not_booked", "received, not booked"),
                    ("rejected", "rejected by finance"),
                    ("customer_silent", "statement not answered"),
                    ("difference_unowned", "difference without an owner"),
                ],
                max_length=20,
                verbose_name="flag",
            ),
        ),
        migrations.AddConstraint(
            model_name="flag",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cleared_on__isnull", True), ("source", "")),
                fields=("entry", "kind"),
                name="flag_raised_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="flag",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cleared_on__isnull", True), models.Q(("source", ""), _negated=True)),
                fields=("source", "kind"),
                name="flag_raised_once_by_source",
            ),
        ),
        migrations.AddConstraint(
            model_name="flag",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("entry__isnull", False),
                        ("kind__in", ("overdue", "not_invoiced", "not_sent", "not_received", "not_booked")),
                        ("source", ""),
                    ),
                    models.Q(
                        models.Q(
                            ("kind__in", ("overdue", "not_invoiced", "not_sent", "not_received", "not_booked")),
                            _negated=True,
                        ),
                        models.Q(("source", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="flag_about_an_entry_or_raised_by_a_source",
            ),
        ),
        migrations.AddConstraint(
            model_name="flag",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "overdue",
                            "not_invoiced",
                            "not_sent",
                            "not_received",
                            "not_booked",
                            "rejected",
                            "customer_silent",
                            "difference_unowned",
                        ],
                    )
                ),
                name="flag_kind_known",
            ),
        ),
    ]
