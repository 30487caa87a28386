"""The filters of the lists of statements, and of customers to make them for."""

from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from ledger.filters import YES, day_filter, key_account_filter, salesperson_filter, search_filter
from reconciliation.statements.models import State, Statement
from reconciliation.statements.models.statements import UNANSWERED
from reconciliation.statements.queries.statements import without_statement_since

NO_ANSWER = "no_answer"


class StatementFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = search_filter(_("Customer or reference"))
    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[(NO_ANSWER, _("no answer yet")), *State.choices],
        method="by_state",
        empty_label=_("all"),
    )
    salesperson = salesperson_filter(field_name="customer__owner")
    since = day_filter(field_name="last_date", lookup_expr="gte", label=_("Until, from"))
    until = day_filter(field_name="last_date", lookup_expr="lte", label=_("Until, to"))
    customer = django_filters.ModelChoiceFilter(
        label=_("Customer"),
        queryset=lambda request: Customer.objects.visible_to(request.user),
        widget=forms.HiddenInput,
    )
    demands = django_filters.ChoiceFilter(
        label=_("Demands payment"), choices=YES, method="by_demand", empty_label=_("all")
    )

    first = ("q", "state", "salesperson", "since", "until")

    def search(self, queryset: QuerySet[Statement], name: str, words: str) -> QuerySet[Statement]:
        customers = Customer.objects.visible_to(self.request.user).search(words)
        return queryset.filter(Q(reference__icontains=words.strip()) | Q(customer__in=customers))

    def by_state(self, queryset: QuerySet[Any], name: str, state: str) -> QuerySet[Any]:
        return queryset.filter(state__in=UNANSWERED if state == NO_ANSWER else [state])

    def by_demand(self, queryset: QuerySet[Statement], name: str, value: str) -> QuerySet[Statement]:
        return queryset.filter(demand_by__isnull=value != "yes")


class ChooseFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = search_filter(_("Code or name"))
    owner = salesperson_filter()
    owes = django_filters.ChoiceFilter(label=_("Has a balance"), choices=YES, method="by_owes", empty_label=_("all"))
    overdue = django_filters.ChoiceFilter(
        label=_("Has overdue"), choices=YES, method="by_overdue", empty_label=_("all")
    )
    without_since = day_filter(label=_("Without a statement since"), method="by_without")
    key_account = key_account_filter()

    first = ("q", "owner", "owes", "overdue", "without_since")

    def search(self, queryset: Any, name: str, words: str) -> QuerySet[Customer]:
        found: QuerySet[Customer] = queryset.search(words)
        return found

    def by_owes(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.exclude(balance=0) if value == "yes" else queryset.filter(balance=0)

    def by_overdue(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(overdue__gt=0) if value == "yes" else queryset.filter(overdue=0)

    def by_without(self, queryset: QuerySet[Any], name: str, day: date) -> QuerySet[Any]:
        return without_statement_since(queryset, day)
