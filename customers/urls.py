"""Who the customers are; what they owe is in ledger/urls_customers.py, all about one of them in account/urls.py."""

from django.urls import path

from customers import views

urlpatterns = [
    path("new/", views.create, name="new"),
    path("options/", views.options, name="options"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/contacts/", views.contacts, name="contacts"),
]
