"""Statements of account as they were made: the very document, and what it says."""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from config.fields import ExactDecimalField
from customers.models import Customer, User
from reconciliation.statements.account import Account, Layout
from reconciliation.statements.models.dispatches import Dispatch

if TYPE_CHECKING:
    from reconciliation.statements.models.answers import Answer

LAYOUTS = [
    (Layout.CHINESE.value, _("shipped, invoiced, received")),
    (Layout.BALANCE.value, _("balance brought forward")),
    (Layout.OPEN.value, _("open items")),
]


class State(models.TextChoices):
    """How far a statement has come; said of one row, never stored."""

    MADE = "made", _("made")
    LINKED = "linked", _("link made")
    FAILED = "failed", _("not delivered")
    SENT = "sent", _("sent out")
    OPENED = "opened", _("opened")
    AGREED = "agreed", _("agreed")
    DIFFERS = "differs", _("differs")
    EXPIRED = "expired", _("expired")
    WITHDRAWN = "withdrawn", _("withdrawn")


# In whose place an answer is still waited for.
UNANSWERED = (State.SENT, State.OPENED, State.EXPIRED)
TONES = {
    State.AGREED: "good",
    State.DIFFERS: "bad",
    State.FAILED: "bad",
    State.OPENED: "info",
    State.SENT: "info",
    State.LINKED: "warn",
    State.EXPIRED: "warn",
}


class StatementQuerySet(models.QuerySet["Statement"]):
    def visible_to(self, user: User) -> "StatementQuerySet":
        return self if user.sees_all else self.filter(customer__in=Customer.objects.visible_to(user))

    def standing(self) -> "StatementQuerySet":
        return self.filter(withdrawn_at__isnull=True)

    def with_state(self, now: datetime) -> "StatementQuerySet":
        """Each with `state` at that moment, by what was answered, opened and sent."""
        sent = Dispatch.objects.filter(statement=OuterRef("pk"))
        away = sent.arrived()
        return self.annotate(
            state=Case(
                When(answer__verdict="agrees", then=Value(State.AGREED)),
                When(answer__verdict="differs", then=Value(State.DIFFERS)),
                When(withdrawn_at__isnull=False, then=Value(State.WITHDRAWN)),
                When(Exists(away.valid(now).filter(opened_at__isnull=False)), then=Value(State.OPENED)),
                # A paper does not expire.
                When(Exists(away.valid(now)) | Exists(away.filter(channel="hand")), then=Value(State.SENT)),
                When(Exists(away), then=Value(State.EXPIRED)),
                When(Exists(sent.to_pass_on(now)), then=Value(State.LINKED)),
                When(Exists(sent.filter(channel="mail")), then=Value(State.FAILED)),
                default=Value(State.MADE),
                output_field=models.CharField(),
            )
        )

    def newest_first(self) -> "StatementQuerySet":
        return self.order_by("-made_at", "-pk")


def upload_to(statement: "Statement", _name: str) -> str:
    """A path that cannot be guessed and says nothing of the customer."""
    return f"statements/{statement.made_at:%Y-%m}/{uuid.uuid4().hex}.pdf"


class Statement(models.Model):
    """What we say a customer owes on a day. Never changed: a wrong one is withdrawn, in sight of all.

    `opening` plus all lines is `closing`; positive is what the customer owes us.
    """

    customer = models.ForeignKey(
        Customer, models.PROTECT, verbose_name=_("customer"), related_name="statements", db_index=False
    )
    reference = models.CharField(_("reference"), max_length=70, unique=True)
    first_date = models.DateField(_("from"))
    last_date = models.DateField(_("until"))
    layout = models.CharField(_("layout"), max_length=10, choices=LAYOUTS)
    language = models.CharField(_("language"), max_length=10, choices=[("zh-hans", "简体中文"), ("en", "English")])
    currency = models.CharField(_("currency"), max_length=3)
    opening = ExactDecimalField(_("opening balance"))
    closing = ExactDecimalField(_("closing balance"))
    overdue = ExactDecimalField(_("overdue"))
    unbilled = ExactDecimalField(_("unbilled"))
    unapplied = ExactDecimalField(_("unapplied"))
    # The day by which the statement demands what is overdue; empty where it demands nothing.
    demand_by = models.DateField(_("demands payment by"), null=True, blank=True)
    # An `Account` as plain values: what the page, the workbook and the paper are drawn from.
    content = models.JSONField()
    pdf = models.FileField(_("document"), upload_to=upload_to, max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("made by"), null=True, related_name="+"
    )
    made_at = models.DateTimeField(_("made at"))
    # Of the job that made it, so that none makes it twice.
    job = models.UUIDField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("withdrawn by"), null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)
    withdrawn_because = models.CharField(_("reason"), max_length=200, blank=True)

    objects = StatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("statement of account")
        verbose_name_plural = _("statements of account")
        indexes = [
            models.Index(fields=["customer", "last_date"], name="statement_customer_last"),
            models.Index(fields=["made_at"], name="statement_made_at"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "job"], condition=Q(job__isnull=False), name="statement_once_in_a_job"
            ),
            models.CheckConstraint(condition=Q(first_date__lte=F("last_date")), name="statement_period_runs_forward"),
            models.CheckConstraint(
                condition=Q(demand_by__isnull=True) | Q(demand_by__gt=F("last_date"), overdue__gt=0),
                name="statement_demands_what_is_overdue",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_because="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_because=""),
                name="statement_withdrawn_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @cached_property
    def account(self) -> Account:
        return Account.from_data(self.content)

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def state_label(self) -> str:
        """Of one that `with_state` was asked of."""
        return str(State(self.state).label)  # type: ignore[attr-defined]

    @property
    def tone(self) -> str:
        return TONES.get(State(self.state), "")  # type: ignore[attr-defined]

    @property
    def given_answer(self) -> "Answer | None":
        """None where the customer has not answered."""
        return getattr(self, "answer", None)

    @property
    def file_name(self) -> str:
        return f"{self.reference}.pdf"
