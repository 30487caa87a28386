"""A statement on its way: one row for each mail, and for each link that is given by hand."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class DispatchQuerySet(models.QuerySet["Dispatch"]):
    def arrived(self) -> "DispatchQuerySet":
        """Those that went out: the mail server took the mail, the link was opened, or one of us says so."""
        return self.filter(sent_at__isnull=False)

    def to_pass_on(self, now: datetime) -> "DispatchQuerySet":
        """Links of which nobody knows yet whether the customer has them."""
        return self.filter(channel="link", sent_at__isnull=True).valid(now)

    def valid(self, now: datetime) -> "DispatchQuerySet":
        """Those whose link opens the statement; one to pass on from when it was made."""
        return self.filter(
            Q(sent_at__isnull=False) | Q(channel="link"),
            revoked_at__isnull=True,
            expires_at__gt=now,
            statement__withdrawn_at__isnull=True,
        )


class Dispatch(models.Model):
    """Written before the mail goes out. The token of its link is known to who receives it, here only its digest."""

    class Channel(models.TextChoices):
        MAIL = "mail", _("e-mail")
        LINK = "link", _("link, passed on by hand")
        HAND = "hand", _("document, passed on by hand")

    class Way(models.TextChoices):
        """How one of us says that it went."""

        MESSENGER = "messenger", _("messenger (WeChat, QQ …)")
        MAIL = "mail", _("own e-mail")
        POST = "post", _("post or courier")
        PERSON = "person", _("in person")
        OTHER = "other", _("another way")

    statement = models.ForeignKey("statements.Statement", models.PROTECT, related_name="dispatches")
    channel = models.CharField(_("by"), max_length=4, choices=Channel.choices)
    to = models.EmailField(_("to"), blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("sent by"), null=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created at"))
    # Of the job that sent it, or of the form that said so: none does so twice.
    job = models.UUIDField(null=True)
    token_hash = models.CharField(max_length=64, unique=True)
    # Stands in the address of the page once the token was taken; opens nothing by itself.
    handle = models.CharField(max_length=24, unique=True)
    expires_at = models.DateTimeField(_("valid until"))
    # Each of these is set once. Of a link the first of: it was opened, or somebody says on which day it went.
    sent_at = models.DateTimeField(_("sent at"), null=True)
    way = models.CharField(_("way"), max_length=10, choices=Way.choices, blank=True)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("said by"), null=True, related_name="+"
    )
    told_at = models.DateTimeField(_("said at"), null=True)
    error = models.CharField(_("not delivered because"), max_length=300, blank=True)
    opened_at = models.DateTimeField(_("opened at"), null=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("revoked by"), null=True, related_name="+"
    )

    objects = DispatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("dispatch of a statement")
        verbose_name_plural = _("dispatches of statements")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "job"], condition=Q(job__isnull=False), name="dispatch_once_in_a_job"
            ),
            models.CheckConstraint(
                condition=Q(channel="mail") & ~Q(to="") | Q(channel__in=("link", "hand"), to=""),
                name="dispatch_mail_has_address",
            ),
            models.CheckConstraint(
                condition=Q(way="", told_by__isnull=True, told_at__isnull=True) & ~Q(channel="hand")
                | ~Q(way="") & ~Q(channel="mail") & Q(told_by__isnull=False, told_at__isnull=False),
                name="dispatch_told_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(error=""), name="dispatch_sent_or_said_why_not"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | Q(revoked_by__isnull=False),
                name="dispatch_revoked_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.statement_id} {self.to or self.channel}"

    @property
    def is_link(self) -> bool:
        """Whether somebody knows its link."""
        return self.channel == self.Channel.LINK or (self.sent_at is not None and self.channel == self.Channel.MAIL)
