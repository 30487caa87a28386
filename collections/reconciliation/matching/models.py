"""What ties a line of the bank to the ledger: matches, lines set aside, payers that were learned, claims."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.fields import ExactDecimalField
from customers.models import Customer, User, check_currency
from ledger.models import Entry
from reconciliation.bank.models import BankLine


class Match(models.Model):
    """So much of a line is that payment or refund. `amount` has the sign of the line: positive for money in.

    Kept for ever; undone by one of the opposite amount. Of a line no more is matched than it has, nor of an entry.
    """

    line = models.ForeignKey(BankLine, models.PROTECT, verbose_name=_("bank line"), related_name="matches")
    entry = models.ForeignKey(Entry, models.PROTECT, verbose_name=_("ledger entry"), related_name="bank_matches")
    amount = ExactDecimalField(_("amount"))
    # The entry was posted from the line; else somebody had recorded it before.
    is_posted = models.BooleanField(_("posted from the line"), default=False)
    # The discount that took what was short of it: a fee of the bank, or change.
    fee = models.ForeignKey(Entry, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    undoes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="undone_by")
    note = models.CharField(_("note"), max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("by"), null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded at"), db_index=True)
    # Of the act that made it: the same act sent twice is known by it.
    key = models.UUIDField(null=True, editable=False)
    # Of the click that accepted many lines at once.
    act = models.UUIDField(null=True, editable=False)

    class Meta:
        verbose_name = _("match")
        verbose_name_plural = _("matches")
        ordering = ["pk"]
        indexes = [models.Index(fields=["act"], condition=Q(act__isnull=False), name="matching_act")]
        constraints = [models.CheckConstraint(condition=~Q(amount=0), name="matching_amount_not_zero")]

    def __str__(self) -> str:
        return f"{self.line_id} = {self.entry_id} {self.amount}"


class AsideKind(models.TextChoices):
    INTEREST = "interest", _("interest of the bank")
    FEE = "fee", _("fee of the bank")
    TRANSFER = "transfer", _("own transfer")
    RETURNED = "returned", _("taken back by the bank")
    OTHER = "other", _("no receipt of a customer")


class SetAside(models.Model):
    """What is left of a line is no customer's. `amount` has the sign of the line; undone by one of the opposite."""

    line = models.ForeignKey(BankLine, models.PROTECT, verbose_name=_("bank line"), related_name="asides")
    kind = models.CharField(_("kind"), max_length=10, choices=AsideKind.choices)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    amount = ExactDecimalField(_("amount"))
    undoes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="undone_by")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("by"), null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("line set aside")
        verbose_name_plural = _("lines set aside")
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(amount=0), name="matching_aside_amount_not_zero")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}"


class PayerQuerySet(models.QuerySet["Payer"]):
    def standing(self) -> "PayerQuerySet":
        return self.filter(withdrawn_at__isnull=True)

    def visible_to(self, user: User) -> "PayerQuerySet":
        """Accounts of payers are for finance alone."""
        return self.all() if user.keeps_books else self.none()


