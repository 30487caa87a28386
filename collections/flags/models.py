"""What needs its salesperson's attention, and what was done about it."""

import uuid
from datetime import date

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from config.fields import ExactDecimalField
from customers.models import Customer, User
from ledger.models import Entry


class FlagKind(models.TextChoices):
    OVERDUE = "overdue", _("overdue")
    NOT_INVOICED = "not_invoiced", _("shipped, not invoiced")
    NOT_SENT = "not_sent", _("invoiced, not sent")
    NOT_RECEIVED = "not_received", _("sent, not received")
    NOT_BOOKED = "not_booked", _("received, not booked")
    REJECTED = "rejected", _("rejected by finance")
    CUSTOMER_SILENT = "customer_silent", _("statement not answered")
    DIFFERENCE_UNOWNED = "difference_unowned", _("difference without an owner")


# What a sweep finds in the open entries by `rules.RULES`; all else is raised by an act, under the key of its source.
SWEPT_KINDS = (
    FlagKind.OVERDUE,
    FlagKind.NOT_INVOICED,
    FlagKind.NOT_SENT,
    FlagKind.NOT_RECEIVED,
    FlagKind.NOT_BOOKED,
)


class Severity(models.IntegerChoices):
    LOW = 1, _("low")
    MEDIUM = 2, _("medium")
    HIGH = 3, _("high")


class State(models.TextChoices):
    """Where a flag stands on a day: reckoned, not stored."""

    DUE = "due", _("waiting")
    SNOOZED = "snoozed", _("snoozed")
    ACKNOWLEDGED = "acknowledged", _("acknowledged")
    CLEARED = "cleared", _("cleared")


class FlagQuerySet(models.QuerySet["Flag"]):
    def visible_to(self, user: User) -> "FlagQuerySet":
        return self if user.sees_all else self.filter(customer__in=Customer.objects.visible_to(user))

    def answered_for_by(self, user: User) -> "FlagQuerySet":
        """Those of the user's own customers, not of a whole team or firm."""
        return self.filter(customer__owner=user)

    def open(self) -> "FlagQuerySet":
        return self.filter(cleared_on__isnull=True)

    def of_kind(self, kind: str) -> "FlagQuerySet":
        return self.filter(kind=kind)

    def of_salesperson(self, salesperson: int | None) -> "FlagQuerySet":
        """Those of whoever answers for the customers now; None: of nobody."""
        return self.filter(customer__owner=salesperson)

    def of_customer(self, customer: int) -> "FlagQuerySet":
        return self.filter(customer=customer)

    def of_source(self, kind: str, source: str) -> "FlagQuerySet":
        """Those that an act has raised under this key."""
        return self.filter(kind=kind, source=source)

    def raised_by(self, newest: int) -> "FlagQuerySet":
        """Those that were there when a page was drawn whose newest flag was this one."""
        return self.filter(pk__lte=newest)

    def due(self, on: date) -> "FlagQuerySet":
        """Open flags that nobody has put off beyond `on` or acknowledged."""
        return self.open().filter(
            Q(snoozed_until__isnull=True) | Q(snoozed_until__lte=on), acknowledged_at__isnull=True
        )

    def in_state(self, state: State, on: date) -> "FlagQuerySet":
        """As `Flag.state` says it of each."""
        match state:
            case State.DUE:
                return self.due(on)
            case State.SNOOZED:
                return self.open().filter(snoozed_until__gt=on, acknowledged_at__isnull=True)
            case State.ACKNOWLEDGED:
                return self.open().filter(acknowledged_at__isnull=False)
            case State.CLEARED:
                return self.filter(cleared_on__isnull=False)

    def with_last_note(self) -> "FlagQuerySet":
        """With `last_note`: what was last written about each, None where nobody has dealt with it."""
        notes = FlagNote.objects.standing().filter(flag=OuterRef("pk")).order_by("-pk")
        return self.annotate(last_note=Subquery(notes.values("note")[:1]))

    def by_money_at_stake(self) -> "FlagQuerySet":
        return self.order_by("-amount_at_stake", "since", "pk")


