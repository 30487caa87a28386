from django.urls import path

from config.saved import views

app_name = "saved"
urlpatterns = [
    path("", views.views, name="list"),
    path("new/", views.new, name="new"),
    path("menu/", views.menu, name="menu"),
    path("columns/", views.columns, name="columns"),
    path("received/<int:pk>/leave/", views.leave, name="leave"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/schedule/", views.schedule, name="schedule"),
    path("<int:pk>/stop/", views.stop, name="stop"),
    path("<int:pk>/send/", views.send, name="send"),
    path("<int:pk>/delete/", views.delete, name="delete"),
    path("<int:pk>/start/", views.begin, name="start"),
]
