from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AgingConfig(AppConfig):
    name = "aging"
    verbose_name = _("aging")
