"""What has not reached the customer yet is found without a look at all that has."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_confirmations")]

    operations = [
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                condition=models.Q(("booked_on__isnull", True), ("received_on__isnull", True)),
                fields=["entry"],
                name="invoice_not_arrived",
            ),
        ),
    ]
