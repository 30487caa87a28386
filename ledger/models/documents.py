"""What a shipment, an invoice and a payment say besides the entry that all of them post."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from config.fields import ExactDecimalField
from customers.models import Customer
from ledger.models.entries import Entry, Posting


class Shipment(models.Model):
    """Goods out (or back: a return). Hangs on the document's first entry."""

    entry = models.OneToOneField(Entry, models.PROTECT, primary_key=True, related_name="shipment")
    delivered_on = models.DateField(_("delivered on"), null=True, blank=True)

    class Meta:
        verbose_name = _("shipment")
        verbose_name_plural = _("shipments")

    def __str__(self) -> str:
        return self.entry.number


class ShipmentLine(models.Model):
    """One product of a shipment; the amount is quantity times unit price, rounded half up to the cent."""

    shipment = models.ForeignKey(Shipment, models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField(_("position"))
    product = models.CharField(_("product"), max_length=200)
    quantity = ExactDecimalField(_("quantity"), places=4)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    unit_price = ExactDecimalField(_("unit price"), places=6)
    amount = ExactDecimalField(_("amount"))

    class Meta:
        verbose_name = _("shipment line")
        verbose_name_plural = _("shipment lines")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["shipment", "position"], name="shipment_line_position_once"),
        ]

    def __str__(self) -> str:
        return self.product


class Invoice(models.Model):
    """The tax document, or its red-letter reversal (credit note), and its way to the customer's books.

    `sent_on`, `received_on` and `booked_on` say where the invoice stands now; `InvoiceStep` keeps how it got
    there. A mail that failed or bounced leaves `sent_on` empty. Hangs on the document's first entry.
    """

    class TaxKind(models.TextChoices):
        SPECIAL = "special", _("special VAT invoice")
        GENERAL = "general", _("general VAT invoice")
        NONE = "none", _("no tax invoice")

    entry = models.OneToOneField(Entry, models.PROTECT, primary_key=True, related_name="invoice")
    kind = models.CharField(_("invoice kind"), max_length=10, choices=TaxKind.choices, default=TaxKind.SPECIAL)
    tax = ExactDecimalField(_("tax"), default=0, help_text=_("contained in the amount, with its sign"))
    sent_on = models.DateField(_("sent on"), null=True, blank=True)
    received_on = models.DateField(_("received on"), null=True, blank=True)
    booked_on = models.DateField(_("booked on"), null=True, blank=True)
    reverses = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("reverses invoice"),
        null=True,
        blank=True,
        related_name="credit_notes",
    )
    # At most one that stands: one that was reversed leaves the place to the next.
    replaces = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("replaces invoice"),
        null=True,
        blank=True,
        related_name="replacements",
    )

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        indexes = [
            # Those that are still to be sent or to arrive, as long as they are.
            models.Index(
                fields=["entry"],
                condition=Q(received_on__isnull=True, booked_on__isnull=True),
                name="invoice_not_arrived",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_on__isnull=True) | Q(received_on__isnull=True) | Q(received_on__gte=F("sent_on")),
                name="invoice_received_not_before_sent",
            ),
            models.CheckConstraint(
                condition=Q(booked_on__isnull=True)
                | Q(received_on__isnull=True)
                | Q(booked_on__gte=F("received_on")),
                name="invoice_booked_not_before_received",
            ),
        ]

    def __str__(self) -> str:
        return self.entry.number


class InvoiceStep(models.Model):
    """One event on an invoice's way; kept for ever, also when the next one takes it back."""

    class Step(models.TextChoices):
        SENT = "sent", _("sent")
        FAILED = "failed", _("sending failed")
        BOUNCED = "bounced", _("bounced")
        RECEIVED = "received", _("received")
        BOOKED = "booked", _("booked")
        TAKEN_BACK = "taken_back", _("taken back")

    # Where the invoice says that it has reached a step, in the order of the way.
    COLUMNS: ClassVar[dict[Step, str]] = {
        Step.SENT: "sent_on",
        Step.RECEIVED: "received_on",
        Step.BOOKED: "booked_on",
    }

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="steps")
    step = models.CharField(_("step"), max_length=10, choices=Step.choices)
    date = models.DateField(_("date"))
    carrier = models.CharField(_("carrier"), max_length=80, blank=True)
    tracking_number = models.CharField(_("tracking number or address"), max_length=120, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("invoice step")
        verbose_name_plural = _("invoice steps")
        ordering = ["pk"]
        indexes = [models.Index(fields=["recorded_at"], name="invoice_step_of_a_day")]

    def __str__(self) -> str:
        return f"{self.get_step_display()} {self.date}"


class Payment(models.Model):
    """Money in, or out again (a refund)."""

    class Method(models.TextChoices):
        TRANSFER = "transfer", _("bank transfer")
        CASH = "cash", _("cash")
        BILL = "bill", _("acceptance bill")
        CHEQUE = "cheque", _("cheque")

    entry = models.OneToOneField(Entry, models.PROTECT, primary_key=True, related_name="payment")
    method = models.CharField(_("method"), max_length=10, choices=Method.choices, default=Method.TRANSFER)
    bank_reference = models.CharField(_("bank reference"), max_length=80, blank=True, db_index=True)
    matures_on = models.DateField(_("bill matures on"), null=True, blank=True)

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            models.CheckConstraint(
                condition=Q(matures_on__isnull=True) | Q(method="bill"), name="payment_only_a_bill_matures"
            ),
        ]

    def __str__(self) -> str:
        return self.entry.number


class Billing(models.Model):
    """`amount` of a shipment's value that an invoice bills, or of a return's that a credit note does.

    It says what of the goods is invoiced, also where nothing of them was open any more or where the invoice came
    first; allocations say whose debt it is. Undone by a row of the opposite amount.
    """

    posting = models.ForeignKey(Posting, models.PROTECT, related_name="billings")
    # As in `Allocation`, the trigger `billing_within_customer` does the work of the foreign keys.
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    invoice = models.ForeignKey(Entry, models.PROTECT, related_name="bills", db_constraint=False)
    shipment = models.ForeignKey(Entry, models.PROTECT, related_name="billed_by", db_constraint=False)
    amount = ExactDecimalField(_("amount"))
    date = models.DateField(_("date"))
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("billing")
        verbose_name_plural = _("billings")
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="billing_amount_not_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.invoice_id} → {self.shipment_id} {self.amount}"
