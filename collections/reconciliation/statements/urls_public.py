"""The door for customers, at the root: short addresses that say nothing of the product."""

from django.urls import path

from reconciliation.statements.views import public

urlpatterns = [
    # The token stands here alone; config.redaction keeps it out of logs.
    path("open/<str:token>/", public.open_link, name="statement-open"),
    path("<str:handle>/", public.statement, name="statement-view"),
    path("<str:handle>/differs/", public.differs, name="statement-differs"),
    path("<str:handle>/document.pdf", public.pdf, name="statement-pdf"),
    path("<str:handle>/statement.xlsx", public.workbook, name="statement-xlsx"),
]
