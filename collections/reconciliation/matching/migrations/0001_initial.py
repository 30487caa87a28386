"""What ties a line of the bank to the ledger, and the triggers that keep it. docs/matching.md describes them."""

from importlib import import_module
from pathlib import Path

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import config.fields
import customers.models

run = import_module("ledger.migrations.0002_guard_books").run
SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("bank", "0001_initial"),
        ("customers", "0002_find_customers_by_pinyin"),
        ("ledger", "0008_index_later_instalments"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Match",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount", config.fields.ExactDecimalField(verbose_name="amount")),
                ("is_posted", models.BooleanField(default=False, verbose_name="posted from the line")),
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
                        related_name="bank_matches",
                        to="ledger.entry",
                        verbose_name="ledger entry",
                    ),
                ),
                (
                    "fee",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.entry",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="matches",
                        to="bank.bankline",
                        verbose_name="bank line",
                    ),
                ),
                (
                    "undoes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="undone_by",
                        to="matching.match",
                    ),
                ),
            ],
            options={
                "verbose_name": "match",
                "verbose_name_plural": "matches",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount", 0), _negated=True), name="matching_amount_not_zero"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Payer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account", models.CharField(blank=True, max_length=60, verbose_name="account number")),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="payer")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at")),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payers",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "taught_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="taught",
                        to="matching.match",
                        verbose_name="match",
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
                "verbose_name": "payer",
                "verbose_name_plural": "payers",
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("account", ""), ("name", ""), _negated=True),
                        name="matching_payer_known_by_something",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("customer", "account", "name"),
                        name="matching_payer_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Release",
            fields=[
                (
                    "line",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="release",
                        serialize=False,
                        to="bank.bankline",
                    ),
                ),
                ("recorded_at", models.DateTimeField(verbose_name="released at")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "receipt to be claimed",
                "verbose_name_plural": "receipts to be claimed",
            },
        ),
        migrations.CreateModel(
            name="Rule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "currency",
                    models.CharField(
                        max_length=3,
                        unique=True,
                        validators=[customers.models.check_currency],
                        verbose_name="currency",
                    ),
                ),
                (
                    "fee_limit",
                    config.fields.ExactDecimalField(
                        default=50,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="bank fees up to",
                    ),
                ),
                (
                    "change_limit",
                    config.fields.ExactDecimalField(
                        default=1,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="small change up to",
                    ),
                ),
                (
                    "claim_after_days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="receipts without any suggestion; empty: finance releases them",
                        null=True,
                        verbose_name="released to be claimed after days",
                    ),
                ),
            ],
            options={
                "verbose_name": "rule of matching",
                "verbose_name_plural": "rules of matching",
                "ordering": ["currency"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("change_limit__gte", 0), ("fee_limit__gte", 0)),
                        name="matching_rule_limits",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SetAside",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("interest", "interest of the bank"),
                            ("fee", "fee of the bank"),
                            ("transfer", "own transfer"),
                            ("returned", "taken back by the bank"),
                            ("other", "no receipt of a customer"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("amount", config.fields.ExactDecimalField(verbose_name="amount")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
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
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="asides",
                        to="bank.bankline",
                        verbose_name="bank line",
                    ),
                ),
                (
                    "undoes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="undone_by",
                        to="matching.setaside",
                    ),
                ),
            ],
            options={
                "verbose_name": "line set aside",
                "verbose_name_plural": "lines set aside",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount", 0), _negated=True), name="matching_aside_amount_not_zero"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Weighed",
            fields=[
                (
                    "line",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="weighed",
                        serialize=False,
                        to="bank.bankline",
                    ),
                ),
                ("score", models.PositiveSmallIntegerField(default=0, verbose_name="score")),
                ("is_exact", models.BooleanField(default=False, verbose_name="exact")),
                ("suggestions", models.JSONField(default=list)),
                ("seen", models.BigIntegerField(default=0)),
                ("at", models.DateTimeField()),
                (
                    "customer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "weighed line",
                "verbose_name_plural": "weighed lines",
                "indexes": [models.Index(fields=["score", "line"], name="matching_weighed_score")],
            },
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                ("recorded_at", models.DateTimeField(verbose_name="claimed at")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting for finance"),
                            ("approved", "approved"),
                            ("refused", "refused"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("answer", models.CharField(blank=True, max_length=200, verbose_name="answer")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided at")),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="claimed by",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "debts",
                    models.ManyToManyField(blank=True, related_name="+", to="ledger.entry", verbose_name="pays"),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="bank.bankline",
                        verbose_name="receipt",
                    ),
                ),
            ],
            options={
                "verbose_name": "claim",
                "verbose_name_plural": "claims",
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["line"], name="matching_claim_waiting"
                    ),
                    models.Index(
                        condition=models.Q(("decided_at__isnull", False), ("read_at", None)),
                        fields=["by"],
                        name="matching_claim_news",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("state", "waiting")),
                            models.Q(models.Q(("state", "waiting"), _negated=True), ("decided_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="matching_claim_decided",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("answer", ""), ("state", "refused"), _negated=True),
                        name="matching_claim_refused_with_reason",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")),
                        fields=("line", "customer"),
                        name="matching_claim_once",
                    ),
                ],
            },
        ),
        migrations.RunPython(run("guard_matches", SQL), run("unguard_matches", SQL)),
    ]
