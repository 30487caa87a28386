"""What the bank says: the firm's accounts, the files that were taken, and their lines."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.dates import shown_day
from config.fields import ExactDecimalField
from customers.models import HOME_CURRENCY, User, check_currency
from ledger.models.entries import EARLIEST_DATE
from ledger.money import formatted

FOLDER = "bank"


def upload_to(_statement: "BankStatement", _name: str) -> str:
    """A path that cannot be guessed; a folder a month."""
    return f"{FOLDER}/{timezone.localdate():%Y-%m}/{uuid.uuid4().hex}"


class BankAccount(models.Model):
    """One of the firm's own accounts, in one currency: an account of several is one row for each."""

    name = models.CharField(_("name"), max_length=80, unique=True, help_text=_("what the firm calls it"))
    bank = models.CharField(_("bank"), max_length=120)
    number = models.CharField(_("account number"), max_length=40)
    holder = models.CharField(_("account holder"), max_length=120, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default=HOME_CURRENCY, validators=[check_currency])
    is_active = models.BooleanField(_("active"), default=True)
    is_printed = models.BooleanField(
        _("on statements of account"), default=False, help_text=_("customers are asked to pay into it")
    )

    class Meta:
        verbose_name = _("bank account")
        verbose_name_plural = _("bank accounts")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="bank_account_name_given"),
            models.CheckConstraint(condition=~Q(number=""), name="bank_account_number_given"),
            models.UniqueConstraint(fields=["number", "currency"], name="bank_account_once_in_currency"),
        ]

    def __str__(self) -> str:
        return self.name


class BankStatementQuerySet(models.QuerySet["BankStatement"]):
    def visible_to(self, user: User) -> "BankStatementQuerySet":
        """For those who see all: a statement holds the whole firm's money."""
        return self.all() if user.sees_all else self.none()

    def newest_first(self) -> "BankStatementQuerySet":
        return self.order_by(F("last_date").desc(nulls_last=True), "-pk")


class BankStatement(models.Model):
    """What one file says of one account: kept as it came. A file of several accounts is a statement of each.

    `line_count` counts the lines in the file, `new_count` those that were not known before and stand here.
    """

    account = models.ForeignKey(
        BankAccount, models.PROTECT, verbose_name=_("bank account"), related_name="statements", db_index=False
    )
    file = models.FileField(_("file"), upload_to=upload_to, max_length=200, blank=True)
    file_name = models.CharField(_("file name"), max_length=200)
    digest = models.CharField(max_length=64)
    format = models.CharField(_("format"), max_length=12)
    first_date = models.DateField(_("first day"))
    last_date = models.DateField(_("last day"))
    opening = ExactDecimalField(_("opening balance"), null=True, blank=True)
    closing = ExactDecimalField(_("closing balance"), null=True, blank=True)
    line_count = models.PositiveIntegerField(_("lines"))
    new_count = models.PositiveIntegerField(_("new lines"))
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("imported by"), null=True, related_name="+"
    )
    imported_at = models.DateTimeField(_("imported at"))

    objects = BankStatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("bank statement")
        verbose_name_plural = _("bank statements")
        indexes = [models.Index(fields=["account", "first_date"], name="bank_statement_first_date")]
        constraints = [
            models.CheckConstraint(condition=Q(first_date__lte=F("last_date")), name="bank_statement_days_in_order"),
            models.CheckConstraint(
                condition=Q(new_count__lte=F("line_count")), name="bank_statement_new_among_lines"
            ),
            models.UniqueConstraint(fields=["account", "digest"], name="bank_statement_once"),
        ]

    def __str__(self) -> str:
        return self.file_name


class LineQuerySet(models.QuerySet["BankLine"]):
    def visible_to(self, user: User) -> "LineQuerySet":
        """For those who see all; who may claim a receipt is `matching`'s to say."""
        return self.all() if user.sees_all else self.none()

    def received(self) -> "LineQuerySet":
        """Money in."""
        return self.filter(amount__gt=0)

    def paid(self) -> "LineQuerySet":
        """Money out."""
        return self.filter(amount__lt=0)

    def unmatched(self) -> "LineQuerySet":
        """Lines of which something is not matched yet. The conditions are those of two partial indexes."""
        return self.filter(Q(open_amount__gt=0) | Q(open_amount__lt=0))

    def unmatched_receipts(self) -> "LineQuerySet":
        """`received().unmatched()`, said so that SQLite too sees the partial index."""
        return self.filter(open_amount__gt=0)

    def newest_first(self) -> "LineQuerySet":
        return self.order_by("-date", "-pk")


