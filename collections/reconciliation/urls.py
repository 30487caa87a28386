"""The addresses of the three books; each app lists its own."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("bank/", include("reconciliation.bank.urls")),
    path("matching/", include("reconciliation.matching.urls")),
    path("books/", include("reconciliation.books.urls")),
    path("closing/", include("reconciliation.closing.urls")),
    path("statements/", include("reconciliation.statements.urls")),
    path("comparison/", include("reconciliation.comparison.urls")),
    path("rounds/", include("reconciliation.rounds.urls")),
]
