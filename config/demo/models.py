"""That the books are those of the demo firm: what tells them from a firm's own, so that they can be removed again."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class DemoFirm(models.Model):
    """At most one row, written with the demo's books and removed with them."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    entered_at = models.DateTimeField(_("entered at"))
    # The key of the last posting of its made-up past; what was recorded since is by people.
    last_posting = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = _("demo firm")
        verbose_name_plural = _("demo firms")
        constraints = [models.CheckConstraint(condition=Q(id=1), name="demo_firm_is_one")]

    def __str__(self) -> str:
        return f"{self.entered_at:%Y-%m-%d}"
