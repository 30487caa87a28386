from datetime import date, timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from customers.queries import salespeople
from dashboard.acts import ACTS
from dashboard.queries.changes import about, people_at_work, recorded_from, recorded_until
from ledger.filters import EntryFilter
from ledger.forms.fields import DAY_FORMATS
from ledger.models import Posting


def _day(**kwargs: Any) -> django_filters.DateFilter:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return django_filters.DateFilter(input_formats=DAY_FORMATS, widget=widget, **kwargs)


def yesterday() -> date:
    return timezone.localdate() - timedelta(days=1)


class ChangeFilter(django_filters.FilterSet):  # type: ignore[misc]
    by = django_filters.ModelChoiceFilter(
        label=_("Recorded by"), queryset=lambda request: people_at_work(), empty_label=_("all")
    )
    act = django_filters.ChoiceFilter(
        label=_("Act"),
        choices=lambda: [(act, capfirst(str(name))) for act, name in ACTS.items()],
        empty_label=_("all"),
    )
    customer = django_filters.ModelChoiceFilter(
        label=_("Customer"),
        queryset=lambda request: Customer.objects.visible_to(request.user),
        widget=forms.HiddenInput,
        method="by_customer",
    )
    since = _day(label=_("From"), method="by_since")
    until = _day(label=_("Until"), method="by_until")

    def by_customer(self, queryset: QuerySet[Posting], name: str, customer: Customer) -> QuerySet[Posting]:
        return about(queryset, customer)

    def by_since(self, queryset: QuerySet[Posting], name: str, day: date) -> QuerySet[Posting]:
        return recorded_from(queryset, day)

    def by_until(self, queryset: QuerySet[Posting], name: str, day: date) -> QuerySet[Posting]:
        return recorded_until(queryset, day)

    @property
    def qs(self) -> Any:
        found = super().qs
        # Without a day or a customer the list begins yesterday; all of it is a day away.
        named = any(self.data.get(name) for name in ("since", "until", "customer"))
        return found if named else recorded_from(found, yesterday())


class FigureFilter(EntryFilter):
    """The list behind a figure; its state is the figure's own."""

    state = None
    owner = django_filters.ModelChoiceFilter(
        field_name="customer__owner",
        label=_("Answers for the customer"),
        queryset=lambda request: salespeople(request.user),
        empty_label=_("all"),
        null_label=_("nobody"),
    )