class Flag(models.Model):
    """One cause on one entry, raised once; it belongs to whoever answers for the customer now.

    Cleared when its cause is gone; a cause that comes back raises another flag, so the rows are the history. What a
    sweep raises is about an entry. What an act raises (`services.raise_flag`) has a source, the key under which it is
    raised once and cleared, and an entry only where there is one.
    """

    kind = models.CharField(_("flag"), max_length=20, choices=FlagKind.choices)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="flags", verbose_name=_("customer"))
    entry = models.ForeignKey(
        Entry, models.PROTECT, null=True, blank=True, related_name="flags", verbose_name=_("ledger entry")
    )
    source = models.CharField(_("source"), max_length=60, blank=True, editable=False)
    # What whoever raised it has to say, and the path of the page on which it is dealt with.
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    path = models.CharField(max_length=200, blank=True, editable=False)
    severity = models.SmallIntegerField(_("severity"), choices=Severity.choices, default=Severity.LOW)
    # The day from which the delay counts: the due date, the day of the shipment, of the invoice, of its last step.
    since = models.DateField(_("since"))
    amount_at_stake = ExactDecimalField(_("money at stake"), help_text=_("what is open of the document"))
    tax_at_stake = ExactDecimalField(
        _("tax at stake"), default=0, help_text=_("of an invoice that the customer has not received")
    )
    raised_on = models.DateField(_("raised on"))
    raised_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("raised for")
    )
    cleared_on = models.DateField(_("cleared on"), null=True, blank=True)
    acknowledged_at = models.DateTimeField(_("acknowledged at"), null=True, blank=True)
    snoozed_until = models.DateField(_("snoozed until"), null=True, blank=True)
    # How severe it was when it was acknowledged or snoozed: it comes back once it is more.
    severity_put_off = models.SmallIntegerField(choices=Severity.choices, null=True, editable=False)

    objects = FlagQuerySet.as_manager()

    class Meta:
        verbose_name = _("flag")
        verbose_name_plural = _("flags")
        indexes = [
            models.Index(
                fields=["customer", "kind"],
                condition=Q(cleared_on__isnull=True),
                name="flag_open_by_customer",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "kind"], condition=Q(cleared_on__isnull=True, source=""), name="flag_raised_once"
            ),
            models.UniqueConstraint(
                fields=["source", "kind"],
                condition=Q(cleared_on__isnull=True) & ~Q(source=""),
                name="flag_raised_once_by_source",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=SWEPT_KINDS, source="", entry__isnull=False)
                | ~Q(kind__in=SWEPT_KINDS) & ~Q(source=""),
                name="flag_about_an_entry_or_raised_by_a_source",
            ),
            models.CheckConstraint(condition=Q(kind__in=FlagKind.values), name="flag_kind_known"),
            models.CheckConstraint(
                condition=Q(cleared_on__isnull=True) | Q(cleared_on__gte=models.F("raised_on")),
                name="flag_cleared_not_before_raised",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.entry_id or self.source}"

    def days(self, on: date) -> int:
        return (on - self.since).days

    def state(self, on: date) -> State:
        if self.cleared_on is not None:
            return State.CLEARED
        if self.acknowledged_at is not None:
            return State.ACKNOWLEDGED
        return State.SNOOZED if self.snoozed_until and self.snoozed_until > on else State.DUE


class FlagNoteQuerySet(models.QuerySet["FlagNote"]):
    def standing(self) -> "FlagNoteQuerySet":
        """Those that nobody has taken back."""
        return self.filter(taken_back_at__isnull=True)

    def of_act(self, act_key: uuid.UUID) -> "FlagNoteQuerySet":
        return self.filter(act_key=act_key)


class FlagNote(models.Model):
    """What a person did about a flag: acknowledged it, put it off until a day, or followed it up with a word on what
    was said and the day on which to ask again. One act may be about several flags of a customer.
    """

    class Act(models.TextChoices):
        ACKNOWLEDGED = "acknowledged", _("acknowledged")
        SNOOZED = "snoozed", _("snoozed")
        FOLLOWED_UP = "followed_up", _("followed up")

    flag = models.ForeignKey(Flag, models.CASCADE, related_name="notes")
    act = models.CharField(_("act"), max_length=12, choices=Act.choices, default=Act.ACKNOWLEDGED)
    # The notes of one act have one key, by which it is taken back; those from before there was one have none.
    act_key = models.UUIDField(null=True, editable=False, db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    snoozed_until = models.DateField(_("snoozed until"), null=True, blank=True)
    taken_back_at = models.DateTimeField(_("taken back at"), null=True, blank=True)

    objects = FlagNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note on a flag")
        verbose_name_plural = _("notes on flags")
        ordering = ["pk"]
        indexes = [models.Index(fields=["by", "at"], name="flag_note_by_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(act__in=["acknowledged", "snoozed", "followed_up"]), name="flag_note_act_known"
            ),
            models.CheckConstraint(
                condition=Q(act="acknowledged", snoozed_until__isnull=True)
                | ~Q(act="acknowledged") & Q(snoozed_until__isnull=False),
                name="flag_note_put_off_until_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.note


class Threshold(models.Model):
    """From how many days on a delay is flagged; a kind without a row takes `rules.DEFAULT_DAYS`."""

    kind = models.CharField(
        _("flag"), max_length=16, choices=[(kind.value, kind.label) for kind in SWEPT_KINDS], unique=True
    )
    days = models.PositiveSmallIntegerField(_("days"), validators=[MaxValueValidator(3650)])
    active = models.BooleanField(_("active"), default=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("threshold")
        verbose_name_plural = _("thresholds")

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.days}"


class SeverityLimit(models.Model):
    """An overdue debt reaches `severity` from so many days past due or from so large an amount."""

    severity = models.SmallIntegerField(_("severity"), choices=Severity.choices, unique=True)
    days = models.PositiveSmallIntegerField(_("days past due"))
    amount = ExactDecimalField(_("open amount"))

    class Meta:
        verbose_name = _("severity limit")
        verbose_name_plural = _("severity limits")

    def __str__(self) -> str:
        return f"{self.get_severity_display()}: {self.days} / {self.amount}"


class Digest(models.Model):
    """One mail a day to each person: claimed before it is sent, so that nobody is mailed twice."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    day = models.DateField()
    claimed_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("digest")
        verbose_name_plural = _("digests")
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="digest_once_a_day")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.day}"
