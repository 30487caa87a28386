"""The customer's own list as it came, what people decided about it, and what the comparison made of both.

Lists, their lines and decisions are kept as they are (triggers). The result is derived: it is made anew from them and
the ledger, and nothing is lost with it. Amounts say what the customer owes: positive more, negative less.
"""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.dates import shown_day
from config.fields import ExactDecimalField
from customers.models import Customer, User
from ledger.models import Entry
from reconciliation.comparison.choices import ClassChoices, Direction, ReasonChoices
from reconciliation.comparison.lines import Class

FOLDER = "customer-lists"


def upload_to(_row: Any, _name: str) -> str:
    """A path that cannot be guessed; a folder a month."""
    return f"{FOLDER}/{timezone.localdate():%Y-%m}/{uuid.uuid4().hex}"


class ListUpload(models.Model):
    """A file whose columns are looked at; gone as soon as its list is taken."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    file = models.FileField(upload_to=upload_to, max_length=200)
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    source = models.CharField(max_length=40, blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    uploaded_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.file_name


class ListMapping(models.Model):
    """What the columns of a customer's export mean, as somebody confirmed it: asked once for each heading line."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_index=False)
    headings = models.CharField(max_length=64)
    columns = models.JSONField()
    direction = models.CharField(max_length=6, choices=Direction.choices)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "headings"], name="list_mapping_once")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.headings}"


class ListQuerySet(models.QuerySet["CustomerList"]):
    def visible_to(self, user: User) -> "ListQuerySet":
        """Those of the customers that `user` sees."""
        return self.all() if user.sees_all else self.filter(customer__in=Customer.objects.visible_to(user))

    def writable_by(self, user: User) -> "ListQuerySet":
        return self.visible_to(user) if user.may_post else self.none()

    def standing(self) -> "ListQuerySet":
        return self.filter(withdrawn_at__isnull=True)

    def newest_first(self) -> "ListQuerySet":
        return self.order_by("-as_of", "-pk")


