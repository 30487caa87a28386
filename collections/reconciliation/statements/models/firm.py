"""Who we are, as our papers say it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


def upload_to(_profile: "FirmProfile", name: str) -> str:
    return f"firm/{uuid.uuid4().hex}.{'png' if name.lower().endswith('.png') else 'jpg'}"


class FirmProfile(models.Model):
    """One row for the whole firm; until it is written, the setting FIRM_NAME is all there is."""

    ONLY = 1

    name = models.CharField(_("name"), max_length=120, blank=True)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    logo = models.FileField(_("logo"), upload_to=upload_to, max_length=200, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    address_en = models.CharField(_("address in English"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=60, blank=True)
    email = models.EmailField(_("email"), blank=True)
    tax_id = models.CharField(_("unified social credit code"), max_length=40, blank=True)
    bank_lines = models.TextField(
        _("bank account"),
        max_length=600,
        blank=True,
        help_text=_("As it is printed, line by line; beside the accounts that are marked as printed."),
    )
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("changed by"), null=True, related_name="+"
    )
    changed_at = models.DateTimeField(_("changed at"), null=True)

    class Meta:
        verbose_name = _("firm profile")
        verbose_name_plural = _("firm profile")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="firm_profile_once")]

    def __str__(self) -> str:
        return self.name or settings.FIRM_NAME

    @classmethod
    def current(cls) -> "FirmProfile":
        return cls.objects.filter(pk=cls.ONLY).first() or cls(pk=cls.ONLY, name=settings.FIRM_NAME)

    def name_in(self, language: str) -> str:
        own = self.name or settings.FIRM_NAME
        return own if language.startswith("zh") else self.name_en or own

    def address_in(self, language: str) -> str:
        return self.address if language.startswith("zh") else self.address_en or self.address
