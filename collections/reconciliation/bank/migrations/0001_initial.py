"""The firm's bank accounts, the statements that were taken and their lines, and the triggers that keep them."""

import datetime
from importlib import import_module
from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import config.fields
import customers.models
import reconciliation.bank.models

run = import_module("ledger.migrations.0002_guard_books").run
SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("ledger", "0002_guard_books"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BankAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "name",
                    models.CharField(
                        help_text="what the firm calls it", max_length=80, unique=True, verbose_name="name"
                    ),
                ),
                ("bank", models.CharField(max_length=120, verbose_name="bank")),
                ("number", models.CharField(max_length=40, verbose_name="account number")),
                ("holder", models.CharField(blank=True, max_length=120, verbose_name="account holder")),
                (
                    "currency",
                    models.CharField(
                        default="CNY",
                        max_length=3,
                        validators=[customers.models.check_currency],
                        verbose_name="currency",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "is_printed",
                    models.BooleanField(
                        default=False,
                        help_text="customers are asked to pay into it",
                        verbose_name="on statements of account",
                    ),
                ),
            ],
            options={
                "verbose_name": "bank account",
                "verbose_name_plural": "bank accounts",
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="bank_account_name_given"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number", ""), _negated=True), name="bank_account_number_given"
                    ),
                    models.UniqueConstraint(fields=("number", "currency"), name="bank_account_once_in_currency"),
                ],
            },
        ),
        migrations.CreateModel(
            name="BankStatement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "file",
                    models.FileField(
                        blank=True,
                        max_length=200,
                        upload_to=reconciliation.bank.models.upload_to,
                        verbose_name="file",
                    ),
                ),
                ("file_name", models.CharField(max_length=200, verbose_name="file name")),
                ("digest", models.CharField(max_length=64)),
                ("format", models.CharField(max_length=12, verbose_name="format")),
                ("first_date", models.DateField(verbose_name="first day")),
                ("last_date", models.DateField(verbose_name="last day")),
                ("opening", config.fields.ExactDecimalField(blank=True, null=True, verbose_name="opening balance")),
                ("closing", config.fields.ExactDecimalField(blank=True, null=True, verbose_name="closing balance")),
                ("line_count", models.PositiveIntegerField(verbose_name="lines")),
                ("new_count", models.PositiveIntegerField(verbose_name="new lines")),
                ("imported_at", models.DateTimeField(verbose_name="imported at")),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to="bank.bankaccount",
                        verbose_name="bank account",
                    ),
                ),
                (
                    "imported_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="imported by",
                    ),
                ),
            ],
            options={
                "verbose_name": "bank statement",
                "verbose_name_plural": "bank statements",
                "indexes": [models.Index(fields=["account", "first_date"], name="bank_statement_first_date")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("first_date__lte", models.F("last_date"))),
                        name="bank_statement_days_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("new_count__lte", models.F("line_count"))),
                        name="bank_statement_new_among_lines",
                    ),
                    models.UniqueConstraint(fields=("account", "digest"), name="bank_statement_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="BankLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("date", models.DateField(verbose_name="date")),
                ("amount", config.fields.ExactDecimalField(verbose_name="amount")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("payer_name", models.CharField(blank=True, max_length=200, verbose_name="counterparty")),
                ("payer_account", models.CharField(blank=True, max_length=60, verbose_name="counterparty's account")),
                ("payer_bank", models.CharField(blank=True, max_length=200, verbose_name="counterparty's bank")),
                ("memo", models.CharField(blank=True, max_length=500, verbose_name="memo")),
                ("reference", models.CharField(blank=True, max_length=120, verbose_name="bank's reference")),
                ("balance", config.fields.ExactDecimalField(blank=True, null=True, verbose_name="balance")),
                ("is_reversal", models.BooleanField(default=False, verbose_name="taken back by the bank")),
                ("fingerprint", models.CharField(max_length=64)),
                ("open_amount", config.fields.ExactDecimalField(verbose_name="not matched")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="bank.bankaccount",
                        verbose_name="bank account",
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="bank.bankstatement",
                        verbose_name="bank statement",
                    ),
                ),
            ],
            options={
                "verbose_name": "bank line",
                "verbose_name_plural": "bank lines",
                "indexes": [
                    models.Index(fields=["account", "date"], name="bank_line_account_date"),
                    models.Index(fields=["date"], name="bank_line_date"),
                    models.Index(fields=["amount"], name="bank_line_amount"),
                    models.Index(
                        condition=models.Q(("open_amount__gt", 0)),
                        fields=["date"],
                        name="bank_line_unmatched_receipt",
                    ),
                    models.Index(
                        condition=models.Q(("open_amount__lt", 0)),
                        fields=["date"],
                        name="bank_line_unmatched_outgoing",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount", 0), _negated=True), name="bank_line_amount_not_zero"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("date__gte", datetime.date(1990, 1, 1))),
                        name="bank_line_date_not_before_1990",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("amount__gt", 0), ("open_amount__gte", 0), ("open_amount__lte", models.F("amount"))
                            ),
                            models.Q(
                                ("amount__lt", 0), ("open_amount__gte", models.F("amount")), ("open_amount__lte", 0)
                            ),
                            _connector="OR",
                        ),
                        name="bank_line_open_amount_within_amount",
                    ),
                    models.UniqueConstraint(fields=("account", "fingerprint"), name="bank_line_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ColumnMapping",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("bank", models.CharField(max_length=120, verbose_name="bank")),
                ("headings", models.CharField(max_length=64)),
                ("columns", models.JSONField()),
                ("confirmed_at", models.DateTimeField(verbose_name="confirmed at")),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="confirmed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "mapping of columns",
                "verbose_name_plural": "mappings of columns",
                "constraints": [models.UniqueConstraint(fields=("bank", "headings"), name="bank_mapping_once")],
            },
        ),
        migrations.RunPython(run("guard_lines", SQL), run("unguard_lines", SQL)),
    ]
