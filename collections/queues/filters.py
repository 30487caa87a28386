"""The filters of the queues."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from ledger.filters import day_filter, salesperson_filter, search_filter
from ledger.models import Entry, Kind, Payment
from ledger.models.entries import CREDIT_KINDS, GOODS_KINDS, MONEY_KINDS
from queues.queries.allocating import exact_ones


class QueueFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What every queue is searched and narrowed by."""

    q = search_filter(_("Number or customer"))
    salesperson = salesperson_filter()
    since = day_filter(field_name="date", lookup_expr="gte", label=_("From"))
    until = day_filter(field_name="date", lookup_expr="lte", label=_("Until"))

    def search(self, queryset: QuerySet[Entry], name: str, words: str) -> QuerySet[Entry]:
        customers = Customer.objects.visible_to(self.request.user).search(words)
        return queryset.filter(Q(number__icontains=words.strip()) | Q(customer__in=customers))


class ConfirmFilter(QueueFilter):
    q = search_filter(_("Number, bank reference or customer"))
    what = django_filters.ChoiceFilter(
        label=_("What"),
        choices=[("goods", _("goods")), ("money", _("money"))],
        method="by_what",
        empty_label=_("all"),
    )
    method = django_filters.ChoiceFilter(
        field_name="payment__method", label=_("Method"), choices=Payment.Method.choices, empty_label=_("all")
    )
    field_order = ("q", "what", "method", "salesperson", "since", "until")

    def search(self, queryset: QuerySet[Entry], name: str, words: str) -> QuerySet[Entry]:
        said = words.strip()
        found = Q(number__icontains=said) | Q(payment__bank_reference__icontains=said)
        return queryset.filter(found | Q(customer__in=Customer.objects.visible_to(self.request.user).search(words)))

    def by_what(self, queryset: QuerySet[Entry], name: str, what: str) -> QuerySet[Entry]:
        return queryset.filter(kind__in=GOODS_KINDS if what == "goods" else MONEY_KINDS)


class AllocateFilter(QueueFilter):
    kind = django_filters.ChoiceFilter(
        label=_("Kind"), choices=[(kind, kind.label) for kind in CREDIT_KINDS], empty_label=_("all")
    )
    fit = django_filters.ChoiceFilter(
        label=_("Suggestion"),
        choices=[("exact", _("exact")), ("other", _("not exact"))],
        method="by_fit",
        empty_label=_("all"),
    )
    field_order = ("q", "fit", "kind", "salesperson", "since", "until")

    def by_fit(self, queryset: QuerySet[Entry], name: str, fit: str) -> QuerySet[Entry]:
        exact = exact_ones(queryset).credits
        return queryset.filter(pk__in=exact) if fit == "exact" else queryset.exclude(pk__in=exact)


class IssueFilter(QueueFilter):
    PAID = "paid"

    # The page asks for these goods from the beginning: they are no part of what is open.
    goods = django_filters.ChoiceFilter(
        label=_("Goods"),
        choices=[(PAID, _("also paid ones, of the last 12 months"))],
        method="by_goods",
        empty_label=_("not paid in full"),
    )

    def by_goods(self, queryset: QuerySet[Entry], name: str, goods: str) -> QuerySet[Entry]:
        return queryset


class SendFilter(QueueFilter):
    SENT = "sent"
    ALL = "all"

    state = django_filters.ChoiceFilter(
        label=_("State"), choices=[(SENT, _("sent, not received"))], method="by_state", empty_label=_("not sent")
    )

    kind = django_filters.ChoiceFilter(
        label=_("Kind"),
        choices=[(Kind.CREDIT_NOTE, _("credit notes")), (ALL, _("invoices and credit notes"))],
        method="by_kind",
        empty_label=_("invoices"),
    )
    field_order = ("q", "state", "kind", "salesperson", "since", "until")

    def by_state(self, queryset: QuerySet[Entry], name: str, state: str) -> QuerySet[Entry]:
        return queryset.filter(invoice__sent_on__isnull=False)

    def by_kind(self, queryset: QuerySet[Entry], name: str, kind: str) -> QuerySet[Entry]:
        return queryset if kind == self.ALL else queryset.filter(kind=kind)

    @property
    def qs(self) -> Any:
        found = super().qs
        # Without a choice the list shows the invoices that are to be sent.
        if not self.data.get("state"):
            found = found.filter(invoice__sent_on__isnull=True)
        return found if self.data.get("kind") else found.filter(kind=Kind.INVOICE)
