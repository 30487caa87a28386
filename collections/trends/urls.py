from django.urls import path

from trends.views.cash import CashPage, ExpectedList
from trends.views.trends import TrendsPage

app_name = "trends"

urlpatterns = [
    path("", TrendsPage.as_view(), name="trends"),
    path("cash/", CashPage.as_view(), name="cash"),
    path("cash/entries/", ExpectedList.as_view(), name="expected"),
]
