from django.urls import path

from ledger.views import imports

app_name = "imports"
urlpatterns = [
    path("", imports.upload, name="upload"),
    path("template/", imports.template, name="template"),
    path("<uuid:pk>/", imports.detail, name="detail"),
    path("<uuid:pk>/post/", imports.post, name="post"),
]
