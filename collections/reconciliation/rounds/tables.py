"""The lists of reconciliations, of differences, and of how often customers are asked."""

from typing import Any, ClassVar

import django_tables2 as tables
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from ledger.columns import ROOMY_ONLY, CurrencyColumn, DateColumn, MoneyColumn, NumberColumn, YesColumn
from reconciliation.comparison.choices import ClassChoices
from reconciliation.rounds.models import EVERY, Difference, Reconciliation, State
from reconciliation.rounds.rhythm import Every, usual

TONES = {
    State.TO_SEND: "",
    State.ASKED: "info",
    State.DIFFERS: "warn",
    State.AGREED: "good",
    State.EXPLAINED: "good",
    State.DROPPED: "",
}


class OfCustomer(tables.Table):  # type: ignore[misc]
    """A row that belongs to a customer, by whom it is found."""

    customer = tables.Column(
        verbose_name=_("Customer"), order_by=("customer__code",), attrs={"td": {"class": "title"}}
    )
    customer_code = tables.Column(verbose_name=_("Customer code"), accessor="customer__code", visible=False)
    customer_name = tables.Column(verbose_name=_("Customer name"), accessor="customer__name", visible=False)
    salesperson = tables.Column(
        accessor="customer__owner",
        verbose_name=_("Salesperson"),
        attrs=ROOMY_ONLY,
        order_by=("customer__owner__last_name", "customer__owner__username"),
    )
    splits: ClassVar = {"customer": ("customer_code", "customer_name")}
    pieces: ClassVar = ("customer_code", "customer_name")

    def render_customer(self, record: Any) -> str:
        url = reverse("customers:detail", args=[record.customer_id])
        return format_html('<a href="{}">{}</a>', url, record.customer.name)


class ReconciliationTable(OfCustomer):
    as_of = DateColumn(verbose_name=_("As of"), accessor="round__last_day", order_by=("round__last_day", "pk"))
    balance = MoneyColumn(verbose_name=_("Balance"))
    currency = CurrencyColumn(verbose_name=_("Currency"))
    state = tables.Column(verbose_name=_("State"))
    asked_on = DateColumn(verbose_name=_("Asked on"), visible=False)
    answer_by = DateColumn(verbose_name=_("Answer due"))
    reminded_on = DateColumn(verbose_name=_("Reminded on"), visible=False)
    closed_on = DateColumn(verbose_name=_("Ended on"), visible=False)
    differences = NumberColumn(verbose_name=_("Differences"), accessor="open_differences", default="")
    note = tables.Column(verbose_name=_("Note"), visible=False)

    class Meta:
        sequence = (
            *("as_of", "customer", "customer_code", "customer_name", "salesperson", "state", "balance", "currency"),
            *("differences", "asked_on", "answer_by", "reminded_on", "closed_on", "note"),
        )
        order_by = ("-as_of",)
        empty_text = _("No customer is being asked.")

    def render_state(self, record: Reconciliation) -> str:
        late = record.state == State.ASKED and record.answer_by and record.answer_by < timezone.localdate()
        tone = "bad" if late else TONES[State(record.state)]
        label = gettext("no answer in time") if late else record.get_state_display()
        if record.statement_id is None:
            return format_html('<span class="badge {}">{}</span>', tone, label)
        url = reverse("statements:detail", args=[record.statement_id])
        return format_html('<a class="badge {}" href="{}">{}</a>', tone, url, label)

    def value_state(self, record: Reconciliation) -> str:
        return record.get_state_display()

    def render_differences(self, record: Any) -> str:
        if not record.open_differences:
            return ""
        url = reverse("rounds:differences")
        return format_html('<a href="{}?customer={}">{}</a>', url, record.customer_id, record.open_differences)

    def value_differences(self, record: Any) -> int:
        return int(record.open_differences or 0)


class DifferenceTable(OfCustomer):
    salesperson = tables.Column(
        accessor="customer__owner",
        verbose_name=_("Salesperson"),
        visible=False,
        order_by=("customer__owner__last_name", "customer__owner__username"),
    )
    words = tables.Column(verbose_name=_("What differs"), attrs={"td": {"class": "title wrap"}})
    kind = tables.Column(verbose_name=_("Kind"))
    amount = MoneyColumn(verbose_name=_("Amount"))
    currency = CurrencyColumn(verbose_name=_("Currency"))
    found_on = DateColumn(verbose_name=_("Found on"), visible=False)
    owner = tables.Column(verbose_name=_("Owner"), order_by=("owner__last_name", "owner__username"), default="")
    due_on = DateColumn(verbose_name=_("Due on"))
    resolution = tables.Column(verbose_name=_("Resolution"), default="")
    resolved_on = DateColumn(verbose_name=_("Resolved on"), visible=False)
    explanation = tables.Column(verbose_name=_("Explanation"), visible=False)

    class Meta:
        sequence = (
            *("words", "customer", "customer_code", "customer_name", "salesperson", "kind", "amount", "currency"),
            *("found_on", "owner", "due_on", "resolution", "resolved_on", "explanation"),
        )
        order_by = ("due_on",)
        empty_text = _("No difference is open.")

    def render_words(self, record: Difference) -> str:
        return format_html('<a href="{}">{}</a>', reverse("rounds:difference", args=[record.pk]), record.words)

    def render_kind(self, record: Difference) -> str:
        return capfirst(record.get_kind_display())

    def value_kind(self, record: Difference) -> str:
        return str(ClassChoices(record.kind).label)

    def render_owner(self, record: Difference) -> str:
        return str(record.owner)

    def render_due_on(self, record: Difference, value: Any) -> str:
        shown = str(DateColumn().render(value))
        if record.is_open and value < timezone.localdate():
            return format_html('<span class="badge bad">{}</span>', shown)
        return shown

    def render_resolution(self, record: Difference) -> str:
        return record.get_resolution_display()


class RhythmTable(tables.Table):  # type: ignore[misc]
    code = tables.Column(verbose_name=_("Customer code"))
    name = tables.Column(verbose_name=_("Customer name"), attrs={"td": {"class": "title"}})
    salesperson = tables.Column(
        accessor="owner", verbose_name=_("Salesperson"), order_by=("owner__last_name", "owner__username")
    )
    key_account = YesColumn(verbose_name=_("Key account"))
    every = tables.Column(verbose_name=_("How often"), accessor="pk", orderable=False)
    decided_by = tables.Column(verbose_name=_("Decided by"), accessor="rhythm__decided_by", default="")
    confirmed_on = DateColumn(verbose_name=_("Last confirmed"))

    class Meta:
        order_by = ("code",)
        empty_text = _("No customer matches.")

    def render_name(self, record: Customer) -> str:
        return format_html('<a href="{}">{}</a>', reverse("customers:detail", args=[record.pk]), record.name)

    def render_every(self, record: Any) -> str:
        decided = getattr(record, "decided", None)
        every = Every(decided) if decided else usual(key_account=record.key_account)
        return str(EVERY[every])

    def value_every(self, record: Any) -> str:
        return self.render_every(record)
