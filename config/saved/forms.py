"""Naming a view, and when it is sent to whom."""

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.saved.models import SavedView, Schedule
from config.saved.times import LAST_DAY, Rule

HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]


def mailable() -> QuerySet[Any]:
    """Users of the product that a mail can reach: nobody else is ever sent anything."""
    people = get_user_model()._default_manager.filter(is_active=True).exclude(email="")
    return people.order_by("last_name", "first_name", "username")


class ViewForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    shared = forms.BooleanField(
        label=_("Share with everyone"),
        required=False,
        help_text=_("Others find it among their views; each sees only the rows that are theirs to see."),
    )
    at = forms.CharField(widget=forms.HiddenInput, required=False)


class RenameForm(ViewForm):
    at = None  # type: ignore[assignment]

    def __init__(self, *args: Any, view: SavedView, **kwargs: Any) -> None:
        kwargs["initial"] = {"name": view.name, "shared": view.shared}
        super().__init__(*args, **kwargs)


def _days() -> list[tuple[int, str]]:
    return [*((day, str(day)) for day in range(1, LAST_DAY)), (LAST_DAY, gettext("the last day"))]


class ScheduleForm(forms.Form):
    every = forms.ChoiceField(label=_("How often"), choices=Schedule.Every.choices)
    weekday = forms.TypedChoiceField(label=_("Weekday"), coerce=int, choices=[*WEEKDAYS.items()], required=False)
    day = forms.TypedChoiceField(label=_("Day of the month"), coerce=int, choices=_days, required=False)
    hour = forms.TypedChoiceField(label=_("At"), coerce=int, choices=HOURS)
    recipients: Any = forms.ModelMultipleChoiceField(
        queryset=None,
        label=_("To"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Each receives the rows that are theirs to see. Only users with an e-mail address can be chosen."
        ),
    )

    def __init__(self, *args: Any, view: SavedView, schedule: Schedule | None, **kwargs: Any) -> None:
        kept: dict[str, Any] = {"every": "week", "weekday": 0, "day": 1, "hour": 8, "recipients": [view.user_id]}
        if schedule is not None:
            kept = {name: getattr(schedule, name) for name in ("every", "weekday", "day", "hour")}
            kept["recipients"] = list(schedule.recipients.values_list("pk", flat=True))
        kwargs["initial"] = kept
        super().__init__(*args, **kwargs)
        self.fields["recipients"].queryset = mailable()  # type: ignore[attr-defined]

    def rule(self) -> Rule:
        said = self.cleaned_data
        return Rule(said["every"], said["weekday"] or 0, said["day"] or 1, said["hour"])


def in_words(schedule: Schedule) -> str:
    """Every week · Monday · 08:00."""
    on = ""
    if schedule.every == Schedule.Every.WEEK:
        on = str(WEEKDAYS[schedule.weekday])
    elif schedule.every == Schedule.Every.MONTH:
        on = dict(_days())[schedule.day]
    return " · ".join(filter(None, [capfirst(schedule.get_every_display()), on, f"{schedule.hour:02}:00"]))
