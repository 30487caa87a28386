from django.urls import path

from dashboard.views import lists
from dashboard.views.dashboard import dashboard

app_name = "dashboard"

urlpatterns = [
    path("", dashboard, name="home"),
    path("changes/", lists.ChangeList.as_view(), name="changes"),
    path("changes/steps/", lists.StepList.as_view(), name="steps"),
    path("changes/confirmations/", lists.ConfirmationList.as_view(), name="confirmations"),
    path("changes/latest/", lists.unfolded, name="unfolded"),
    path("figures/<slug:figure>/", lists.FigureList.as_view(), name="figure"),
]