class Payer(models.Model):
    """Who pays for a customer, and from which account, as a match has taught it."""

    customer = models.ForeignKey(Customer, models.PROTECT, verbose_name=_("customer"), related_name="payers")
    account = models.CharField(_("account number"), max_length=60, blank=True)
    name = models.CharField(_("payer"), max_length=200, blank=True)
    taught_by = models.ForeignKey(Match, models.PROTECT, verbose_name=_("match"), related_name="taught")
    recorded_at = models.DateTimeField(_("recorded at"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = PayerQuerySet.as_manager()

    class Meta:
        verbose_name = _("payer")
        verbose_name_plural = _("payers")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(account="", name=""), name="matching_payer_known_by_something"),
            models.UniqueConstraint(
                fields=["customer", "account", "name"],
                condition=Q(withdrawn_at__isnull=True),
                name="matching_payer_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.account}".strip()


class Release(models.Model):
    """A line that all salespeople may claim; by nobody where the rule released it."""

    line = models.OneToOneField(BankLine, models.PROTECT, primary_key=True, related_name="release")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(_("released at"))

    class Meta:
        verbose_name = _("receipt to be claimed")
        verbose_name_plural = _("receipts to be claimed")

    def __str__(self) -> str:
        return str(self.line_id)


class ClaimQuerySet(models.QuerySet["Claim"]):
    def waiting(self) -> "ClaimQuerySet":
        return self.filter(state=Claim.State.WAITING)

    def visible_to(self, user: User) -> "ClaimQuerySet":
        """One's own, and those for customers whom one sees."""
        if user.sees_all:
            return self.all()
        return self.filter(Q(by=user) | Q(customer__in=Customer.objects.visible_to(user)))


class Claim(models.Model):
    """A salesperson says whose a receipt is; finance decides."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for finance")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    TONES: ClassVar = {State.WAITING: "info", State.APPROVED: "good", State.REFUSED: "bad", State.WITHDRAWN: ""}

    line = models.ForeignKey(BankLine, models.PROTECT, verbose_name=_("receipt"), related_name="claims")
    customer = models.ForeignKey(Customer, models.PROTECT, verbose_name=_("customer"), related_name="claims")
    debts = models.ManyToManyField(Entry, verbose_name=_("pays"), blank=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("claimed by"), related_name="+")
    recorded_at = models.DateTimeField(_("claimed at"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    answer = models.CharField(_("answer"), max_length=200, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("decided by"), null=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    # Whoever claimed it has read what was decided.
    read_at = models.DateTimeField(null=True, blank=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["line"], condition=Q(state="waiting"), name="matching_claim_waiting"),
            models.Index(
                fields=["by"], condition=Q(decided_at__isnull=False, read_at=None), name="matching_claim_news"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at__isnull=True)
                | ~Q(state="waiting") & Q(decided_at__isnull=False),
                name="matching_claim_decided",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused", answer=""), name="matching_claim_refused_with_reason"
            ),
            models.UniqueConstraint(
                fields=["line", "customer"], condition=Q(state="waiting"), name="matching_claim_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer} {self.get_state_display()}"

    @property
    def tone(self) -> str:
        return self.TONES[Claim.State(self.state)]


class Weighed(models.Model):
    """What the latest look at a line came to: its suggestions, and the best in columns. Each run writes it anew."""

    line = models.OneToOneField(BankLine, models.CASCADE, primary_key=True, related_name="weighed")
    customer = models.ForeignKey(Customer, models.CASCADE, null=True, related_name="+", verbose_name=_("customer"))
    score = models.PositiveSmallIntegerField(_("score"), default=0)
    is_exact = models.BooleanField(_("exact"), default=False)
    # As `reconciliation.matching.keeping` writes and reads them.
    suggestions = models.JSONField(default=list)
    # What was open of the line then, and the latest posting that was known.
    open_amount = ExactDecimalField(default=0)
    seen = models.BigIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("weighed line")
        verbose_name_plural = _("weighed lines")
        indexes = [models.Index(fields=["score", "line"], name="matching_weighed_score")]

    def __str__(self) -> str:
        return f"{self.line_id} {self.score}"


class Rule(models.Model):
    """What finance lets pass in a currency: fees that a bank kept, small change; when a receipt may be claimed."""

    currency = models.CharField(_("currency"), max_length=3, unique=True, validators=[check_currency])
    fee_limit = ExactDecimalField(_("bank fees up to"), default=50, validators=[MinValueValidator(0)])
    change_limit = ExactDecimalField(_("small change up to"), default=1, validators=[MinValueValidator(0)])
    claim_after_days = models.PositiveSmallIntegerField(
        _("released to be claimed after days"),
        null=True,
        blank=True,
        help_text=_("receipts without any suggestion; empty: finance releases them"),
    )

    class Meta:
        verbose_name = _("rule of matching")
        verbose_name_plural = _("rules of matching")
        ordering = ["currency"]
        constraints = [
            models.CheckConstraint(
                condition=Q(fee_limit__gte=0, change_limit__gte=0),
                name="matching_rule_limits",
            )
        ]

    def __str__(self) -> str:
        return self.currency
