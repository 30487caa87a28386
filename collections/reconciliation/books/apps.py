from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BooksConfig(AppConfig):
    name = "reconciliation.books"
    verbose_name = _("sales book and finance book")
