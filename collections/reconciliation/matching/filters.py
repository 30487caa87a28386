"""The filters of the lists of matching."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from ledger.filters import day_filter, search_filter
from reconciliation.bank.models import BankAccount, BankLine
from reconciliation.matching.models import AsideKind, Claim, Match, Payer, SetAside
from reconciliation.matching.privacy import may_be_account
from reconciliation.matching.queries.standing import fits
from reconciliation.matching.queries.taken_back import taken_back


class LineFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = search_filter(_("Payer, memo or reference"))
    fit = django_filters.ChoiceFilter(
        label=_("Suggestion"),
        choices=[
            ("exact", _("exact")),
            ("some", _("not exact")),
            ("none", _("none")),
            ("claim", _("to be claimed")),
            ("returned", _("taken back by the bank")),
        ],
        method="by_fit",
        empty_label=_("all"),
    )
    way = django_filters.ChoiceFilter(
        label=_("Direction"),
        choices=[("in", _("money in")), ("out", _("money out"))],
        method="by_way",
        empty_label=_("all"),
    )
    account = django_filters.ModelChoiceFilter(
        label=_("Bank account"), queryset=BankAccount.objects.all(), empty_label=_("all")
    )
    since = day_filter(field_name="date", lookup_expr="gte", label=_("From"))
    until = day_filter(field_name="date", lookup_expr="lte", label=_("Until"))

    def search(self, queryset: QuerySet[BankLine], name: str, words: str) -> QuerySet[BankLine]:
        said = words.strip()
        found = Q(payer_name__icontains=said) | Q(memo__icontains=said) | Q(reference__icontains=said)
        if self.request.user.keeps_books:
            found |= Q(payer_account__icontains=said)
        return queryset.filter(found)

    def by_fit(self, queryset: QuerySet[BankLine], name: str, fit: str) -> QuerySet[BankLine]:
        return queryset.filter(fits(taken_back().keys)[fit])

    def by_way(self, queryset: QuerySet[BankLine], name: str, way: str) -> QuerySet[BankLine]:
        return queryset.filter(amount__gt=0) if way == "in" else queryset.filter(amount__lt=0)


class MatchFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = search_filter(_("Payer, number or customer"))
    posted = django_filters.ChoiceFilter(
        field_name="is_posted",
        label=_("Payment"),
        choices=[("True", _("posted from the line")), ("False", _("recorded before"))],
        empty_label=_("all"),
    )
    # Said above the list.
    act = django_filters.UUIDFilter(field_name="act", widget=forms.HiddenInput, label="")
    since = day_filter(field_name="line__date", lookup_expr="gte", label=_("From"))
    until = day_filter(field_name="line__date", lookup_expr="lte", label=_("Until"))

    def search(self, queryset: QuerySet[Match], name: str, words: str) -> QuerySet[Match]:
        customers = Customer.objects.visible_to(self.request.user).search(words)
        found = Q(line__payer_name__icontains=words.strip()) | Q(entry__number__icontains=words.strip())
        return queryset.filter(found | Q(entry__customer__in=customers))


class AsideFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = search_filter(_("Payer, memo or reason"))
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=AsideKind.choices, empty_label=_("all"))

    def search(self, queryset: QuerySet[SetAside], name: str, words: str) -> QuerySet[SetAside]:
        said = words.strip()
        found = Q(line__payer_name__icontains=said) | Q(line__memo__icontains=said) | Q(reason__icontains=said)
        return queryset.filter(found)


class ReceiptFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What salespeople look for: never by an account, nor within a memo, where one may stand."""

    q = search_filter(_("Payer"))
    since = day_filter(field_name="date", lookup_expr="gte", label=_("From"))
    until = day_filter(field_name="date", lookup_expr="lte", label=_("Until"))

    def search(self, queryset: QuerySet[BankLine], name: str, words: str) -> QuerySet[BankLine]:
        return queryset.none() if may_be_account(words) else queryset.filter(payer_name__icontains=words.strip())


class ClaimFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = search_filter(_("Payer or customer"))
    state = django_filters.ChoiceFilter(label=_("State"), choices=Claim.State.choices, empty_label=_("all"))

    def search(self, queryset: QuerySet[Claim], name: str, words: str) -> QuerySet[Claim]:
        customers = Customer.objects.visible_to(self.request.user).search(words)
        found = Q(customer__in=customers)
        if not may_be_account(words):
            found |= Q(line__payer_name__icontains=words.strip())
        return queryset.filter(found)


class PayerFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = search_filter(_("Payer, account or customer"))

    def search(self, queryset: QuerySet[Payer], name: str, words: str) -> QuerySet[Any]:
        customers = Customer.objects.visible_to(self.request.user).search(words)
        found = Q(name__icontains=words.strip()) | Q(account__icontains=words.strip())
        return queryset.filter(found | Q(customer__in=customers))
