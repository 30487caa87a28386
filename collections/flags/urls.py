from django.urls import path

from flags import views

app_name = "flags"
urlpatterns = [
    path("", views.FlagList.as_view(), name="list"),
    path("thresholds/", views.thresholds, name="thresholds"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/acknowledge/", views.acknowledge, name="acknowledge"),
    path("<int:pk>/snooze/", views.snooze, name="snooze"),
]
