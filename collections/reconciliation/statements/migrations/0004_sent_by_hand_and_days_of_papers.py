"""A link that was made is not sent yet; who says that it went. The day on a paper; no promise beyond the balance.

SQLite makes a table anew for a constraint, without its triggers: they are taken away before and made again after.
"""

from functools import partial
from importlib import import_module
from pathlib import Path

import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone

run = partial(import_module("ledger.migrations.0002_guard_books").run, folder=Path(__file__).parent / "sql")


def date_papers(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Papers that were recorded before count from the day on which they were."""
    answers = apps.get_model("statements", "Answer").objects.filter(recorded_by__isnull=False)
    for answer in answers.iterator():
        answer.paper_on = timezone.localdate(answer.at)
        answer.save(update_fields=["paper_on"])


class Migration(migrations.Migration):
    dependencies = [
        ("statements", "0003_drafts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(run("unguard_statements"), run("guard_statements")),
        migrations.RemoveConstraint(
            model_name="dispatch",
            name="dispatch_mail_has_address",
        ),
        migrations.AddField(
            model_name="answer",
            name="paper_on",
            field=models.DateField(null=True, verbose_name="day on the paper"),
        ),
        migrations.RunPython(date_papers, migrations.RunPython.noop),
        migrations.AddField(
            model_name="dispatch",
            name="told_at",
            field=models.DateTimeField(null=True, verbose_name="said at"),
        ),
        migrations.AddField(
            model_name="dispatch",
            name="told_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="said by",
            ),
        ),
        migrations.AddField(
            model_name="dispatch",
            name="way",
            field=models.CharField(
                blank=True,
                choices=[
                    ("messenger", "messenger (WeChat, QQ …)"),
                    ("mail", "own e-mail"),
                    ("post", "post or courier"),
                    ("person", "in person"),
                    ("other", "another way"),
                ],
                max_length=10,
                verbose_name="way",
            ),
        ),
        migrations.AlterField(
            model_name="dispatch",
            name="channel",
            field=models.CharField(
                choices=[
                    ("mail", "e-mail"),
                    ("link", "link, passed on by hand"),
                    ("hand", "document, passed on by hand"),
                ],
                max_length=4,
                verbose_name="by",
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("paper_on__isnull", True), ("recorded_by__isnull", True)),
                    models.Q(("paper_on__isnull", False), ("recorded_by__isnull", False)),
                    _connector="OR",
                ),
                name="answer_paper_has_its_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("promised_on__isnull", True), ("closing__gt", 0), _connector="OR"),
                    models.Q(
                        ("promised_amount__isnull", True),
                        ("promised_amount__lte", models.F("closing")),
                        _connector="OR",
                    ),
                ),
                name="answer_promises_what_is_owed",
            ),
        ),
        migrations.AddConstraint(
            model_name="dispatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("channel", "mail"), models.Q(("to", ""), _negated=True)),
                    models.Q(("channel__in", ("link", "hand")), ("to", "")),
                    _connector="OR",
                ),
                name="dispatch_mail_has_address",
            ),
        ),
        migrations.AddConstraint(
            model_name="dispatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("told_at__isnull", True),
                        ("told_by__isnull", True),
                        ("way", ""),
                        models.Q(("channel", "hand"), _negated=True),
                    ),
                    models.Q(
                        models.Q(("way", ""), _negated=True),
                        models.Q(("channel", "mail"), _negated=True),
                        ("told_at__isnull", False),
                        ("told_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="dispatch_told_by_somebody",
            ),
        ),
        migrations.RunPython(run("guard_statements"), run("unguard_statements")),
        migrations.RunPython(run("guard_passing_on"), run("unguard_passing_on")),
    ]
