"""What the customer says of a statement, and the evidence of it. Nothing here is ever changed or deleted."""

import uuid
from datetime import date as Date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.fields import ExactDecimalField
from customers.models import Customer
from ledger.models import Entry
from reconciliation.statements.models.dispatches import Dispatch
from reconciliation.statements.models.statements import Statement


class Answer(models.Model):
    """The one answer to a statement: through its link, or on a stamped paper that one of us has scanned."""

    class Verdict(models.TextChoices):
        AGREES = "agrees", _("agrees")
        DIFFERS = "differs", _("does not agree")

    statement = models.OneToOneField(Statement, models.PROTECT, related_name="answer")
    verdict = models.CharField(_("answer"), max_length=8, choices=Verdict.choices)
    name = models.CharField(_("name"), max_length=80)
    position = models.CharField(_("position"), max_length=80, blank=True)
    note = models.CharField(_("remark"), max_length=1000, blank=True)
    promised_on = models.DateField(_("promises to pay by"), null=True, blank=True)
    promised_amount = ExactDecimalField(_("amount promised"), null=True, blank=True)
    at = models.DateTimeField(_("answered at"))
    # Copies of what was answered to: the digest of the very document, and its balance.
    sha256 = models.CharField(max_length=64)
    closing = ExactDecimalField(_("closing balance"))
    # By the link …
    dispatch = models.ForeignKey(Dispatch, models.PROTECT, null=True, related_name="answers")
    address = models.GenericIPAddressField(_("address"), null=True)
    user_agent = models.CharField(_("browser"), max_length=300, blank=True)
    # … or on paper, recorded by one of us, with the day that stands on it.
    paper_on = models.DateField(_("day on the paper"), null=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("recorded by"), null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("answer to a statement")
        verbose_name_plural = _("answers to statements")
        constraints = [
            models.CheckConstraint(condition=Q(verdict__in=("agrees", "differs")), name="answer_verdict_known"),
            models.CheckConstraint(condition=~Q(name=""), name="answer_has_a_name"),
            models.CheckConstraint(
                condition=Q(dispatch__isnull=False, recorded_by__isnull=True)
                | Q(dispatch__isnull=True, recorded_by__isnull=False),
                name="answer_by_link_or_on_paper",
            ),
            models.CheckConstraint(
                condition=Q(recorded_by__isnull=True, paper_on__isnull=True)
                | Q(recorded_by__isnull=False, paper_on__isnull=False),
                name="answer_paper_has_its_day",
            ),
            models.CheckConstraint(
                condition=(Q(promised_on__isnull=True) | Q(closing__gt=0))
                & (Q(promised_amount__isnull=True) | Q(promised_amount__lte=F("closing"))),
                name="answer_promises_what_is_owed",
            ),
            models.CheckConstraint(
                condition=Q(promised_amount__isnull=True) | Q(promised_amount__gt=0, promised_on__isnull=False),
                name="answer_promise_has_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.statement} {self.verdict}"

    @property
    def day(self) -> Date:
        """From which it counts: the day on the paper, else that of the click."""
        return self.paper_on or timezone.localdate(self.at)

    @property
    def agrees(self) -> bool:
        return self.verdict == self.Verdict.AGREES


class AnswerLine(models.Model):
    """One line that the customer does not have as we do, or misses."""

    class Kind(models.TextChoices):
        UNKNOWN = "unknown", _("unknown to the customer")
        WRONG = "wrong", _("wrong amount")
        PAID = "paid", _("already paid")
        MISSING = "missing", _("missing on the statement")

    answer = models.ForeignKey(Answer, models.PROTECT, related_name="lines")
    kind = models.CharField(_("what is wrong"), max_length=8, choices=Kind.choices)
    # Of ours; empty for what the customer misses.
    entry = models.ForeignKey(Entry, models.PROTECT, null=True, related_name="+")
    document = models.CharField(_("document"), max_length=100, blank=True)
    # The customer's figure, and the day on which it was paid or the missing document is dated.
    amount = ExactDecimalField(_("amount"), null=True)
    date = models.DateField(_("date"), null=True)
    note = models.CharField(_("remark"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("line of an answer")
        verbose_name_plural = _("lines of an answer")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="missing", entry__isnull=True) | ~Q(kind="missing") & Q(entry__isnull=False),
                name="answer_line_is_of_an_entry",
            ),
            models.UniqueConstraint(fields=["answer", "entry"], name="answer_line_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.document}"


# What of a customer's own list can be compared, line by line.
TABLES = (".xlsx", ".xls", ".csv")


def upload_to(file: "AnswerFile", _name: str) -> str:
    return f"statements/{file.at:%Y-%m}/{uuid.uuid4().hex}{file.suffix}"


class AnswerFile(models.Model):
    """A file that came with an answer: the stamped reply, or the customer's own list."""

    class Kind(models.TextChoices):
        REPLY = "reply", _("stamped reply")
        LIST = "list", _("the customer’s own list")

    answer = models.ForeignKey(Answer, models.PROTECT, related_name="files")
    kind = models.CharField(_("what it is"), max_length=5, choices=Kind.choices)
    name = models.CharField(_("file name"), max_length=200)
    content_type = models.CharField(_("file type"), max_length=100)
    suffix = models.CharField(max_length=10)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    file = models.FileField(_("file"), upload_to=upload_to, max_length=200)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("uploaded by"), null=True, related_name="+"
    )
    at = models.DateTimeField(_("uploaded at"))

    class Meta:
        verbose_name = _("file of an answer")
        verbose_name_plural = _("files of answers")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="answer_file_not_empty"),
            models.UniqueConstraint(fields=["answer", "sha256"], name="answer_file_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_table(self) -> bool:
        return self.kind == self.Kind.LIST and self.suffix in TABLES


class Evidence(models.Model):
    """What can be proved of a customer's debt, for whoever watches the limitation period: who, when, by which paper.

    `restarts_limitation` was decided by `reconciliation.statements.limitation` when it was written.
    """

    class Kind(models.TextChoices):
        AGREED = "agreed", _("balance agreed")
        DIFFERED = "differed", _("balance not agreed")
        DEMANDED = "demanded", _("demand received")
        PROMISED = "promised", _("payment promised")

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="evidence", db_index=False)
    answer = models.ForeignKey(Answer, models.PROTECT, related_name="evidence")
    kind = models.CharField(_("what it proves"), max_length=8, choices=Kind.choices)
    day = models.DateField(_("day"))
    currency = models.CharField(_("currency"), max_length=3)
    amount = ExactDecimalField(_("amount"))
    restarts_limitation = models.BooleanField(_("restarts the limitation period"))
    # Of the document that it is about.
    sha256 = models.CharField(max_length=64)
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["-day", "-pk"]
        indexes = [models.Index(fields=["customer", "day"], name="evidence_customer_day")]
        constraints = [models.UniqueConstraint(fields=["answer", "kind"], name="evidence_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.day}"
