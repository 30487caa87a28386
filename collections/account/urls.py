"""One customer's pages, which belong to the addresses under `customers:`."""

from django.urls import path

from account import views

urlpatterns = [
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/ledger/", views.ledger, name="ledger"),
    path("<int:pk>/paid/", views.paid, name="paid"),
    path("<int:pk>/timeline/", views.timeline, name="timeline"),
    path("<int:pk>/files/", views.files, name="files"),
    path("<int:pk>/about/", views.about, name="about"),
]
