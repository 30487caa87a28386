from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BankConfig(AppConfig):
    name = "reconciliation.bank"
    verbose_name = _("bank statements")
