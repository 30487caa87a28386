"""The filters of the lists of customers and of entries."""

from datetime import timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from customers.queries import regions_and_currencies, salespeople
from ledger.forms.fields import DAY_FORMATS, MoneyField
from ledger.models import Entry, Kind, Payment
from ledger.queries.search import amounts_matching, entries_matching

LONGEST_SEARCH = 100
YES = [("yes", _("yes")), ("no", _("no"))]


def search_filter(label: Any, *, method: str = "search", **attrs: str) -> django_filters.CharFilter:
    widget = forms.TextInput(attrs={"type": "search", "autocomplete": "off", **attrs})
    return django_filters.CharFilter(label=label, method=method, max_length=LONGEST_SEARCH, widget=widget)


def day_filter(**kwargs: Any) -> django_filters.DateFilter:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return django_filters.DateFilter(input_formats=DAY_FORMATS, widget=widget, **kwargs)


def salesperson_filter(label: Any = None, **kwargs: Any) -> django_filters.ModelChoiceFilter:
    """Of those who answer for a customer that the user sees; with `null_label`, also of nobody."""
    return django_filters.ModelChoiceFilter(
        label=label or _("Salesperson"),
        queryset=lambda request: salespeople(request.user),
        empty_label=_("all"),
        **kwargs,
    )


def key_account_filter(field_name: str = "key_account") -> django_filters.ChoiceFilter:
    def chosen(rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(**{name: value == "yes"})

    return django_filters.ChoiceFilter(
        label=_("Key account"), field_name=field_name, choices=YES, method=chosen, empty_label=_("all")
    )


def _days() -> list[tuple[str, str]]:
    return [(str(n), gettext("more than %(n)d") % {"n": n}) for n in (0, 30, 60, 90, 180, 365)]


class MoneyFilter(django_filters.Filter):  # type: ignore[misc]
    field_class = MoneyField


def _amount(label: Any, **kwargs: Any) -> MoneyFilter:
    return MoneyFilter(label=label, signed=True, zero=True, **kwargs)


def _currency(field: str = "currency") -> django_filters.ChoiceFilter:
    """Of the currencies in use; the choices are filled in by the filter set."""
    return django_filters.ChoiceFilter(label=_("Currency"), field_name=field, empty_label=_("all"))


class CustomerFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = search_filter(_("Code or name"))
    owner = salesperson_filter()
    region = django_filters.ChoiceFilter(label=_("Region"), empty_label=_("all"))
    overdue = django_filters.ChoiceFilter(
        label=_("Has overdue"), choices=YES, method="by_overdue", empty_label=_("all")
    )
    key_account = key_account_filter()

    currency = _currency()
    balance_from = _amount(_("Balance from"), field_name="balance", lookup_expr="gte")
    balance_to = _amount(_("Balance to"), field_name="balance", lookup_expr="lte")
    overdue_from = _amount(_("Overdue from"), field_name="overdue", lookup_expr="gte")
    over_limit = django_filters.ChoiceFilter(
        label=_("Over the credit limit"), choices=YES, method="by_limit", empty_label=_("all")
    )

    first = ("q", "owner", "region", "overdue", "key_account")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names, codes = regions_and_currencies(self.request.user)
        self.filters["region"].extra["choices"] = [(name, name) for name in names]
        self.filters["currency"].extra["choices"] = [(code, code) for code in codes]

    def by_limit(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        over = Q(credit_limit__isnull=False, balance__gt=F("credit_limit"))
        return queryset.filter(over) if value == "yes" else queryset.exclude(over)

    def search(self, queryset: Any, name: str, words: str) -> QuerySet[Customer]:
        found: QuerySet[Customer] = queryset.search(words)
        return found

    def by_overdue(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Customer]:
        return queryset.filter(overdue__gt=0) if value == "yes" else queryset.filter(overdue=0)


class EntryFilter(django_filters.FilterSet):  # type: ignore[misc]
    STATES = [
        ("open", _("open")),
        ("overdue", _("overdue")),
        ("unbilled", _("unbilled")),
        ("unapplied", _("unapplied")),
        ("closed", _("closed")),
    ]

    q = search_filter(_("Number or customer"))
    customer = django_filters.ModelChoiceFilter(
        label=_("Customer"),
        queryset=lambda request: Customer.objects.visible_to(request.user),
        widget=forms.HiddenInput,
    )
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Kind.choices, empty_label=_("all"))
    state = django_filters.ChoiceFilter(label=_("State"), choices=STATES, method="by_state", empty_label=_("all"))
    salesperson = salesperson_filter()
    amount = search_filter(_("Amount"), method="by_amount", inputmode="decimal")
    since = day_filter(field_name="date", lookup_expr="gte", label=_("From"))
    until = day_filter(field_name="date", lookup_expr="lte", label=_("Until"))
    confirmed = django_filters.ChoiceFilter(
        label=_("Confirmed"), choices=YES, method="by_confirmed", empty_label=_("all")
    )
    overdue = django_filters.ChoiceFilter(
        label=_("Days past due"), choices=_days, method="by_overdue", empty_label=_("all")
    )
    due_since = day_filter(field_name="due_date", lookup_expr="gte", label=_("Due from"))
    due_until = day_filter(field_name="due_date", lookup_expr="lte", label=_("Due until"))
    amount_from = _amount(_("Amount from"), field_name="document_amount", lookup_expr="gte")
    amount_to = _amount(_("Amount to"), field_name="document_amount", lookup_expr="lte")
    currency = _currency()
    method = django_filters.ChoiceFilter(
        label=_("Payment method"), field_name="payment__method", choices=Payment.Method.choices, empty_label=_("all")
    )
    region = django_filters.ChoiceFilter(label=_("Region"), field_name="customer__region", empty_label=_("all"))
    key_account = key_account_filter("customer__key_account")

    first = ("q", "kind", "state", "salesperson", "since", "until")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names, codes = regions_and_currencies(self.request.user)
        self.filters["region"].extra["choices"] = [(name, name) for name in names]
        self.filters["currency"].extra["choices"] = [(code, code) for code in codes]

    def by_overdue(self, queryset: Any, name: str, days: str) -> QuerySet[Entry]:
        late: QuerySet[Entry] = queryset.overdue(timezone.localdate() - timedelta(days=int(days)))
        return late.exclude(kind=Kind.SHIPMENT)

    def search(self, queryset: QuerySet[Entry], name: str, words: str) -> QuerySet[Entry]:
        return queryset.filter(entries_matching(words, self.request.user))

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
