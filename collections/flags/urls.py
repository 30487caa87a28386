from django.urls import path

from flags.views import acts, lists

app_name = "flags"
urlpatterns = [
    path("", lists.FlagList.as_view(), name="list"),
    path("thresholds/", lists.thresholds, name="thresholds"),
    path("<int:pk>/", lists.detail, name="detail"),
    path("<int:pk>/acknowledge/", acts.acknowledge, name="acknowledge"),
    path("<int:pk>/snooze/", acts.snooze, name="snooze"),
    path("<int:pk>/follow-up/", acts.follow_up, name="follow-up"),
    path("customers/<int:pk>/snooze/", acts.snooze_customer, name="snooze-customer"),
    path("customers/<int:pk>/follow-up/", acts.follow_up_customer, name="follow-up-customer"),
    path("acts/<uuid:pk>/take-back/", acts.take_back, name="take-back"),
]
