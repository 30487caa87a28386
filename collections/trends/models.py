"""What the nights keep for the expected cash: customers' habits of paying, and what was expected on past Mondays."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from config.fields import ExactDecimalField
from customers.models import Customer


class Habit(models.Model):
    """How late a customer pays: what it settled by payments in a year, and when, against the due dates.

    Derived from allocations alone. `days` is `cent_days` by `paid`, half a day counting as a whole one.
    """

    customer = models.OneToOneField(Customer, models.CASCADE, primary_key=True, related_name="+", db_constraint=False)
    currency = models.CharField(_("currency"), max_length=3)
    payments = models.IntegerField(_("payments"))
    paid = ExactDecimalField(_("paid"))
    # Each settled cent times the days from its due date to its settling.
    cent_days = models.BigIntegerField()
    days = models.IntegerField(_("days"))
    until = models.DateField()

    class Meta:
        verbose_name = _("habit of payment")
        verbose_name_plural = _("habits of payment")

    def __str__(self) -> str:
        return f"{self.customer_id} {self.days}"


class Expectation(models.Model):
    """What was expected of a customer on a Monday: within that week, four weeks and twelve, from that day on."""

    pk = models.CompositePrimaryKey("made_on", "customer_id")
    made_on = models.DateField()
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    currency = models.CharField(_("currency"), max_length=3)
    weeks_1 = ExactDecimalField(default=0)
    weeks_4 = ExactDecimalField(default=0)
    weeks_12 = ExactDecimalField(default=0)

    class Meta:
        verbose_name = _("expectation")
        verbose_name_plural = _("expectations")
        indexes = [models.Index(fields=["customer"], name="expectation_customer")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.made_on}"


class Monday(models.Model):
    """A Monday whose expectations of every customer are stored, also where there are none."""

    day = models.DateField(primary_key=True)
    kept_at = models.DateTimeField()

    class Meta:
        verbose_name = _("kept Monday")
        verbose_name_plural = _("kept Mondays")

    def __str__(self) -> str:
        return str(self.day)
