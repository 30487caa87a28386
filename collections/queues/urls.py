from django.urls import path
from django.views.generic import RedirectView

from queues.views import allocating, confirming, issuing, sending

app_name = "queues"

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="queues:allocate"), name="home"),
    path("allocate/", allocating.AllocateList.as_view(), name="allocate"),
    path("allocate/<int:pk>/accept/", allocating.accept, name="accept"),
    path("allocate/accepted/<uuid:pk>/", allocating.accepted, name="accepted"),
    path("allocate/exact/", allocating.accept_all, name="accept-all"),
    path("confirm/", confirming.ConfirmList.as_view(), name="confirm"),
    path("confirm/chosen/", confirming.confirm_chosen, name="confirm-chosen"),
    path("confirm/confirmed/<uuid:pk>/", confirming.confirmed, name="confirmed"),
    path("issue/", issuing.IssueList.as_view(), name="issue"),
    path("issue/several/", issuing.issue_several_at_once, name="issue-several"),
    path("issue/<int:pk>/<str:month>/", issuing.issue_month, name="issue-month"),
    path("send/", sending.SendList.as_view(), name="send"),
    path("send/sent/", sending.mark_sent, name="mark-sent"),
    path("send/received/", sending.mark_received, name="mark-received"),
]
