"""The filters of the bank's lists."""

from typing import Any

import django_filters
from django import forms
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from ledger.filters import day_filter, search_filter
from ledger.queries.search import amount_range
from reconciliation.bank.models import BankAccount, BankLine, BankStatement
from reconciliation.bank.queries import lines_saying


class LineFilter(django_filters.FilterSet):  # type: ignore[misc]
    WAYS = [("in", _("money in")), ("out", _("money out"))]
    STATES = [("open", _("not matched")), ("partly", _("matched in part")), ("done", _("matched"))]

    q = search_filter(_("Counterparty, memo or reference"))
    account = django_filters.ModelChoiceFilter(
        label=_("Bank account"), queryset=lambda request: BankAccount.objects.all(), empty_label=_("all")
    )
    way = django_filters.ChoiceFilter(label=_("In or out"), choices=WAYS, method="by_way", empty_label=_("all"))
    state = django_filters.ChoiceFilter(label=_("State"), choices=STATES, method="by_state", empty_label=_("all"))
    amount = search_filter(_("Amount"), method="by_amount", inputmode="decimal")
    since = day_filter(field_name="date", lookup_expr="gte", label=_("From"))
    until = day_filter(field_name="date", lookup_expr="lte", label=_("Until"))
    statement = django_filters.ModelChoiceFilter(
        label=_("Bank statement"),
        queryset=lambda request: BankStatement.objects.visible_to(request.user),
        widget=forms.HiddenInput,
    )

    first = ("q", "account", "way", "state", "amount", "since", "until")

    def search(self, queryset: QuerySet[BankLine], name: str, words: str) -> QuerySet[BankLine]:
        return lines_saying(queryset, words)

    def by_way(self, queryset: Any, name: str, way: str) -> QuerySet[BankLine]:
        found: QuerySet[BankLine] = queryset.received() if way == "in" else queryset.paid()
        return found

    def by_state(self, queryset: Any, name: str, state: str) -> QuerySet[BankLine]:
        if state == "open":
            found: QuerySet[BankLine] = queryset.unmatched()
        elif state == "partly":
            found = queryset.unmatched().exclude(open_amount=F("amount"))
        else:
            found = queryset.filter(open_amount=0)
        return found

    def by_amount(self, queryset: QuerySet[BankLine], name: str, text: str) -> QuerySet[BankLine]:
        written = amount_range(text)
        if written is None:
            return queryset.none()
        low, high = written
        return queryset.filter(Q(amount__gte=low, amount__lt=high) | Q(amount__lte=-low, amount__gt=-high))


class StatementFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = search_filter(_("File name"))
    account = django_filters.ModelChoiceFilter(
        label=_("Bank account"), queryset=lambda request: BankAccount.objects.all(), empty_label=_("all")
    )
    since = day_filter(field_name="last_date", lookup_expr="gte", label=_("From"))
    until = day_filter(field_name="first_date", lookup_expr="lte", label=_("Until"))

    def search(self, queryset: QuerySet[BankStatement], name: str, words: str) -> QuerySet[BankStatement]:
        return queryset.filter(file_name__icontains=words.strip())
