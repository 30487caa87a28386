from typing import Any

from django.conf import settings
from django.db import migrations, models
from django.db.models import Q


def name_the_acts(apps: Any, schema_editor: Any) -> None:
    """What had a day was a snooze; all else was acknowledged."""
    notes = apps.get_model("flags", "FlagNote").objects.using(schema_editor.connection.alias)
    notes.filter(snoozed_until__isnull=False).update(act="snoozed")


class Migration(migrations.Migration):
    """What was done about a flag is an act with a name, about one flag or several, and can be taken back."""

    dependencies = [
        ("flags", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="flagnote",
            name="act",
            field=models.CharField(
                choices=[
                    ("acknowledged", "acknowledged"),
                    ("snoozed", "snoozed"),
                    ("followed_up", "followed up"),
                ],
                default="acknowledged",
                max_length=12,
                verbose_name="act",
            ),
        ),
        migrations.AddField(
            model_name="flagnote",
            name="act_key",
            field=models.UUIDField(db_index=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="flagnote",
            name="taken_back_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="taken back at"),
        ),
        migrations.RunPython(name_the_acts, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex(
            model_name="flagnote",
            index=models.Index(fields=["by", "at"], name="flag_note_by_day"),
        ),
        migrations.AddConstraint(
            model_name="flagnote",
            constraint=models.CheckConstraint(
                condition=Q(act__in=["acknowledged", "snoozed", "followed_up"]), name="flag_note_act_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="flagnote",
            constraint=models.CheckConstraint(
                condition=Q(act="acknowledged", snoozed_until__isnull=True)
                | ~Q(act="acknowledged") & Q(snoozed_until__isnull=False),
                name="flag_note_put_off_until_a_day",
            ),
        ),
    ]
