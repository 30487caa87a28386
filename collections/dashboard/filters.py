from datetime import date, timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from dashboard.acts import ACTS, CONFIRMING
from dashboard.queries.changes import about, people_at_work, recorded_from, recorded_until
from dashboard.queries.steps import of_confirming, people_who_confirm
from ledger.filters import EntryFilter, day_filter, salesperson_filter
from ledger.models import Confirmation, InvoiceStep, Posting

# How far back "since" may lie on the dashboard: what is older is looked up in the list of changes.
LONGEST_SINCE = timedelta(days=31)


def yesterday() -> date:
    return timezone.localdate() - timedelta(days=1)


def since_asked(request: HttpRequest, today: date) -> date:
    """The day that the dashboard's address names, as far back as it goes; else yesterday."""
    try:
        asked = date.fromisoformat(request.GET.get("since", ""))
    except ValueError:
        return yesterday()
    return min(max(asked, today - LONGEST_SINCE), today)


class RecordedFilter(django_filters.FilterSet):  # type: ignore[misc]
    """By whom and when; without a day since yesterday."""

    by = django_filters.ModelChoiceFilter(
        label=_("Recorded by"), queryset=lambda request: people_at_work(request.user), empty_label=_("all")
    )
    since = day_filter(label=_("From"), method="by_since")
    until = day_filter(label=_("Until"), method="by_until")
    # What makes the list go back further than yesterday, besides a day.
    going_back: tuple[str, ...] = ("since", "until")

    def by_since(self, queryset: QuerySet[Any], name: str, day: date) -> QuerySet[Any]:
        return recorded_from(queryset, day)

    def by_until(self, queryset: QuerySet[Any], name: str, day: date) -> QuerySet[Any]:
        return recorded_until(queryset, day)

    @property
    def qs(self) -> Any:
        found = super().qs
        named = any(self.data.get(name) for name in self.going_back)
        return found if named else recorded_from(found, yesterday())


class StepFilter(RecordedFilter):
    step = django_filters.ChoiceFilter(label=_("Step"), choices=InvoiceStep.Step.choices, empty_label=_("all"))
    field_order = ("by", "step", "since", "until")


class ConfirmationFilter(RecordedFilter):
    by = django_filters.ModelChoiceFilter(
        label=_("Recorded by"), queryset=lambda request: people_who_confirm(), empty_label=_("all")
    )
    act = django_filters.ChoiceFilter(
        label=_("Act"), choices=lambda: list(CONFIRMING.items()), method="by_act", empty_label=_("all")
    )
    field_order = ("by", "act", "since", "until")

    def by_act(self, queryset: QuerySet[Confirmation], name: str, act: str) -> QuerySet[Confirmation]:
        return of_confirming(queryset, act)


class ChangeFilter(RecordedFilter):
    going_back = ("since", "until", "customer")
    field_order = ("by", "act", "since", "until", "customer")

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

    def by_customer(self, queryset: QuerySet[Posting], name: str, customer: Customer) -> QuerySet[Posting]:
        return about(queryset, customer)


class FigureFilter(EntryFilter):
    """The list behind a figure; its state is the figure's own."""

    state = None
    owner = salesperson_filter(_("Answers for the customer"), field_name="customer__owner", null_label=_("nobody"))
