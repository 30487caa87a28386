from django.urls import path

from ledger.views import search

urlpatterns = [
    path("", search.found, name="search"),
    path("palette/", search.palette, name="palette"),
]
