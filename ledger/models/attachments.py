"""Files that prove what the ledger says: a signed delivery note, the scan of an invoice, a contract."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.models import Customer, User
from ledger.file_types import BY_CONTENT_TYPE, FileType
from ledger.models.entries import Entry

FOLDER = "attachments"


def upload_to(attachment: "Attachment", _name: str) -> str:
    """A path that cannot be guessed and says nothing of the file but its type; a folder a month."""
    suffix = BY_CONTENT_TYPE[attachment.content_type].suffix
    return f"{FOLDER}/{timezone.localdate():%Y-%m}/{uuid.uuid4().hex}{suffix}"


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, user: User) -> "AttachmentQuerySet":
        """Files of the customers that `user` sees, and those on sales that `user` answered for."""
        customers = Customer.objects.visible_to(user).order_by().values("pk")
        own_sales = Q(entry__salesperson=user)
        return self.all() if user.sees_all else self.filter(Q(customer__in=customers) | own_sales)

    def standing(self) -> "AttachmentQuerySet":
        return self.filter(withdrawn_at__isnull=True)

    def newest_first(self) -> "AttachmentQuerySet":
        return self.order_by("-uploaded_at", "-pk")


class Attachment(models.Model):
    """One file, kept as it came. Never changed or deleted: one that was wrong is withdrawn, in sight of all."""

    class Kind(models.TextChoices):
        DELIVERY = "delivery", _("proof of delivery")
        INVOICE = "invoice", _("invoice scan")
        CONTRACT = "contract", _("contract")
        STATEMENT = "statement", _("statement reply")
        OTHER = "other", _("other file")

    customer = models.ForeignKey(
        Customer, models.PROTECT, verbose_name=_("customer"), related_name="attachments", db_index=False
    )
    entry = models.ForeignKey(
        Entry, models.PROTECT, verbose_name=_("ledger entry"), null=True, blank=True, related_name="attachments"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("file name"), max_length=200)
    content_type = models.CharField(_("file type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    file = models.FileField(_("file"), upload_to=upload_to, max_length=200)
    note = models.CharField(_("note"), max_length=200, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("uploaded by"), related_name="+"
    )
    uploaded_at = models.DateTimeField(_("uploaded at"))
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("withdrawn by"), null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)
    withdrawn_because = models.CharField(_("reason"), max_length=200, blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        indexes = [models.Index(fields=["customer", "uploaded_at"], name="attachment_customer_uploaded")]
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="attachment_not_empty"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_because="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_because=""),
                name="attachment_withdrawn_with_reason",
            ),
            models.UniqueConstraint(
                fields=["entry", "sha256"],
                condition=Q(withdrawn_at__isnull=True, entry__isnull=False),
                name="attachment_once_on_entry",
            ),
            models.UniqueConstraint(
                fields=["customer", "sha256"],
                condition=Q(withdrawn_at__isnull=True, entry__isnull=True),
                name="attachment_once_on_customer",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def type(self) -> FileType:
        return BY_CONTENT_TYPE[self.content_type]

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    def may_be_withdrawn_by(self, user: User) -> bool:
        """By who attached it and who oversees others, where they may post for the customer at all."""
        return user.pk == self.uploaded_by_id or user.oversees

    def may_be_opened_by(self, user: User) -> bool:
        """A withdrawn file stays as evidence for who keeps the books or examines them."""
        return not self.is_withdrawn or user.sees_all