class BankLine(models.Model):
    """One line of an account, as the bank wrote it. Amounts are positive for money in, negative for money out.

    Never edited or deleted: triggers refuse it, but for `open_amount`, what is not matched yet. It has the sign of
    `amount`, begins as the whole of it, is 0 when all is matched; only `matching` writes it, under a lock on the row.
    """

    statement = models.ForeignKey(
        BankStatement, models.PROTECT, verbose_name=_("bank statement"), related_name="lines"
    )
    account = models.ForeignKey(
        BankAccount, models.PROTECT, verbose_name=_("bank account"), related_name="lines", db_index=False
    )
    date = models.DateField(_("date"))
    amount = ExactDecimalField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    # The other side of the line: who paid, or to whom the firm did.
    payer_name = models.CharField(_("counterparty"), max_length=200, blank=True)
    payer_account = models.CharField(_("counterparty's account"), max_length=60, blank=True)
    payer_bank = models.CharField(_("counterparty's bank"), max_length=200, blank=True)
    memo = models.CharField(_("memo"), max_length=500, blank=True)
    reference = models.CharField(_("bank's reference"), max_length=120, blank=True)
    # Of the account after this line, where the bank says it.
    balance = ExactDecimalField(_("balance"), null=True, blank=True)
    # The bank takes an earlier line back: 冲正, a returned payment, a storno.
    is_reversal = models.BooleanField(_("taken back by the bank"), default=False)
    fingerprint = models.CharField(max_length=64)
    open_amount = ExactDecimalField(_("not matched"))
    recorded_at = models.DateTimeField(_("recorded at"))

    objects = LineQuerySet.as_manager()

    class Meta:
        verbose_name = _("bank line")
        verbose_name_plural = _("bank lines")
        indexes = [
            models.Index(fields=["account", "date"], name="bank_line_account_date"),
            models.Index(fields=["date"], name="bank_line_date"),
            models.Index(fields=["amount"], name="bank_line_amount"),
            models.Index(fields=["date"], condition=Q(open_amount__gt=0), name="bank_line_unmatched_receipt"),
            models.Index(fields=["date"], condition=Q(open_amount__lt=0), name="bank_line_unmatched_outgoing"),
            models.Index(fields=["date"], condition=Q(is_reversal=True), name="bank_line_reversal"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="bank_line_amount_not_zero"),
            models.CheckConstraint(condition=Q(date__gte=EARLIEST_DATE), name="bank_line_date_not_before_1990"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, open_amount__gte=0, open_amount__lte=F("amount"))
                | Q(amount__lt=0, open_amount__lte=0, open_amount__gte=F("amount")),
                name="bank_line_open_amount_within_amount",
            ),
            models.UniqueConstraint(fields=["account", "fingerprint"], name="bank_line_once"),
        ]

    def __str__(self) -> str:
        return f"{shown_day(self.date)} {formatted(self.amount)} {self.payer_name}".strip()

    @property
    def is_received(self) -> bool:
        return self.amount > 0


class ColumnMapping(models.Model):
    """What the columns of a bank's exports mean, as finance confirmed it: asked once for each heading line of a bank.

    `columns` names for each heading, in order, the field that it fills (`""` none); `bank` is that of the account.
    """

    bank = models.CharField(_("bank"), max_length=120)
    # Of the headings in order (`tabular.headings.fingerprint`).
    headings = models.CharField(max_length=64)
    columns = models.JSONField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("confirmed by"), null=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(_("confirmed at"))

    class Meta:
        verbose_name = _("mapping of columns")
        verbose_name_plural = _("mappings of columns")
        constraints = [models.UniqueConstraint(fields=["bank", "headings"], name="bank_mapping_once")]

    def __str__(self) -> str:
        return self.bank
