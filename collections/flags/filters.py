from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.queries import salespeople
from flags.models import Flag, FlagKind, Severity, State


class FlagFilter(django_filters.FilterSet):  # type: ignore[misc]
    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[*State.choices, ("all", _("all"))],
        method="by_state",
        empty_label=pgettext_lazy("flag", "open"),
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
        found: QuerySet[Flag] = (
            queryset.in_state(State(state), timezone.localdate()) if state in State.values else queryset
        )
        return found

    @property
    def qs(self) -> Any:
        found = super().qs
        # Without a choice the list shows what is open; the history is a choice away.
        return found if self.data.get("state") else found.open()
