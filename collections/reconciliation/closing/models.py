"""The report of a closed month, as it was when the month was closed."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ledger.models import PeriodClose


class ClosingReport(models.Model):
    """What was known of a month at the moment of its closing: kept as it was, whatever is posted or programmed later.

    `content` is JSON in one fixed form, `digest` its SHA-256. Triggers refuse to change or delete it.
    """

    close = models.OneToOneField(
        PeriodClose, models.PROTECT, verbose_name=_("closed month"), related_name="report", primary_key=True
    )
    content = models.TextField(_("content"))
    digest = models.CharField(_("digest"), max_length=64)

    class Meta:
        verbose_name = _("closing report")
        verbose_name_plural = _("closing reports")
        constraints = [
            models.CheckConstraint(condition=~Q(content=""), name="closing_report_says_something"),
        ]

    def __str__(self) -> str:
        return self.digest[:12]
