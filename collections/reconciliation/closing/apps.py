from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClosingConfig(AppConfig):
    name = "reconciliation.closing"
    verbose_name = _("closed months")
