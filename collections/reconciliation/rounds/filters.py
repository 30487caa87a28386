"""The filters of the lists of reconciliations and of differences."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.models import Customer
from ledger.filters import YES, day_filter, key_account_filter, salesperson_filter, search_filter
from reconciliation.rounds.models import EVERY, KINDS, Difference, Reconciliation, Round, State
from reconciliation.rounds.queries.lists import owners
from reconciliation.rounds.rhythm import usual


class ReconciliationFilter(django_filters.FilterSet):  # type: ignore[misc]
    UNDER_WAY = "under_way"

    q = search_filter(_("Code or name"))
    round = django_filters.ModelChoiceFilter(
        label=_("As of"), queryset=lambda request: Round.objects.all(), empty_label=_("all")
    )
    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[(UNDER_WAY, _("under way")), ("silent", _("no answer in time")), *State.choices],
        method="by_state",
        empty_label=_("all"),
    )
    salesperson = salesperson_filter(field_name="customer__owner", null_label=_("nobody"))
    key_account = key_account_filter("customer__key_account")

    def search(self, queryset: QuerySet[Reconciliation], name: str, words: str) -> QuerySet[Reconciliation]:
        return queryset.filter(customer__in=Customer.objects.visible_to(self.request.user).search(words))

    def by_state(self, queryset: Any, name: str, state: str) -> QuerySet[Reconciliation]:
        found: QuerySet[Reconciliation]
        if state == self.UNDER_WAY:
            found = queryset.under_way()
        elif state == "silent":
            found = queryset.silent(timezone.localdate())
        else:
            found = queryset.filter(state=state)
        return found


class DifferenceFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = search_filter(_("Words or customer"))
    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[("resolved", _("resolved")), ("all", _("all"))],
        method="by_state",
        empty_label=pgettext_lazy("difference", "open"),
    )
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=KINDS, empty_label=_("all"))
    owner = django_filters.ModelChoiceFilter(
        label=_("Owner"),
        queryset=lambda request: owners(request.user),
        empty_label=_("all"),
        null_label=_("nobody"),
    )
    mine = django_filters.ChoiceFilter(label=_("Mine"), choices=YES[:1], method="by_mine", empty_label=_("all"))
    late = django_filters.ChoiceFilter(label=_("Late"), choices=YES, method="by_late", empty_label=_("all"))
    due_until = day_filter(field_name="due_on", lookup_expr="lte", label=_("Due until"))
    customer = django_filters.ModelChoiceFilter(
        label=_("Customer"),
        queryset=lambda request: Customer.objects.visible_to(request.user),
        widget=forms.HiddenInput,
    )

    first = ("q", "state", "kind", "owner", "late")

    def search(self, queryset: QuerySet[Difference], name: str, words: str) -> QuerySet[Difference]:
        customers = Customer.objects.visible_to(self.request.user).search(words)
        return queryset.filter(Q(words__icontains=words.strip()) | Q(customer__in=customers))

    def by_state(self, queryset: QuerySet[Difference], name: str, state: str) -> QuerySet[Difference]:
        return queryset.exclude(resolution="") if state == "resolved" else queryset

    def by_mine(self, queryset: QuerySet[Difference], name: str, value: str) -> QuerySet[Difference]:
        return queryset.filter(owner=self.request.user)

    def by_late(self, queryset: QuerySet[Difference], name: str, value: str) -> QuerySet[Difference]:
        late = Q(due_on__lt=timezone.localdate())
        return queryset.filter(late) if value == "yes" else queryset.exclude(late)

    @property
    def qs(self) -> Any:
        found = super().qs
        # Without a choice the list shows what is open; what was resolved is a choice away.
        return found if self.data.get("state") else found.open()


class RhythmFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = search_filter(_("Code or name"))
    every = django_filters.ChoiceFilter(
        label=_("How often"),
        choices=[("usual", _("as usual")), *((every.value, label) for every, label in EVERY.items())],
        method="by_every",
        empty_label=_("all"),
    )
    salesperson = salesperson_filter(field_name="owner", null_label=_("nobody"))
    key_account = key_account_filter()

    def search(self, queryset: Any, name: str, words: str) -> QuerySet[Customer]:
        found: QuerySet[Customer] = queryset.search(words)
        return found

    def by_every(self, queryset: QuerySet[Customer], name: str, every: str) -> QuerySet[Customer]:
        """Those whose rhythm it is, decided or as usual."""
        if every == "usual":
            return queryset.filter(rhythm__isnull=True)
        of_its_own = [is_key for is_key in (True, False) if usual(key_account=is_key).value == every]
        return queryset.filter(Q(rhythm__every=every) | Q(rhythm__isnull=True, key_account__in=of_its_own))
