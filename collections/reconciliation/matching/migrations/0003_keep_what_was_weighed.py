"""What was open of a line when it was weighed."""

from django.db import migrations

import config.fields


class Migration(migrations.Migration):
    dependencies = [
        ("matching", "0002_know_acts_by_their_keys"),
    ]

    operations = [
        migrations.AddField(
            model_name="weighed",
            name="open_amount",
            field=config.fields.ExactDecimalField(default=0),
        ),
    ]
