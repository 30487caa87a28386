"""Entries create value, allocations only move it; a posting is the act that wrote them."""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.dates import shown_day
from config.fields import ExactDecimalField
from customers.models import Customer, User
from ledger.money import formatted

EARLIEST_DATE = date(1990, 1, 1)


class Side(models.IntegerChoices):
    """Which way an entry points: a debt is never open below zero, a credit never above."""

    DEBT = 1, _("debt")
    CREDIT = -1, _("credit")


class Kind(models.TextChoices):
    OPENING = "opening", _("opening balance")
    SHIPMENT = "shipment", _("shipment")
    RETURN = "return", _("return")
    INVOICE = "invoice", _("invoice")
    CREDIT_NOTE = "credit_note", _("credit note")
    PAYMENT = "payment", _("payment")
    REFUND = "refund", _("refund")
    DISCOUNT = "discount", _("discount")

    @property
    def side(self) -> Side | None:
        """The side of an entry of this kind that reverses nothing; an opening balance may stand on either."""
        if self == Kind.OPENING:
            return None
        return Side.DEBT if self in DEBT_KINDS else Side.CREDIT


# What finance confirms: that the goods left or came back, that the bank shows the money.
GOODS_KINDS = (Kind.SHIPMENT, Kind.RETURN)
MONEY_KINDS = (Kind.PAYMENT, Kind.REFUND)
CONFIRMABLE_KINDS = (*GOODS_KINDS, *MONEY_KINDS)
DEBT_KINDS = (Kind.SHIPMENT, Kind.INVOICE, Kind.REFUND)
CREDIT_KINDS = (Kind.RETURN, Kind.CREDIT_NOTE, Kind.PAYMENT, Kind.DISCOUNT)
# Kinds that draw their numbers from one series: a workbook's sheet, a printed block of forms.
NUMBER_SERIES = {
    "opening": (Kind.OPENING,),
    "shipment": (Kind.SHIPMENT, Kind.RETURN),
    "invoice": (Kind.INVOICE, Kind.CREDIT_NOTE),
    "payment": (Kind.PAYMENT, Kind.REFUND),
    "discount": (Kind.DISCOUNT,),
}


class Posting(models.Model):
    """One act on the ledger: who, when, and the client's key, under which it happens at most once."""

    key = models.UUIDField(_("key"), unique=True, default=uuid.uuid4)
    act = models.CharField(_("act"), max_length=30)
    # Of the act's data: the same key with other data is refused.
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("by"), null=True, related_name="postings"
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"), db_index=True)

    class Meta:
        verbose_name = _("posting")
        verbose_name_plural = _("postings")

    def __str__(self) -> str:
        return f"{self.act} {self.key}"


class Literal(models.Value):
    """A constant of ours that stands in the statement itself: SQLite sees that a partial index serves only then."""

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        return "'{}'".format(str(self.value).replace("'", "''")), ()


def seen_by(user: User, entry: str = "") -> Q:
    """Whether `user` sees the entry under the path `entry`: the rule of `visible_to`, for other tables too."""
    if user.sees_all:
        return Q()
    customers = Customer.objects.visible_to(user)
    return Q(**{f"{entry}customer__in": customers}) | Q(**{f"{entry}salesperson": user})


class EntryQuerySet(models.QuerySet["Entry"]):
    def visible_to(self, user: User) -> "EntryQuerySet":
        """Entries of the customers that `user` sees, and those that `user` answers for since the sale."""
        return self.filter(seen_by(user))

    def open(self) -> "EntryQuerySet":
        """Entries with an open amount. The condition is that of the partial index `entry_open`."""
        return self.filter(closed_on__isnull=True)

    def debts(self) -> "EntryQuerySet":
        return self.filter(side=Side.DEBT)

    def credits(self) -> "EntryQuerySet":
        return self.filter(side=Side.CREDIT)

    def standing(self) -> "EntryQuerySet":
        """Documents that were not reversed, reversals themselves left out."""
        return self.filter(reverses__isnull=True, reversed_on__isnull=True)

    def unbilled(self) -> "EntryQuerySet":
        return self.open().filter(kind=Kind.SHIPMENT)

    def overdue(self, on: date) -> "EntryQuerySet":
        return self.open().debts().filter(due_date__lt=on)

    def confirmable(self) -> "EntryQuerySet":
        """Standing documents of the kinds that finance confirms, confirmed or not."""
        # "Is null" asked straight would lead SQLite to the unique index on what is reversed, empty for nearly all.
        standing = self.filter(~Q(reverses__isnull=False), reversed_on__isnull=True)
        return standing.filter(kind__in=[Literal(kind) for kind in CONFIRMABLE_KINDS])

    def unconfirmed(self) -> "EntryQuerySet":
        """What finance has still to confirm. The condition is that of the partial index `entry_unconfirmed`."""
        return self.confirmable().filter(confirmed_on__isnull=True)

    def confirmed(self) -> "EntryQuerySet":
        """The entries of the finance book."""
        return self.filter(confirmed_on__isnull=False)

    def numbered(self, series: str, number: str) -> "EntryQuerySet":
        """The entries of the standing document of a number, by instalment; `series` is a key of NUMBER_SERIES."""
        return self.numbered_among(series, [number]).order_by("instalment")

    def numbered_among(self, series: str, numbers: Iterable[str]) -> "EntryQuerySet":
        """The entries of the series' standing documents that have one of the numbers, a few thousand at a time."""
        # That no number is empty must be said, or the planner does not see that the index on numbers serves.
        return self.standing().filter(kind__in=NUMBER_SERIES[series], number__in=list(numbers)).exclude(number="")

    def reversed_among(self, series: str, numbers: Iterable[str]) -> "EntryQuerySet":
        """The same of documents that were reversed: their numbers are free for the right ones."""
        found = self.filter(kind__in=NUMBER_SERIES[series], number__in=list(numbers), reversed_on__isnull=False)
        return found.exclude(number="")


