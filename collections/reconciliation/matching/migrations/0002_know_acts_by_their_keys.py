"""The key of the act that made a match, by which the same act sent twice is known."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("matching", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="match",
            name="key",
            field=models.UUIDField(editable=False, null=True),
        ),
    ]
