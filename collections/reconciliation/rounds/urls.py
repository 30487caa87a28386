from django.urls import path

from reconciliation.rounds.views import coverage, differences, rounds

app_name = "rounds"
urlpatterns = [
    path("", rounds.RoundsPage.as_view(), name="home"),
    path("open/", rounds.open_now, name="open"),
    path("ask/", rounds.ask_chosen, name="ask"),
    path("asked/<uuid:pk>/", rounds.asked, name="asked"),
    path("drop/", rounds.drop_chosen, name="drop"),
    path("rhythms/", rounds.RhythmList.as_view(), name="rhythms"),
    path("rhythms/decide/", rounds.decide_rhythm, name="decide-rhythm"),
    path("rules/", rounds.change_policy, name="policy"),
    path("coverage/", coverage.MissingList.as_view(), name="coverage"),
    path("differences/", differences.DifferenceList.as_view(), name="differences"),
    path("differences/of-list/<int:pk>/", differences.record_of_list, name="record-list"),
    path("differences/<int:pk>/", differences.difference, name="difference"),
    path("differences/<int:pk>/assign/", differences.assign, name="assign"),
    path("differences/<int:pk>/comment/", differences.comment, name="comment"),
    path("differences/<int:pk>/classify/", differences.classify, name="classify"),
    path("differences/<int:pk>/posted/", differences.resolve_by_posting, name="resolve-posted"),
    path("differences/<int:pk>/explained/", differences.resolve_by_explanation, name="resolve-explained"),
    path("differences/<int:pk>/reopen/", differences.reopen, name="reopen"),
]
