"""What the customers owe: a part of the addresses under `customers:`."""

from django.urls import path

from ledger.views import accounts

urlpatterns = [
    path("", accounts.CustomerList.as_view(), name="list"),
]
