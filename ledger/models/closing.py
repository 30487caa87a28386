"""Months that finance has closed, and what was posted into them all the same."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.dates import shown_month
from ledger.models.entries import Posting


class PeriodCloseQuerySet(models.QuerySet["PeriodClose"]):
    def closed_until(self) -> date | None:
        """The last day of the last closed month; None where none is closed."""
        return self.order_by("-pk").values_list("closed_until", flat=True).first()

    def open_day(self, day: date) -> date:
        """The day itself, or the first that is open where its month is closed."""
        closed = self.closed_until()
        return day if closed is None or day > closed else closed + timedelta(days=1)


class PeriodClose(models.Model):
    """Finance closes a month, or opens the last closed one again. Kept for ever; the latest row says up to which day
    the books are closed. Months are closed and opened one by one: the first closes all that came before along.
    """

    month = models.DateField(_("month"), help_text=_("its first day"))
    is_closed = models.BooleanField(_("closed"), default=True)
    # The last day that is closed after this.
    closed_until = models.DateField(_("closed until"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("by"), related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"))

    objects = PeriodCloseQuerySet.as_manager()

    class Meta:
        verbose_name = _("closed month")
        verbose_name_plural = _("closed months")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(is_closed=True) | ~Q(note=""), name="period_opened_with_a_reason"),
        ]

    def __str__(self) -> str:
        return shown_month(self.month)


class LatePosting(models.Model):
    """An act of finance that wrote into a closed month, and why. It stands before its rows do: the triggers that keep
    closed months ask for it.
    """

    posting = models.OneToOneField(Posting, models.PROTECT, primary_key=True, related_name="late")
    reason = models.CharField(_("reason"), max_length=200)

    class Meta:
        verbose_name = _("posting into a closed month")
        verbose_name_plural = _("postings into closed months")
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="late_posting_has_a_reason")]

    def __str__(self) -> str:
        return self.reason


def last_of_month(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
