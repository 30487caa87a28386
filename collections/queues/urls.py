from django.urls import path
from django.views.generic import RedirectView

from queues.views import confirming, sending

app_name = "queues"

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="queues:confirm"), name="home"),
    path("confirm/", confirming.ConfirmList.as_view(), name="confirm"),
    path("confirm/chosen/", confirming.confirm_chosen, name="confirm-chosen"),
    path("send/", sending.SendList.as_view(), name="send"),
    path("send/sent/", sending.mark_sent, name="mark-sent"),
    path("send/received/", sending.mark_received, name="mark-received"),
]
