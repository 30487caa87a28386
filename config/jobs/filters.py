import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from config.jobs.kinds import LABELS
from config.jobs.models import Job


class JobFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = django_filters.CharFilter(
        label=_("File"),
        method="search",
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    kind = django_filters.ChoiceFilter(label=_("Job"), choices=[*LABELS.items()], empty_label=_("all"))
    state = django_filters.ChoiceFilter(label=_("State"), choices=Job.State.choices, empty_label=_("all"))

    def search(self, queryset: QuerySet[Job], name: str, words: str) -> QuerySet[Job]:
        return queryset.filter(Q(upload_name__icontains=words) | Q(file_name__icontains=words))
