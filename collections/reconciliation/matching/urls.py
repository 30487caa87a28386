from django.urls import path

from reconciliation.matching.views import claims, desk, lines, rules

app_name = "matching"

urlpatterns = [
    path("", desk.LineList.as_view(), name="desk"),
    path("weigh/", desk.weigh, name="weigh"),
    path("exact/", desk.accept_all, name="accept-all"),
    path("accepted/<uuid:pk>/", desk.accepted, name="accepted"),
    path("release/", desk.release_chosen, name="release-chosen"),
    path("matched/", desk.MatchList.as_view(), name="matches"),
    path("matched/<int:pk>/undo/", lines.undo_match, name="undo"),
    path("aside/", desk.AsideList.as_view(), name="asides"),
    path("aside/<int:pk>/back/", lines.aside_back, name="aside-back"),
    path("payers/", desk.PayerList.as_view(), name="payers"),
    path("payers/<int:pk>/withdraw/", lines.withdraw, name="withdraw-payer"),
    path("limits/", rules.rules, name="rules"),
    path("limits/<int:pk>/", rules.rules, name="rule"),
    path("lines/<int:pk>/", lines.line, name="line"),
    path("lines/<int:pk>/accept/", lines.accept_suggestion, name="accept"),
    path("lines/<int:pk>/by-hand/", lines.by_hand, name="by-hand"),
    path("lines/<int:pk>/aside/", lines.aside, name="aside"),
    path("lines/<int:pk>/aside/both/", lines.both_aside, name="both-aside"),
    path("lines/<int:pk>/release/", lines.release_line, name="release"),
    path("claims/", claims.ReceiptList.as_view(), name="receipts"),
    path("claims/made/", claims.ClaimList.as_view(), name="claims"),
    path("claims/made/<int:pk>/", claims.claimed, name="claimed"),
    path("claims/made/<int:pk>/decide/", claims.decide, name="decide"),
    path("claims/made/<int:pk>/withdraw/", claims.withdraw, name="withdraw-claim"),
    path("claims/<int:pk>/", claims.claim, name="claim"),
]