def _sides() -> Q:
    plain = Q(kind=Kind.OPENING) | Q(kind__in=DEBT_KINDS, side=Side.DEBT) | Q(kind__in=CREDIT_KINDS, side=Side.CREDIT)
    mirror = (
        Q(kind=Kind.OPENING) | Q(kind__in=DEBT_KINDS, side=Side.CREDIT) | Q(kind__in=CREDIT_KINDS, side=Side.DEBT)
    )
    return Q(reverses__isnull=True) & plain | Q(reverses__isnull=False) & mirror


class Entry(models.Model):
    """One line of a customer's ledger. Amounts are positive for what the customer owes more, negative for less.

    Never edited or deleted: triggers refuse it, but for `open_amount`, `closed_on`, `reversed_on` and `confirmed_on`,
    which only the posting services write, under the customer's lock.
    """

    posting = models.ForeignKey(Posting, models.PROTECT, related_name="entries")
    customer = models.ForeignKey(
        Customer, models.PROTECT, verbose_name=_("customer"), related_name="entries", db_index=False
    )
    salesperson = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("salesperson"),
        null=True,
        related_name="entries",
        db_index=False,
        help_text=_("who answered for the customer on that day"),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    side = models.SmallIntegerField(_("side"), choices=Side.choices)
    number = models.CharField(_("number"), max_length=60, blank=True)
    instalment = models.PositiveSmallIntegerField(_("instalment"), default=1)
    instalment_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="later_instalments", db_index=False
    )
    date = models.DateField(_("date"))
    due_date = models.DateField(_("due date"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    amount = ExactDecimalField(_("amount"), help_text=_("what the document adds to what the customer owes"))
    document_amount = ExactDecimalField(_("document amount"), help_text=_("the face value of the document"))
    open_amount = ExactDecimalField(_("open amount"))
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    reverses = models.OneToOneField(
        "self", models.PROTECT, verbose_name=_("reverses"), null=True, blank=True, related_name="reversed_by"
    )
    # The day of the entry that reverses this one, which frees the number for the right document.
    reversed_on = models.DateField(_("reversed on"), null=True, blank=True)
    # The day of the confirmation that stands; empty where finance has not confirmed the entry, or not any more.
    confirmed_on = models.DateField(_("confirmed on"), null=True, blank=True)
    memo = models.CharField(_("memo"), max_length=200, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        indexes = [
            models.Index(fields=["customer", "date", "id"], name="entry_customer_date"),
            models.Index(fields=["date"], name="entry_date"),
            models.Index(fields=["salesperson"], name="entry_salesperson"),
            # Aging today and the nightly sweep read this one alone (SQLite drops what is included).
            models.Index(
                fields=["customer", "due_date"],
                include=["open_amount", "side", "kind", "salesperson", "date", "currency", "id"],
                condition=Q(closed_on__isnull=True),
                name="entry_open",
            ),
            # Aging as of a past day: what closed later, without a look at the table.
            models.Index(
                fields=["closed_on"],
                include=[
                    "customer",
                    "due_date",
                    "open_amount",
                    "side",
                    "kind",
                    "salesperson",
                    "date",
                    "currency",
                    "id",
                ],
                name="entry_closed_on",
            ),
            # What finance has still to confirm: as long as that is, whatever the age of the firm.
            models.Index(
                fields=["date", "id"],
                include=["customer", "kind", "salesperson", "currency", "document_amount"],
                condition=Q(kind__in=CONFIRMABLE_KINDS, confirmed_on__isnull=True, reversed_on__isnull=True)
                & ~Q(reverses__isnull=False),
                name="entry_unconfirmed",
            ),
            models.Index(fields=["number"], condition=Q(reversed_on__isnull=False), name="entry_reversed_number"),
            # What stood on a past day and was reversed since.
            models.Index(fields=["reversed_on"], condition=Q(reversed_on__isnull=False), name="entry_reversed_on"),
            # The few later instalments of a document, from either end.
            models.Index(
                fields=["instalment_of", "id"],
                condition=Q(instalment_of__isnull=False),
                name="entry_later_instalment",
            ),
            # The search for an amount; those for the two ends of a number stand in migrations/sql/search.*.sql.
            models.Index(fields=["document_amount"], name="entry_document_amount"),
            models.Index(fields=["open_amount"], condition=Q(closed_on__isnull=True), name="entry_open_amount"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(side__in=Side.values), name="entry_side_known"),
            models.CheckConstraint(condition=_sides(), name="entry_side_of_kind"),
            models.CheckConstraint(condition=~Q(document_amount=0), name="entry_document_amount_not_zero"),
            models.CheckConstraint(
                condition=Q(side=Side.DEBT, amount__gte=0, amount__lte=F("document_amount"))
                | Q(side=Side.CREDIT, amount__lte=0, amount__gte=F("document_amount")),
                name="entry_amount_within_document",
            ),
            models.CheckConstraint(
                condition=Q(side=Side.DEBT, open_amount__gte=0, open_amount__lte=F("document_amount"))
                | Q(side=Side.CREDIT, open_amount__lte=0, open_amount__gte=F("document_amount")),
                name="entry_open_amount_within_document",
            ),
            models.CheckConstraint(
                condition=Q(open_amount=0, closed_on__isnull=False) | ~Q(open_amount=0) & Q(closed_on__isnull=True),
                name="entry_closed_when_nothing_is_open",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("date")),
                name="entry_closed_not_before_date",
            ),
            models.CheckConstraint(
                condition=Q(reversed_on__isnull=True) | Q(reversed_on__gte=F("date"), reverses__isnull=True),
                name="entry_reversed_once_and_not_before_date",
            ),
            models.CheckConstraint(condition=Q(date__gte=EARLIEST_DATE), name="entry_date_not_before_1990"),
            models.CheckConstraint(
                condition=Q(side=Side.CREDIT) | Q(due_date__isnull=False), name="entry_debt_has_due_date"
            ),
            models.CheckConstraint(
                condition=Q(instalment=1, instalment_of__isnull=True)
                | Q(instalment__gt=1, instalment_of__isnull=False)
                | Q(reverses__isnull=False),
                name="entry_instalments_hang_together",
            ),
            *(
                models.UniqueConstraint(
                    fields=["number", "instalment"],
                    condition=Q(kind__in=kinds, reverses__isnull=True, reversed_on__isnull=True) & ~Q(number=""),
                    name=f"entry_{series}_number_once",
                )
                for series, kinds in NUMBER_SERIES.items()
            ),
        ]

    def __str__(self) -> str:
        return f"{self.named_kind} {self.number}".strip()

    @property
    def named_kind(self) -> str:
        """What kind of entry it is, a reversal told from what it reverses."""
        kind = self.get_kind_display()
        return kind if self.reverses_id is None else gettext("reversal of %(kind)s") % {"kind": kind}

    @property
    def described(self) -> str:
        """Its name, and what tells it from others where it has no number."""
        if self.number:
            return str(self)
        return gettext("%(entry)s of %(amount)s on %(date)s") % {
            "entry": self,
            "amount": formatted(abs(self.document_amount)),
            "date": shown_day(self.date),
        }

    @property
    def is_debt(self) -> bool:
        return self.side == Side.DEBT


class Allocation(models.Model):
    """`amount` of open amount moved out of `from_entry` into `to_entry`, on `date`.

    A credit moves a negative amount into a debt (a payment of 400 settles: -400), a shipment moves a positive
    one into the invoice that bills it. An allocation is undone by one of the opposite amount.
    """

    posting = models.ForeignKey(Posting, models.PROTECT, related_name="allocations")
    # No foreign keys in the database: the trigger `allocation_within_customer` has looked at both entries and the
    # customer already, entries are never deleted, and three checks a row more cost an import a fifth of its time.
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    from_entry = models.ForeignKey(Entry, models.PROTECT, related_name="allocations_out", db_constraint=False)
    to_entry = models.ForeignKey(Entry, models.PROTECT, related_name="allocations_in", db_constraint=False)
    amount = ExactDecimalField(_("amount"))
    date = models.DateField(_("date"))
    undoes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="undone_by")
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        indexes = [
            models.Index(fields=["date"], include=["from_entry", "to_entry", "amount"], name="allocation_date"),
            models.Index(fields=["customer", "date"], name="allocation_customer_date"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="allocation_amount_not_zero"),
            models.CheckConstraint(condition=~Q(from_entry=F("to_entry")), name="allocation_between_two_entries"),
        ]

    def __str__(self) -> str:
        return f"{self.from_entry_id} → {self.to_entry_id} {self.amount}"
