"""What finance has rejected."""

from collections.abc import Collection

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from customers.models import User
from flags.models import Flag, FlagKind
from ledger.models import Entry
from ledger.models.entries import NUMBER_SERIES, seen_by


class RejectionQuerySet(models.QuerySet["Rejection"]):
    def visible_to(self, user: User) -> "RejectionQuerySet":
        return self.filter(seen_by(user, "entry__"))

    def flagged(self, customers: Collection[int]) -> "RejectionQuerySet":
        """Those of some customers whose flag is still open."""
        flagged = Flag.objects.open().of_kind(FlagKind.REJECTED).filter(customer__in=customers)
        return self.filter(entry__in=flagged.values("entry"))

    def recorded_again(self) -> "RejectionQuerySet":
        """Those whose number a standing document of the same series and customer bears by now."""
        again = Q()
        for kinds in NUMBER_SERIES.values():
            same = Entry.objects.standing().filter(
                kind__in=kinds, number=OuterRef("entry__number"), customer=OuterRef("entry__customer")
            )
            again |= Q(Exists(same), entry__kind__in=kinds)
        return self.filter(again).exclude(entry__number="")


class Rejection(models.Model):
    """Finance has seen neither these goods leave nor this money arrive, or not so: the document was reversed, and its
    salesperson told why. Kept for ever.
    """

    entry = models.OneToOneField(
        Entry, models.PROTECT, verbose_name=_("ledger entry"), related_name="rejection", primary_key=True
    )
    reason = models.CharField(_("reason"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("by"), related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"), db_index=True)

    objects = RejectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("rejection")
        verbose_name_plural = _("rejections")
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="rejection_has_a_reason")]

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.reason}"

    @property
    def source(self) -> str:
        """The key of the flag that tells of it."""
        return f"rejection:{self.pk}"
