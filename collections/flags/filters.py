from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.queries import salespeople
from flags.models import Flag, FlagKind, Severity


class FlagFilter(django_filters.FilterSet):  # type: ignore[misc]
    STATES = [
        ("due", _("waiting")),
        ("snoozed", _("snoozed")),
        ("acknowledged", _("acknowledged")),
        ("cleared", _("cleared")),
        ("all", _("all")),
    ]

    state = django_filters.ChoiceFilter(
        label=_("State"), choices=STATES, method="by_state", empty_label=pgettext_lazy("flag", "open")
    )
    kind = django_filters.ChoiceFilter(label=_("Flag"), choices=FlagKind.choices, empty_label=_("all"))
    severity = django_filters.ChoiceFilter(label=_("Severity"), choices=Severity.choices, empty_label=_("all"))
    salesperson = django_filters.ModelChoiceFilter(
        field_name="customer__owner",
        label=_("Salesperson"),
        queryset=lambda request: salespeople(request.user),
        empty_label=_("all"),
        null_label=_("nobody"),
    )
    customer = django_filters.NumberFilter(field_name="customer_id", widget=forms.HiddenInput)

    def by_state(self, queryset: Any, name: str, state: str) -> QuerySet[Flag]:
        on = timezone.localdate()
        chosen: dict[str, Any] = {
            "due": lambda: queryset.due(on),
            "snoozed": lambda: queryset.snoozed(on),
            "acknowledged": queryset.acknowledged,
            "cleared": queryset.cleared,
        }
        found: QuerySet[Flag] = chosen[state]() if state in chosen else queryset
        return found

    @property
    def qs(self) -> Any:
        found = super().qs
        # Without a choice the list shows what is open; the history is a choice away.
        return found if self.data.get("state") else found.open()
