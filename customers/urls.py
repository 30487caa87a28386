"""Who the customers are; what they owe, `customers:list` and `customers:detail`, is in ledger/urls_customers.py."""

from django.urls import path

from customers import views

urlpatterns = [
    path("new/", views.create, name="new"),
    path("options/", views.options, name="options"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/contacts/", views.contacts, name="contacts"),
]
