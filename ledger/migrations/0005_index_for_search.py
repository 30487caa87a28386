"""Indexes that the search reads: amounts, and both ends of numbers, bank references and parcels."""

from importlib import import_module

from django.db import migrations, models

# What a script holds, statement by statement, as the books' guards are put up.
run = import_module("ledger.migrations.0002_guard_books").run


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_invoices_not_arrived")]
    operations = [
        migrations.AddIndex(
            model_name="entry", index=models.Index(fields=["document_amount"], name="entry_document_amount")
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(closed_on__isnull=True), fields=["open_amount"], name="entry_open_amount"
            ),
        ),
        migrations.RunPython(run("search"), run("no_search")),
    ]
