from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from ledger.filters import day_filter, salesperson_filter, search_filter
from ledger.models import Entry
from ledger.queries.search import entries_matching


class RejectedFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = search_filter(_("Number or customer"))
    salesperson = salesperson_filter(field_name="entry__customer__owner")
    again = django_filters.ChoiceFilter(
        label=_("Recorded again"),
        choices=[("yes", _("yes")), ("no", _("not yet"))],
        method="by_again",
        empty_label=_("all"),
    )
    since = day_filter(field_name="recorded_at", lookup_expr="date__gte", label=_("Rejected from"))
    until = day_filter(field_name="recorded_at", lookup_expr="date__lte", label=_("Until"))

    def search(self, queryset: QuerySet[Any], name: str, words: str) -> QuerySet[Any]:
        found = Entry.objects.visible_to(self.request.user).filter(entries_matching(words, self.request.user))
        return queryset.filter(entry__in=found.values("pk"))

    def by_again(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(is_again=value == "yes")
