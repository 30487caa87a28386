"""An index of the few later instalments: what waits to be sent, and the desk, look for them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0007_index_for_the_steps_of_a_day")]
    operations = [
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(instalment_of__isnull=False),
                fields=["instalment_of", "id"],
                name="entry_later_instalment",
            ),
        ),
    ]
