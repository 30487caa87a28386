from django.urls import path

from reconciliation.books import views

app_name = "books"
urlpatterns = [
    path("", views.SumsPage.as_view(), name="sums"),
    path("entries/", views.EntriesPage.as_view(), name="entries"),
    path("rejected/", views.RejectedPage.as_view(), name="rejected"),
    path("rejected/<int:pk>/", views.rejected_entry, name="rejected-entry"),
    path("reject/", views.reject_documents, name="reject"),
]
