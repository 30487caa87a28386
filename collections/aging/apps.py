from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AgingConfig(AppConfig):
    name = "aging"
    verbose_name = _("aging")

    def ready(self) -> None:
        from aging.history.following import follow
        from aging.history.keeping import witness
        from ledger.posting import FOLLOWERS, WITNESSES

        WITNESSES.append(witness)
        FOLLOWERS.append(follow)
