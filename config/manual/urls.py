from django.urls import path

from config.manual import views

urlpatterns = [
    path("", views.index, name="manual"),
    path("img/<slug:language>/<str:name>", views.picture, name="manual-picture"),
    path("<slug:name>/", views.page, name="manual-page"),
]
