"""Reads about saved views."""

from typing import Any

from django.db.models import BooleanField, Case, Exists, F, OuterRef, QuerySet, Value, When

from config.saved.models import ColumnChoice, Delivery, SavedView, Schedule, StartPage

MOST_DELIVERIES = 20


def columns_of(user: Any, page: str) -> str:
    """The columns that the user keeps for a list, empty where there are none."""
    return ColumnChoice.objects.filter(user=user, page=page).values_list("columns", flat=True).first() or ""


def views_for(user: Any, *, path: str = "") -> QuerySet[SavedView]:
    """The views that the user finds, the user's own first, with `is_start` and `is_own`."""
    start = StartPage.objects.filter(user=user, view=OuterRef("pk"))
    found = SavedView.objects.listed_for(user).select_related("user", "schedule")
    if path:
        found = found.filter(path=path)
    is_own = Case(When(user=user, then=Value(value=True)), default=Value(value=False), output_field=BooleanField())
    return found.annotate(is_start=Exists(start), is_own=is_own).order_by(F("is_own").desc(), "name", "pk")


def start_of(user: Any) -> SavedView | None:
    """The view with which the user begins, while it is still theirs to find."""
    chosen = StartPage.objects.filter(user=user).values("view")
    return SavedView.objects.listed_for(user).filter(pk__in=chosen).first()


def deliveries_of(schedule: Schedule) -> list[Delivery]:
    return list(schedule.deliveries.select_related("user")[:MOST_DELIVERIES])


def schedule_of(view: SavedView) -> Schedule | None:
    return Schedule.objects.filter(view=view).first()


def schedules_for(user: Any) -> QuerySet[Schedule]:
    """What others send to the user, and by whom."""
    return Schedule.objects.received_by(user).select_related("view__user").order_by("view__name", "pk")
