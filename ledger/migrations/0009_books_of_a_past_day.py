from django.db import migrations, models


class Migration(migrations.Migration):
    """What was confirmed, withdrawn or reversed after a day, for the books as of that day."""

    dependencies = [
        ("ledger", "0008_index_later_instalments"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="confirmation",
            index=models.Index(fields=["date", "entry"], name="confirmation_date"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(("reversed_on__isnull", False)), fields=["reversed_on"], name="entry_reversed_on"
            ),
        ),
    ]
