from django.urls import path

from reconciliation.statements.views import lists, making, statements

app_name = "statements"
urlpatterns = [
    path("", lists.StatementList.as_view(), name="list"),
    path("send/", making.send_chosen, name="send-chosen"),
    path("choose/", lists.ChooseList.as_view(), name="choose"),
    path("make/", making.for_many, name="make"),
    path("made/<uuid:pk>/", lists.made, name="made"),
    path("firm/", making.firm, name="firm"),
    path("customer/<int:pk>/", statements.of_customer, name="of-customer"),
    path("customer/<int:pk>/new/", making.for_one, name="make-one"),
    path("<int:pk>/", statements.detail, name="detail"),
    path("<int:pk>/document.pdf", statements.pdf, name="pdf"),
    path("<int:pk>/statement.xlsx", statements.workbook, name="workbook"),
    path("<int:pk>/send/", statements.send_one, name="send"),
    path("<int:pk>/link/", statements.give_link, name="link"),
    path("<int:pk>/passed-on/", statements.passed_on, name="passed-on"),
    path("<int:pk>/revoke/<int:dispatch>/", statements.revoke_link, name="revoke"),
    path("<int:pk>/withdraw/", statements.withdraw, name="withdraw"),
    path("<int:pk>/reply/", statements.reply, name="reply"),
    path("<int:pk>/files/<int:file>/", statements.answer_file, name="answer-file"),
]