class CustomerList(models.Model):
    """One list that a customer gave us: its lines from `first_day` to `as_of`. `opening` and `closing` are empty
    where the file does not state them. Never changed; one that was read wrongly is withdrawn, in sight of all.
    """

    customer = models.ForeignKey(
        Customer, models.PROTECT, verbose_name=_("customer"), related_name="own_lists", db_index=False
    )
    file = models.FileField(_("file"), upload_to=upload_to, max_length=200)
    file_name = models.CharField(_("file name"), max_length=200)
    digest = models.CharField(max_length=64)
    # Where the file came from, where it was not uploaded here: `answer:17`.
    source = models.CharField(max_length=40, blank=True)
    first_day = models.DateField(_("first day"))
    as_of = models.DateField(_("as of"))
    opening = ExactDecimalField(_("opening balance"), null=True, blank=True)
    closing = ExactDecimalField(_("closing balance"), null=True, blank=True)
    columns = models.JSONField()
    direction = models.CharField(_("their debt stands under"), max_length=6, choices=Direction.choices)
    line_count = models.PositiveIntegerField(_("lines"))
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("taken by"), null=True, related_name="+"
    )
    taken_at = models.DateTimeField(_("taken at"))
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)
    withdrawn_because = models.CharField(_("reason"), max_length=200, blank=True)

    objects = ListQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer's list")
        verbose_name_plural = _("customers' lists")
        indexes = [models.Index(fields=["customer", "as_of"], name="customer_list_as_of")]
        constraints = [
            models.CheckConstraint(condition=Q(first_day__lte=F("as_of")), name="customer_list_days_in_order"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_because="")
                | Q(withdrawn_at__isnull=False) & ~Q(withdrawn_because=""),
                name="customer_list_withdrawn_with_reason",
            ),
            models.UniqueConstraint(
                fields=["customer", "digest"], condition=Q(withdrawn_at__isnull=True), name="customer_list_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer.name} {shown_day(self.as_of)}"


class ListLine(models.Model):
    """One line of the list as it was read; `amount` is what it adds to what they owe, whatever side it stands on."""

    customer_list = models.ForeignKey(CustomerList, models.PROTECT, related_name="lines", db_index=False)
    position = models.PositiveIntegerField()
    # In the file, for looking it up.
    row = models.PositiveIntegerField(_("row"))
    date = models.DateField(_("date"))
    number = models.CharField(_("document number"), max_length=80, blank=True)
    our_number = models.CharField(_("our number"), max_length=80, blank=True)
    amount = ExactDecimalField(_("amount"))
    balance = ExactDecimalField(_("balance"), null=True, blank=True)
    memo = models.CharField(_("memo"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("line of a customer's list")
        verbose_name_plural = _("lines of a customer's list")
        constraints = [models.UniqueConstraint(fields=["customer_list", "position"], name="list_line_position_once")]

    def __str__(self) -> str:
        return f"{shown_day(self.date)} {self.our_number or self.number}".strip()


class Decision(models.Model):
    """What a person said about a comparison; the latest about the same lines counts. `ours` are entries, `theirs`
    positions of their list.
    """

    class Act(models.TextChoices):
        CLASS = "class", _("class chosen")
        TOGETHER = "together", _("paired")
        APART = "apart", _("taken apart")
        ACCEPTED = "accepted", _("accepted")
        REOPENED = "reopened", _("reopened")

    customer_list = models.ForeignKey(CustomerList, models.PROTECT, related_name="decisions")
    # The form's: two clicks are one decision.
    key = models.UUIDField(unique=True)
    act = models.CharField(_("decision"), max_length=10, choices=Act.choices)
    ours = models.JSONField(default=list)
    theirs = models.JSONField(default=list)
    cls = models.CharField(_("class"), max_length=12, choices=ClassChoices.choices, blank=True)
    # Of the balances that were accepted.
    ours_balance = ExactDecimalField(null=True)
    theirs_balance = ExactDecimalField(null=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("by"), null=True, related_name="+"
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("decision on a comparison")
        verbose_name_plural = _("decisions on comparisons")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_act_display()} {shown_day(timezone.localdate(self.at))}"


class Result(models.Model):
    """What the latest comparison found. `mark` says which ledger it has seen; `carried` is what of our opening
    balance stands in items.
    """

    customer_list = models.OneToOneField(CustomerList, models.PROTECT, primary_key=True, related_name="result")
    compared_at = models.DateTimeField(_("compared at"))
    mark = models.CharField(max_length=60)
    theirs_opening = ExactDecimalField(_("their opening balance"))
    theirs_closing = ExactDecimalField(_("their closing balance"))
    theirs_total = ExactDecimalField()
    ours_opening = ExactDecimalField(_("our opening balance"))
    carried = ExactDecimalField(default=0)
    ours_closing = ExactDecimalField(_("our balance"))
    difference = ExactDecimalField(_("difference"))
    # What has no name: unknown lines, openings that differ, what the file does not explain.
    unexplained = ExactDecimalField(_("unexplained"))
    agreed_count = models.PositiveIntegerField(_("agreed"))
    open_count = models.PositiveIntegerField(_("differences"))
    # By the latest decision; empty where it was opened again.
    accepted_at = models.DateTimeField(_("accepted at"), null=True)

    class Meta:
        verbose_name = _("comparison")
        verbose_name_plural = _("comparisons")

    def __str__(self) -> str:
        return str(self.customer_list_id)


class ComparedItem(models.Model):
    """Lines that belong together, or one alone; what the page lists. `place` is its order."""

    customer_list = models.ForeignKey(CustomerList, models.PROTECT, related_name="items", db_index=False)
    place = models.PositiveIntegerField()
    identity = models.TextField()
    reason = models.CharField(_("reason"), max_length=16, choices=ReasonChoices.choices, blank=True)
    cls = models.CharField(_("class"), max_length=12, choices=ClassChoices.choices)
    found = models.CharField(max_length=12, choices=ClassChoices.choices)
    facts = models.JSONField(default=dict)
    date = models.DateField(_("date"))
    ours_amount = ExactDecimalField(_("ours"))
    theirs_amount = ExactDecimalField(_("theirs"))
    difference = ExactDecimalField(_("difference"))
    # For the search: every number and memo of its lines.
    words = models.TextField(blank=True)

    class Meta:
        verbose_name = _("compared line")
        verbose_name_plural = _("compared lines")
        constraints = [models.UniqueConstraint(fields=["customer_list", "place"], name="compared_item_place_once")]

    def __str__(self) -> str:
        return f"{self.get_cls_display()} {self.difference}"

    @property
    def is_agreed(self) -> bool:
        return self.cls == Class.AGREED


class ItemPart(models.Model):
    """One of our documents, or one line of theirs, in the item where it stands."""

    item = models.ForeignKey(ComparedItem, models.CASCADE, related_name="parts")
    entry = models.ForeignKey(Entry, models.PROTECT, null=True, related_name="+")
    line = models.ForeignKey(ListLine, models.PROTECT, null=True, related_name="+")
    amount = ExactDecimalField(_("amount"))

    class Meta:
        verbose_name = _("part of a compared line")
        verbose_name_plural = _("parts of a compared line")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(entry__isnull=True, line__isnull=False) | Q(entry__isnull=False, line__isnull=True),
                name="item_part_of_one_side",
            ),
        ]

    def __str__(self) -> str:
        return str(self.entry or self.line)
