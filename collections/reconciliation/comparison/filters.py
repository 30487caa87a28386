"""The filters of the comparisons, and of the lines of one."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from ledger.filters import day_filter, salesperson_filter, search_filter
from ledger.queries.search import amount_range
from reconciliation.comparison.choices import ClassChoices, ReasonChoices
from reconciliation.comparison.lines import Class
from reconciliation.comparison.models import ComparedItem, CustomerList

CLASSES = [(one.value, one.label) for one in ClassChoices if one.value not in (Class.OPENING, Class.UNEXPLAINED)]


class ListFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = search_filter(_("Customer or file"))
    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[("open", _("to agree")), ("accepted", _("accepted")), ("unexplained", _("something unexplained"))],
        method="by_state",
        empty_label=_("all"),
    )
    salesperson = salesperson_filter(field_name="customer__owner")
    since = day_filter(field_name="as_of", lookup_expr="gte", label=_("From"))
    until = day_filter(field_name="as_of", lookup_expr="lte", label=_("Until"))

    def search(self, queryset: QuerySet[CustomerList], name: str, words: str) -> QuerySet[CustomerList]:
        customers = Customer.objects.visible_to(self.request.user).search(words)
        return queryset.filter(Q(customer__in=customers) | Q(file_name__icontains=words.strip()))

    def by_state(self, queryset: QuerySet[CustomerList], name: str, state: str) -> QuerySet[CustomerList]:
        if state == "unexplained":
            return queryset.exclude(result__unexplained=0)
        return queryset.filter(result__accepted_at__isnull=state == "open")


class ItemFilter(django_filters.FilterSet):  # type: ignore[misc]
    DIFFERENCES = "differences"

    q = search_filter(_("Number or memo"))
    what = django_filters.ChoiceFilter(
        label=_("What"),
        choices=[
            (DIFFERENCES, _("differences")),
            ("pairs", _("pairs")),
            ("ours", _("only with us")),
            ("theirs", _("only with them")),
        ],
        method="by_what",
        empty_label=_("all"),
    )
    cls = django_filters.ChoiceFilter(label=_("Class"), choices=CLASSES, empty_label=_("all"))
    reason = django_filters.ChoiceFilter(label=_("Reason"), choices=ReasonChoices.choices, empty_label=_("all"))
    amount = search_filter(_("Amount"), method="by_amount", inputmode="decimal")

    # The tabs above the list say what is looked at.
    first = ("q", "cls", "reason", "amount")

    def search(self, queryset: QuerySet[ComparedItem], name: str, words: str) -> QuerySet[ComparedItem]:
        return queryset.filter(words__icontains=words.strip())

    def by_what(self, queryset: QuerySet[ComparedItem], name: str, what: str) -> QuerySet[ComparedItem]:
        match what:
            case "pairs":
                return queryset.exclude(reason="")
            case "ours":
                return queryset.filter(reason="", parts__entry__isnull=False)
            case "theirs":
                return queryset.filter(reason="", parts__line__isnull=False)
        return queryset.exclude(cls=Class.AGREED)

    def by_amount(self, queryset: QuerySet[ComparedItem], name: str, written: str) -> Any:
        written_range = amount_range(written)
        if written_range is None:
            return queryset.none()
        low, high = written_range
        found = Q()
        for name_of in ("ours_amount", "theirs_amount", "difference"):
            found |= Q(**{f"{name_of}__gte": low, f"{name_of}__lt": high})
            found |= Q(**{f"{name_of}__lte": -low, f"{name_of}__gt": -high})
        return queryset.filter(found)
