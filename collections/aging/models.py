"""What the aging report keeps of past month ends: derived from the ledger, and made again whenever it changes."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from config.fields import ExactDecimalField
from customers.models import Customer

# So many buckets have a column of their own in a stored month end; AGING_LIMITS may make one more than it has limits.
MOST_BUCKETS = 12


class StoredMonthEnd(models.Model):
    """What a customer owed at the end of a day, by column of the aging report, and what came about in its month.

    A customer without any of it has no row. Whose the customer was then is not kept: who sees it, sees its past.
    """

    pk = models.CompositePrimaryKey("day", "customer_id")
    day = models.DateField(_("date"))
    # No foreign key in the database: rows are made from those of the ledger alone, twenty thousand at once.
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    currency = models.CharField(_("currency"), max_length=3)
    unbilled = ExactDecimalField(default=0)
    bucket_1 = ExactDecimalField(default=0)
    bucket_2 = ExactDecimalField(default=0)
    bucket_3 = ExactDecimalField(default=0)
    bucket_4 = ExactDecimalField(default=0)
    bucket_5 = ExactDecimalField(default=0)
    bucket_6 = ExactDecimalField(default=0)
    bucket_7 = ExactDecimalField(default=0)
    bucket_8 = ExactDecimalField(default=0)
    bucket_9 = ExactDecimalField(default=0)
    bucket_10 = ExactDecimalField(default=0)
    bucket_11 = ExactDecimalField(default=0)
    bucket_12 = ExactDecimalField(default=0)
    unapplied = ExactDecimalField(default=0)
    # Of the month up to the day, and of the ninety days up to it.
    sales = ExactDecimalField(default=0)
    sales_90 = ExactDecimalField(default=0)
    received = ExactDecimalField(default=0)

    class Meta:
        verbose_name = _("stored month end")
        verbose_name_plural = _("stored month ends")
        indexes = [models.Index(fields=["customer", "day"], name="month_end_customer")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.day}"


class FilledDay(models.Model):
    """A day of which every customer's month end is stored, and the limits of the buckets that they were put into."""

    day = models.DateField(_("date"), primary_key=True)
    limits = models.CharField(max_length=120)
    filled_at = models.DateTimeField()

    class Meta:
        verbose_name = _("filled day")
        verbose_name_plural = _("filled days")

    def __str__(self) -> str:
        return str(self.day)


class StaleCustomer(models.Model):
    """A customer of whom something dated `since` was recorded late: month ends from that day on are to be made again.

    `stamp` is another with every late act, so that a mark made while month ends were made again outlives them.
    """

    customer = models.OneToOneField(Customer, models.CASCADE, primary_key=True, related_name="+")
    since = models.DateField()
    stamp = models.BigIntegerField()

    class Meta:
        verbose_name = _("stale customer")
        verbose_name_plural = _("stale customers")
        indexes = [models.Index(fields=["since"], name="stale_since")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.since}"
