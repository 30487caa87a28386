from django.urls import path

from config.jobs import views

app_name = "jobs"
urlpatterns = [
    path("", views.JobList.as_view(), name="list"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/restart/", views.restart, name="restart"),
    path("<uuid:pk>/file/", views.download, name="file"),
]
