from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from flags.models import Flag, FlagKind, Severity, State
from ledger.filters import MoneyFilter, key_account_filter, salesperson_filter
from ledger.queries.search import entries_matching


class FlagFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(
        label=_("Number or customer"),
        method="search",
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[*State.choices, ("all", _("all"))],
        method="by_state",
        empty_label=pgettext_lazy("flag", "open"),
    )
    kind = django_filters.ChoiceFilter(label=_("Flag"), choices=FlagKind.choices, empty_label=_("all"))
    severity = django_filters.ChoiceFilter(label=_("Severity"), choices=Severity.choices, empty_label=_("all"))
    salesperson = salesperson_filter(field_name="customer__owner", null_label=_("nobody"))
    key_account = key_account_filter("customer__key_account")
    since = django_filters.DateFilter(
        field_name="raised_on",
        lookup_expr="gte",
        label=_("Raised from"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    amount_from = MoneyFilter(label=_("Money at stake from"), field_name="amount_at_stake", lookup_expr="gte")
    customer = django_filters.NumberFilter(field_name="customer_id", widget=forms.HiddenInput)

    first = ("q", "state", "kind", "severity", "salesperson")

    def search(self, queryset: QuerySet[Flag], name: str, words: str) -> QuerySet[Flag]:
        return queryset.filter(entries_matching(words, self.request.user, "entry__"))

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
