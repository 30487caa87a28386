from django.urls import path

from aging import views

app_name = "aging"

urlpatterns = [
    path("", views.ReportPage.as_view(), name="report"),
    path("items/", views.ItemList.as_view(), name="items"),
]
