from django.urls import URLPattern, path

from reconciliation.bank.views import importing, lists

app_name = "bank"
urlpatterns: list[URLPattern] = [
    path("", lists.LineList.as_view(), name="lines"),
    path("lines/<int:pk>/", lists.line, name="line"),
    path("statements/", lists.StatementList.as_view(), name="statements"),
    path("statements/<int:pk>/", lists.statement, name="statement"),
    path("statements/<int:pk>/file/", lists.file, name="file"),
    path("accounts/", lists.AccountList.as_view(), name="accounts"),
    path("accounts/new/", lists.new_account, name="account-new"),
    path("accounts/<int:pk>/", lists.account, name="account"),
    path("import/", importing.upload, name="upload"),
    path("import/<uuid:pk>/", importing.detail, name="import"),
    path("import/<uuid:pk>/again/", importing.again, name="again"),
    path("import/<uuid:pk>/take/", importing.take, name="take"),
]
