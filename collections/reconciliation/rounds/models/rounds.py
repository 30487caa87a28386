"""Rounds of reconciliation: who is asked for which day, how often, by which rules, and what came of it."""

from datetime import date
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.dates import shown_day
from config.fields import ExactDecimalField
from customers.models import Customer, User
from reconciliation.rounds.rhythm import Every
from reconciliation.statements.models import Statement

EVERY = {
    Every.MONTH: _("every month"),
    Every.QUARTER: _("every quarter"),
    Every.YEAR: _("every year"),
    Every.NEVER: _("never"),
}


def days(name: Any, usual: int, most: int = 365) -> "models.PositiveSmallIntegerField[int, int]":
    limits = [MinValueValidator(1), MaxValueValidator(most)]
    return models.PositiveSmallIntegerField(name, default=usual, validators=limits)


class Rhythm(models.Model):
    """What finance decided for a customer; where there is no row, the usual rhythm holds (`rhythm.usual`)."""

    customer = models.OneToOneField(Customer, models.CASCADE, verbose_name=_("customer"), related_name="rhythm")
    every = models.CharField(
        _("rhythm"), max_length=8, choices=[(every.value, label) for every, label in EVERY.items()]
    )
    decided_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("by"), related_name="+")
    decided_at = models.DateTimeField(_("decided at"))

    class Meta:
        verbose_name = _("rhythm")
        verbose_name_plural = _("rhythms")
        constraints = [
            models.CheckConstraint(condition=Q(every__in=[every.value for every in Every]), name="rhythm_known")
        ]

    def __str__(self) -> str:
        return self.get_every_display()


class Policy(models.Model):
    """How the firm runs its rounds: one row. Until finance switches them on, nothing is opened or sent."""

    is_running = models.BooleanField(_("rounds are opened each month"), default=False)
    sends = models.BooleanField(_("statements are sent by themselves"), default=False)
    opens_on = days(_("day of the month on which a round is opened"), 3, most=28)
    remind_after = days(_("days until a silent customer is reminded"), 7)
    answer_within = days(_("days until an answer is due"), 14)
    own_within = days(_("days until a difference must have an owner"), 2)
    resolve_within = days(_("days until a difference should be resolved"), 14)
    changed_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("by"), null=True, related_name="+")
    changed_at = models.DateTimeField(_("changed at"), null=True)

    class Meta:
        verbose_name = _("rules of the rounds")
        verbose_name_plural = _("rules of the rounds")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="policy_is_one_row"),
            models.CheckConstraint(condition=Q(opens_on__range=(1, 28)), name="policy_opens_within_every_month"),
            models.CheckConstraint(
                condition=Q(answer_within__gte=1, remind_after__gte=1, own_within__gte=1, resolve_within__gte=1),
                name="policy_days_above_zero",
            ),
        ]

    def __str__(self) -> str:
        return str(_("rules of the rounds"))


class Round(models.Model):
    """All reconciliations as of one month end."""

    last_day = models.DateField(_("as of"), unique=True)
    opened_at = models.DateTimeField(_("opened at"))
    # Nobody where the nightly job opened it.
    opened_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("by"), null=True, related_name="+")
    closed_at = models.DateTimeField(_("closed at"), null=True)

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        ordering = ["-last_day"]

    def __str__(self) -> str:
        return shown_day(self.last_day)


class State(models.TextChoices):
    """Where a reconciliation stands; the last three end it."""

    TO_SEND = "to_send", _("to be sent")
    ASKED = "asked", _("waiting for the answer")
    DIFFERS = "differs", _("differs")
    AGREED = "agreed", _("agreed")
    EXPLAINED = "explained", _("every difference explained")
    DROPPED = "dropped", _("ended by finance")


ENDED = (State.AGREED, State.EXPLAINED, State.DROPPED)


class ReconciliationQuerySet(models.QuerySet["Reconciliation"]):
    def visible_to(self, user: User) -> "ReconciliationQuerySet":
        return self if user.sees_all else self.filter(customer__in=Customer.objects.visible_to(user))

    def under_way(self) -> "ReconciliationQuerySet":
        """The condition is that of the partial index `reconciliation_under_way`."""
        return self.filter(closed_on__isnull=True)

    def silent(self, on: date) -> "ReconciliationQuerySet":
        """Those whose answer was due before `on`."""
        return self.under_way().filter(state=State.ASKED, answer_by__lt=on)


class Reconciliation(models.Model):
    """One customer in a round: asked, answered, and ended when both books agree or every difference has a name."""

    round = models.ForeignKey(Round, models.PROTECT, verbose_name=_("round"), related_name="reconciliations")
    customer = models.ForeignKey(Customer, models.PROTECT, verbose_name=_("customer"), related_name="reconciliations")
    statement = models.OneToOneField(
        Statement, models.PROTECT, verbose_name=_("statement"), null=True, related_name="reconciliation"
    )
    currency = models.CharField(_("currency"), max_length=3)
    balance = ExactDecimalField(_("balance"), help_text=_("what we say that the customer owed on the day"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.TO_SEND)
    asked_on = models.DateField(_("asked on"), null=True)
    answer_by = models.DateField(_("answer due"), null=True)
    reminded_on = models.DateField(_("reminded on"), null=True)
    closed_on = models.DateField(_("ended on"), null=True)
    closed_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("ended by"), null=True, related_name="+")
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = ReconciliationQuerySet.as_manager()

    class Meta:
        verbose_name = _("reconciliation")
        verbose_name_plural = _("reconciliations")
        indexes = [
            models.Index(
                fields=["state", "answer_by"], condition=Q(closed_on__isnull=True), name="reconciliation_under_way"
            ),
            models.Index(fields=["customer", "closed_on"], name="reconciliation_customer"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["round", "customer"], name="reconciliation_once_in_a_round"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="reconciliation_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=ENDED, closed_on__isnull=False)
                | ~Q(state__in=ENDED) & Q(closed_on__isnull=True),
                name="reconciliation_ended_with_its_day",
            ),
            models.CheckConstraint(
                condition=Q(state=State.TO_SEND)
                | Q(state=State.DROPPED)
                | Q(asked_on__isnull=False, answer_by__isnull=False, statement__isnull=False),
                name="reconciliation_asked_with_a_statement",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.DROPPED) | ~Q(note="") & Q(closed_by__isnull=False),
                name="reconciliation_dropped_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer} {self.round}"
