"""What the customers owe: the upper half of the addresses under `customers:`."""

from django.urls import path

from ledger.views import accounts

urlpatterns = [
    path("", accounts.CustomerList.as_view(), name="list"),
    path("<int:pk>/", accounts.customer_detail, name="detail"),
]
