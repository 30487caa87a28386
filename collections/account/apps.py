from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountConfig(AppConfig):
    """The pages of one customer, where all floors below meet: the ledger, the buckets of the aging, the flags."""

    name = "account"
    verbose_name = _("customer account")
