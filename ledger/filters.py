"""The filters of the lists of customers and of entries."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from customers.queries import regions, salespeople
from ledger.forms.fields import DAY_FORMATS
from ledger.models import Entry, Kind
from ledger.queries.search import amounts_matching

LONGEST_SEARCH = 100
SEARCH = {"type": "search", "autocomplete": "off"}
YES = [("yes", _("yes")), ("no", _("no"))]


def _day(**kwargs: Any) -> django_filters.DateFilter:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return django_filters.DateFilter(input_formats=DAY_FORMATS, widget=widget, **kwargs)


class CustomerFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(
        label=_("Code or name"), method="search", max_length=LONGEST_SEARCH, widget=forms.TextInput(attrs=SEARCH)
    )
    owner = django_filters.ModelChoiceFilter(
        label=_("Salesperson"), queryset=lambda request: salespeople(request.user), empty_label=_("all")
    )
    region = django_filters.ChoiceFilter(label=_("Region"), empty_label=_("all"))
    overdue = django_filters.ChoiceFilter(
        label=_("Has overdue"), choices=YES, method="by_overdue", empty_label=_("all")
    )
    key_account = django_filters.ChoiceFilter(
        label=_("Key account"), choices=YES, method="by_key_account", empty_label=_("all")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["region"].extra["choices"] = [(name, name) for name in regions(self.request.user)]

    def search(self, queryset: Any, name: str, words: str) -> QuerySet[Customer]:
        found: QuerySet[Customer] = queryset.search(words)
        return found

    def by_overdue(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Customer]:
        return queryset.filter(overdue__gt=0) if value == "yes" else queryset.filter(overdue=0)

    def by_key_account(self, queryset: QuerySet[Customer], name: str, value: str) -> QuerySet[Customer]:
        return queryset.filter(key_account=value == "yes")


class EntryFilter(django_filters.FilterSet):  # type: ignore[misc]
    STATES = [
        ("open", _("open")),
        ("overdue", _("overdue")),
        ("unbilled", _("unbilled")),
        ("unapplied", _("unapplied")),
        ("closed", _("closed")),
    ]

    q = django_filters.CharFilter(
        label=_("Number or customer"),
        method="search",
        max_length=LONGEST_SEARCH,
        widget=forms.TextInput(attrs=SEARCH),
    )
    customer = django_filters.ModelChoiceFilter(
        label=_("Customer"),
        queryset=lambda request: Customer.objects.visible_to(request.user),
        widget=forms.HiddenInput,
    )
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Kind.choices, empty_label=_("all"))
    state = django_filters.ChoiceFilter(label=_("State"), choices=STATES, method="by_state", empty_label=_("all"))
    salesperson = django_filters.ModelChoiceFilter(
        label=_("Salesperson"), queryset=lambda request: salespeople(request.user), empty_label=_("all")
    )
    amount = django_filters.CharFilter(
        label=_("Amount"),
        method="by_amount",
        max_length=LONGEST_SEARCH,
        widget=forms.TextInput(attrs=SEARCH | {"inputmode": "decimal"}),
    )
    since = _day(field_name="date", lookup_expr="gte", label=_("From"))
    until = _day(field_name="date", lookup_expr="lte", label=_("Until"))
    confirmed = django_filters.ChoiceFilter(
        label=_("Confirmed"), choices=YES, method="by_confirmed", empty_label=_("all")
    )

    def search(self, queryset: QuerySet[Entry], name: str, words: str) -> QuerySet[Entry]:
        customers = Customer.objects.search(words)
        return queryset.filter(Q(number__icontains=words.strip()) | Q(customer__in=customers))

    def by_amount(self, queryset: QuerySet[Entry], name: str, written: str) -> QuerySet[Entry]:
        """Entries whose document or open amount was written so, of either sign; nothing where it is no amount."""
        matching = amounts_matching(written)
        return queryset.none() if matching is None else queryset.filter(matching)

    def by_confirmed(self, queryset: Any, name: str, value: str) -> QuerySet[Entry]:
        found: QuerySet[Entry] = queryset.confirmed() if value == "yes" else queryset.unconfirmed()
        return found

    def by_state(self, queryset: Any, name: str, state: str) -> QuerySet[Entry]:
        chosen: QuerySet[Entry]
        match state:
            case "open":
                chosen = queryset.open()
            case "overdue":
                chosen = queryset.overdue(timezone.localdate()).exclude(kind=Kind.SHIPMENT)
            case "unbilled":
                chosen = queryset.unbilled()
            case "unapplied":
                chosen = queryset.open().credits()
            case _:
                chosen = queryset.filter(closed_on__isnull=False)
        return chosen
