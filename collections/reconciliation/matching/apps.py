from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MatchingConfig(AppConfig):
    name = "reconciliation.matching"
    verbose_name = _("matching bank lines")

    def ready(self) -> None:
        from ledger.posting import WITNESSES
        from reconciliation.bank.intake import FOLLOWERS
        from reconciliation.matching.following import follow
        from reconciliation.matching.undoing import witness

        WITNESSES.append(witness)
        FOLLOWERS.append(follow)
