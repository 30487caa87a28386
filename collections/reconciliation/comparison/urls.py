from django.urls import path

from reconciliation.comparison.views import deciding, files, lists, taking

app_name = "comparison"

urlpatterns = [
    path("", lists.Comparisons.as_view(), name="list"),
    path("new/", taking.new, name="new"),
    path("new/<int:pk>/", taking.look, name="preview"),
    path("taken/<uuid:pk>/", taking.taken, name="taken"),
    path("from-answer/<int:pk>/", taking.from_answer, name="from-answer"),
    path("pair/", deciding.pair, name="pair"),
    path("<int:pk>/", lists.ComparisonPage.as_view(), name="detail"),
    path("<int:pk>/accept/", deciding.accept, name="accept"),
    path("<int:pk>/reopen/", deciding.reopen, name="reopen"),
    path("<int:pk>/withdraw/", deciding.withdraw, name="withdraw"),
    path("<int:pk>/again/", deciding.again, name="again"),
    path("<int:pk>/excel/", files.excel, name="excel"),
    path("<int:pk>/pdf/", files.pdf, name="pdf"),
    path("<int:pk>/file/", files.original, name="file"),
    path("<int:pk>/<str:side>/<int:key>/", deciding.line, name="line"),
]
