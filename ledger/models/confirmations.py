"""What finance says of an entry: that it is confirmed, or that it is not any more."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ledger.models.entries import Entry


class Confirmation(models.Model):
    """Finance has seen the goods leave or the money arrive, or takes that back. Kept for ever; the latest row of an
    entry decides, and `Entry.confirmed_on` says what it decided. Rows of an entry alternate.
    """

    entry = models.ForeignKey(Entry, models.PROTECT, verbose_name=_("ledger entry"), related_name="confirmations")
    is_confirmed = models.BooleanField(_("confirmed"), default=True)
    date = models.DateField(_("date"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("by"), null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded at"), db_index=True)

    class Meta:
        verbose_name = _("confirmation")
        verbose_name_plural = _("confirmations")
        ordering = ["pk"]
        # What was confirmed or withdrawn after a day, for the books as of that day.
        indexes = [models.Index(fields=["date", "entry"], name="confirmation_date")]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.date}"
