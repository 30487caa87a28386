from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FlagsConfig(AppConfig):
    name = "flags"
    verbose_name = _("flags")

    def ready(self) -> None:
        from flags.following import follow
        from ledger.posting import FOLLOWERS

        FOLLOWERS.append(follow)
