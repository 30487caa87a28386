from django.urls import path

from config.demo import views

app_name = "demo"
urlpatterns = [
    path("", views.firm, name="firm"),
    path("enter/", views.enter, name="enter"),
    path("leave/", views.leave, name="leave"),
]
