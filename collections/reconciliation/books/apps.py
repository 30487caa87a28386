from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BooksConfig(AppConfig):
    name = "reconciliation.books"
    verbose_name = _("sales book and finance book")

    def ready(self) -> None:
        from ledger.posting import FOLLOWERS
        from reconciliation.books.rejecting import clear_what_was_recorded_again

        FOLLOWERS.append(clear_what_was_recorded_again)
