"""Customers' lists with their lines and decisions, the triggers that keep them, and what comparisons found."""

from importlib import import_module
from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import config.fields
import reconciliation.comparison.models

run = import_module("ledger.migrations.0002_guard_books").run
SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customers", "0002_find_customers_by_pinyin"),
        ("ledger", "0008_index_later_instalments"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CustomerList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "file",
                    models.FileField(
                        max_length=200, upload_to=reconciliation.comparison.models.upload_to, verbose_name="file"
                    ),
                ),
                ("file_name", models.CharField(max_length=200, verbose_name="file name")),
                ("digest", models.CharField(max_length=64)),
                ("source", models.CharField(blank=True, max_length=40)),
                ("first_day", models.DateField(verbose_name="first day")),
                ("as_of", models.DateField(verbose_name="as of")),
                ("opening", config.fields.ExactDecimalField(blank=True, null=True, verbose_name="opening balance")),
                ("closing", config.fields.ExactDecimalField(blank=True, null=True, verbose_name="closing balance")),
                ("columns", models.JSONField()),
                (
                    "direction",
                    models.CharField(
                        choices=[
                            ("credit", "credit (a payables account)"),
                            ("debit", "debit (as in our own ledger)"),
                        ],
                        max_length=6,
                        verbose_name="their debt stands under",
                    ),
                ),
                ("line_count", models.PositiveIntegerField(verbose_name="lines")),
                ("taken_at", models.DateTimeField(verbose_name="taken at")),
                ("withdrawn_at", models.DateTimeField(null=True, verbose_name="withdrawn at")),
                ("withdrawn_because", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="own_lists",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="taken by",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "customer's list",
                "verbose_name_plural": "customers' lists",
                "indexes": [models.Index(fields=["customer", "as_of"], name="customer_list_as_of")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("first_day__lte", models.F("as_of"))), name="customer_list_days_in_order"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("withdrawn_at__isnull", True),
                                ("withdrawn_because", ""),
                                ("withdrawn_by__isnull", True),
                            ),
                            models.Q(
                                ("withdrawn_at__isnull", False), models.Q(("withdrawn_because", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="customer_list_withdrawn_with_reason",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("customer", "digest"),
                        name="customer_list_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Result",
            fields=[
                (
                    "customer_list",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="result",
                        serialize=False,
                        to="comparison.customerlist",
                    ),
                ),
                ("compared_at", models.DateTimeField(verbose_name="compared at")),
                ("mark", models.CharField(max_length=60)),
                ("theirs_opening", config.fields.ExactDecimalField(verbose_name="their opening balance")),
                ("theirs_closing", config.fields.ExactDecimalField(verbose_name="their closing balance")),
                ("theirs_total", config.fields.ExactDecimalField()),
                ("ours_opening", config.fields.ExactDecimalField(verbose_name="our opening balance")),
                ("carried", config.fields.ExactDecimalField(default=0)),
                ("ours_closing", config.fields.ExactDecimalField(verbose_name="our balance")),
                ("difference", config.fields.ExactDecimalField(verbose_name="difference")),
                ("unexplained", config.fields.ExactDecimalField(verbose_name="unexplained")),
                ("agreed_count", models.PositiveIntegerField(verbose_name="agreed")),
                ("open_count", models.PositiveIntegerField(verbose_name="differences")),
                ("accepted_at", models.DateTimeField(null=True, verbose_name="accepted at")),
            ],
            options={
                "verbose_name": "comparison",
                "verbose_name_plural": "comparisons",
            },
        ),
        migrations.CreateModel(
            name="ComparedItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveIntegerField()),
                ("identity", models.TextField()),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("same", "same number and amount"),
                            ("noise", "number written differently"),
                            ("tail", "last digits of the number"),
                            ("named", "number in the memo"),
                            ("number_swapped", "two digits of the number swapped"),
                            ("number_typo", "one digit of the number differs"),
                            ("number_sum", "several lines of one number"),
                            ("same_tax", "same number, tax left out"),
                            ("same_swapped", "same number, two digits of the amount swapped"),
                            ("same_other", "same number, another amount"),
                            ("alone", "same amount at about the same time"),
                            ("in_opening", "in their opening balance"),
                            ("day_sum", "sum of a day"),
                            ("month_sum", "sum of a month"),
                            ("run_sum", "sum of lines in a row"),
                            ("set_sum", "sum of a few lines"),
                            ("tax", "amount without tax"),
                            ("swapped", "two digits of the amount swapped"),
                            ("sign", "on the other side"),
                            ("hand", "paired by hand"),
                        ],
                        max_length=16,
                        verbose_name="reason",
                    ),
                ),
                (
                    "cls",
                    models.CharField(
                        choices=[
                            ("agreed", "agreed"),
                            ("in_transit", "in transit"),
                            ("invoice", "invoice not received"),
                            ("payment", "payment not recorded by us"),
                            ("not_booked", "not booked by the customer"),
                            ("amount", "amount differs"),
                            ("price", "price dispute"),
                            ("duplicate", "duplicate"),
                            ("unknown", "unknown"),
                            ("opening", "opening balances differ"),
                            ("unexplained", "not explained by their file"),
                        ],
                        max_length=12,
                        verbose_name="class",
                    ),
                ),
                (
                    "found",
                    models.CharField(
                        choices=[
                            ("agreed", "agreed"),
                            ("in_transit", "in transit"),
                            ("invoice", "invoice not received"),
                            ("payment", "payment not recorded by us"),
                            ("not_booked", "not booked by the customer"),
                            ("amount", "amount differs"),
                            ("price", "price dispute"),
                            ("duplicate", "duplicate"),
                            ("unknown", "unknown"),
                            ("opening", "opening balances differ"),
                            ("unexplained", "not explained by their file"),
                        ],
                        max_length=12,
                    ),
                ),
                ("facts", models.JSONField(default=dict)),
                ("date", models.DateField(verbose_name="date")),
                ("ours_amount", config.fields.ExactDecimalField(verbose_name="ours")),
                ("theirs_amount", config.fields.ExactDecimalField(verbose_name="theirs")),
                ("difference", config.fields.ExactDecimalField(verbose_name="difference")),
                ("words", models.TextField(blank=True)),
                (
                    "customer_list",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="comparison.customerlist",
                    ),
                ),
            ],
            options={
                "verbose_name": "compared line",
                "verbose_name_plural": "compared lines",
                "constraints": [
                    models.UniqueConstraint(fields=("customer_list", "place"), name="compared_item_place_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(unique=True)),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("class", "class chosen"),
                            ("together", "paired"),
                            ("apart", "taken apart"),
                            ("accepted", "accepted"),
                            ("reopened", "reopened"),
                        ],
                        max_length=10,
                        verbose_name="decision",
                    ),
                ),
                ("ours", models.JSONField(default=list)),
                ("theirs", models.JSONField(default=list)),
                (
                    "cls",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("agreed", "agreed"),
                            ("in_transit", "in transit"),
                            ("invoice", "invoice not received"),
                            ("payment", "payment not recorded by us"),
                            ("not_booked", "not booked by the customer"),
                            ("amount", "amount differs"),
                            ("price", "price dispute"),
                            ("duplicate", "duplicate"),
                            ("unknown", "unknown"),
                            ("opening", "opening balances differ"),
                            ("unexplained", "not explained by their file"),
                        ],
                        max_length=12,
                        verbose_name="class",
                    ),
                ),
                ("ours_balance", config.fields.ExactDecimalField(null=True)),
                ("theirs_balance", config.fields.ExactDecimalField(null=True)),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("at", models.DateTimeField(verbose_name="at")),
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
                    "customer_list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="comparison.customerlist",
                    ),
                ),
            ],
            options={
                "verbose_name": "decision on a comparison",
                "verbose_name_plural": "decisions on comparisons",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="ListLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField()),
                ("row", models.PositiveIntegerField(verbose_name="row")),
                ("date", models.DateField(verbose_name="date")),
                ("number", models.CharField(blank=True, max_length=80, verbose_name="document number")),
                ("our_number", models.CharField(blank=True, max_length=80, verbose_name="our number")),
                ("amount", config.fields.ExactDecimalField(verbose_name="amount")),
                ("balance", config.fields.ExactDecimalField(blank=True, null=True, verbose_name="balance")),
                ("memo", models.CharField(blank=True, max_length=300, verbose_name="memo")),
                (
                    "customer_list",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="comparison.customerlist",
                    ),
                ),
            ],
            options={
                "verbose_name": "line of a customer's list",
                "verbose_name_plural": "lines of a customer's list",
                "constraints": [
                    models.UniqueConstraint(fields=("customer_list", "position"), name="list_line_position_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ItemPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount", config.fields.ExactDecimalField(verbose_name="amount")),
                (
                    "entry",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.entry"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="comparison.compareditem",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="comparison.listline",
                    ),
                ),
            ],
            options={
                "verbose_name": "part of a compared line",
                "verbose_name_plural": "parts of a compared line",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("entry__isnull", True), ("line__isnull", False)),
                            models.Q(("entry__isnull", False), ("line__isnull", True)),
                            _connector="OR",
                        ),
                        name="item_part_of_one_side",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ListMapping",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("headings", models.CharField(max_length=64)),
                ("columns", models.JSONField()),
                (
                    "direction",
                    models.CharField(
                        choices=[
                            ("credit", "credit (a payables account)"),
                            ("debit", "debit (as in our own ledger)"),
                        ],
                        max_length=6,
                    ),
                ),
                ("confirmed_at", models.DateTimeField()),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customers.customer",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("customer", "headings"), name="list_mapping_once")],
            },
        ),
        migrations.CreateModel(
            name="ListUpload",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file", models.FileField(max_length=200, upload_to=reconciliation.comparison.models.upload_to)),
                ("file_name", models.CharField(max_length=200)),
                ("digest", models.CharField(max_length=64)),
                ("source", models.CharField(blank=True, max_length=40)),
                ("uploaded_at", models.DateTimeField(db_index=True)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.customer"
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.RunPython(run("guard_lists", SQL), run("unguard_lists", SQL)),
    ]
