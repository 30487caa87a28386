from django.urls import path

from reconciliation.closing import views

app_name = "closing"
urlpatterns = [
    path("", views.month_list, name="months"),
    path("<str:text>/", views.month, name="month"),
    path("<str:text>/workbook/", views.workbook_of, name="workbook"),
    path("<str:text>/close/", views.close, name="close"),
    path("<str:text>/open/", views.reopen, name="open"),
]
