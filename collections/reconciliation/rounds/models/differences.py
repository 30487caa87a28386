"""What does not agree, until it is posted or explained, and what was said about it."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.fields import ExactDecimalField
from customers.models import Customer, User
from ledger.models import Entry
from reconciliation.comparison.choices import ClassChoices
from reconciliation.comparison.lines import CHOICES
from reconciliation.rounds.models.rounds import Reconciliation

# The classes of a comparison that a person may choose.
KINDS = [(one.value, ClassChoices(one.value).label) for one in CHOICES]


class Resolution(models.TextChoices):
    POSTED = "posted", _("posted")
    EXPLAINED = "explained", _("explained")


class DifferenceQuerySet(models.QuerySet["Difference"]):
    def visible_to(self, user: User) -> "DifferenceQuerySet":
        """Those of the user's customers, and those that the user owns."""
        if user.sees_all:
            return self
        return self.filter(Q(customer__in=Customer.objects.visible_to(user)) | Q(owner=user))

    def open(self) -> "DifferenceQuerySet":
        """The condition is that of the partial index `difference_open`."""
        return self.filter(resolution="")

    def neglected(self, on: date, own_within: date) -> "DifferenceQuerySet":
        """Open ones that are past their day on `on`, or have no owner though they were found before `own_within`."""
        return self.open().filter(Q(due_on__lt=on) | Q(owner__isnull=True, found_on__lt=own_within))


class Difference(models.Model):
    """Something on which the customer's book and ours do not agree, until it is posted or explained."""

    customer = models.ForeignKey(Customer, models.PROTECT, verbose_name=_("customer"), related_name="differences")
    reconciliation = models.ForeignKey(
        Reconciliation,
        models.PROTECT,
        verbose_name=_("reconciliation"),
        null=True,
        blank=True,
        related_name="differences",
    )
    # Where it comes from, so that it is found once: "answer:12:3", "comparison:7:entry:31", "hand:<uuid>".
    source = models.CharField(max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=KINDS, default=ClassChoices.UNKNOWN)
    words = models.CharField(_("what differs"), max_length=300)
    currency = models.CharField(_("currency"), max_length=3)
    # Null where only the customer could say.
    amount = ExactDecimalField(
        _("amount"), null=True, blank=True, help_text=_("by how much our balance is above the customer’s")
    )
    entry = models.ForeignKey(
        Entry, models.PROTECT, verbose_name=_("document"), null=True, blank=True, related_name="differences"
    )
    found_on = models.DateField(_("found on"))
    found_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("found by"), null=True, related_name="+")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("owner"),
        null=True,
        blank=True,
        related_name="differences",
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)
    resolution = models.CharField(_("resolution"), max_length=10, choices=Resolution.choices, blank=True)
    resolved_on = models.DateField(_("resolved on"), null=True)
    resolved_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("resolved by"), null=True, related_name="+")
    posted = models.ForeignKey(
        Entry, models.PROTECT, verbose_name=_("posted as"), null=True, related_name="resolved_differences"
    )
    explanation = models.CharField(_("explanation"), max_length=300, blank=True)

    objects = DifferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("difference")
        verbose_name_plural = _("differences")
        indexes = [
            models.Index(fields=["customer"], condition=Q(resolution=""), name="difference_open"),
            models.Index(fields=["owner", "due_on"], condition=Q(resolution=""), name="difference_of_owner"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[one.value for one in CHOICES]), name="difference_kind_known"
            ),
            models.CheckConstraint(condition=~Q(words=""), name="difference_said"),
            models.CheckConstraint(
                condition=Q(
                    resolution="",
                    resolved_on__isnull=True,
                    resolved_by__isnull=True,
                    posted__isnull=True,
                    explanation="",
                )
                | Q(
                    resolution=Resolution.POSTED,
                    resolved_on__isnull=False,
                    resolved_by__isnull=False,
                    posted__isnull=False,
                )
                | Q(
                    Q(resolution=Resolution.EXPLAINED, resolved_on__isnull=False, resolved_by__isnull=False)
                    & Q(posted__isnull=True)
                    & ~Q(explanation="")
                ),
                name="difference_resolved_by_a_posting_or_an_explanation",
            ),
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def is_open(self) -> bool:
        return not self.resolution


class Comment(models.Model):
    """What was said or done about a difference; never changed."""

    difference = models.ForeignKey(Difference, models.PROTECT, related_name="comments")
    by = models.ForeignKey(User, models.PROTECT, verbose_name=_("by"), null=True, related_name="+")
    at = models.DateTimeField(_("at"))
    text = models.CharField(_("comment"), max_length=1000)

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="comment_says_something")]

    def __str__(self) -> str:
        return self.text
