"""The lists of customers and of entries."""

from typing import Any, ClassVar

import django_tables2 as tables
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.lists.moments import MomentColumn
from customers.models import Customer
from ledger.columns import ROOMY_MONEY, ROOMY_ONLY, CurrencyColumn, DateColumn, MoneyColumn, NumberColumn, YesColumn
from ledger.models import Entry


class CustomerTable(tables.Table):  # type: ignore[misc]
    name = tables.Column(verbose_name=_("Customer"), attrs={"td": {"class": "title"}})
    code = tables.Column(verbose_name=_("Customer code"))
    owner = tables.Column(verbose_name=_("Salesperson"), order_by=("owner__last_name", "owner__username"))
    region = tables.Column(verbose_name=_("Region"), attrs={"td": {"class": "wide-only"}, "th": {}})
    team = tables.Column(verbose_name=_("Team"), accessor="owner__team", visible=False)
    parent = tables.Column(verbose_name=_("Parent customer"), order_by=("parent__code",), visible=False)
    key_account = YesColumn(verbose_name=_("Key account"), visible=False)
    terms = tables.Column(verbose_name=_("Terms"), accessor="terms_in_words", orderable=False, visible=False)
    tax_id = tables.Column(verbose_name=_("Unified social credit code"), visible=False)
    currency = CurrencyColumn(verbose_name=_("Currency"))
    credit_limit = MoneyColumn(verbose_name=_("Credit limit"), visible=False)
    balance = MoneyColumn(verbose_name=_("Balance"))
    receivable = MoneyColumn(verbose_name=_("Receivable"), visible=False)
    overdue = MoneyColumn(verbose_name=_("Overdue"))
    unbilled = MoneyColumn(verbose_name=_("Unbilled"))
    unapplied = MoneyColumn(verbose_name=_("Unapplied"))

    class Meta:
        order_by = ("code",)
        empty_text = _("No customer matches.")

    needs: ClassVar = {"team": "owner__team", "parent": "parent"}

    def render_name(self, record: Customer) -> str:
        link = format_html('<a href="{}">{}</a>', reverse("customers:detail", args=[record.pk]), record.name)
        if record.key_account:
            return format_html('{} <span class="badge info">{}</span>', link, gettext("key account"))
        return link

    def value_name(self, record: Customer) -> str:
        return record.name


class EntryTable(tables.Table):  # type: ignore[misc]
    date = DateColumn(verbose_name=_("Date"), order_by=("date", "id"))
    # What the page shows in one cell has columns of its own in an export, for looking up.
    document = tables.Column(
        verbose_name=_("Document"),
        accessor="number",
        attrs={"td": {"class": "title nowrap"}},
        empty_values=(),
    )
    kind = tables.Column(verbose_name=_("Kind"), visible=False)
    number = tables.Column(verbose_name=_("Number"), visible=False)
    customer = tables.Column(verbose_name=_("Customer"), order_by=("customer__code",))
    customer_code = tables.Column(verbose_name=_("Customer code"), accessor="customer__code", visible=False)
    customer_name = tables.Column(verbose_name=_("Customer name"), accessor="customer__name", visible=False)
    region = tables.Column(verbose_name=_("Region"), accessor="customer__region", visible=False)
    key_account = YesColumn(verbose_name=_("Key account"), accessor="customer__key_account", visible=False)
    salesperson = tables.Column(
        verbose_name=_("Salesperson"), order_by=("salesperson__last_name", "salesperson__username"), attrs=ROOMY_ONLY
    )
    due_date = DateColumn(verbose_name=_("Due date"))
    days_past_due = NumberColumn(
        verbose_name=_("Days past due"), accessor="due_date", order_by=("-due_date",), visible=False
    )
    currency = CurrencyColumn(verbose_name=_("Currency"))
    document_amount = MoneyColumn(verbose_name=_("Document amount"))
    amount = MoneyColumn(verbose_name=_("Adds to balance"), attrs=ROOMY_MONEY)
    open_amount = MoneyColumn(verbose_name=_("Open amount"))
    closed_on = DateColumn(verbose_name=_("Closed on"), visible=False)
    confirmed_on = DateColumn(verbose_name=_("Confirmed on"), visible=False)
    memo = tables.Column(verbose_name=_("Memo"), visible=False, attrs={"td": {"class": "wrap"}})
    recorded_at = MomentColumn(verbose_name=_("Recorded at"), visible=False)
    recorded_by = tables.Column(verbose_name=_("Recorded by"), accessor="posting__by", orderable=False, visible=False)

    class Meta:
        order_by = ("-date",)
        empty_text = _("No entry matches.")
        row_attrs = {"class": lambda record: "reversed" if _is_undone(record) else None}

    splits: ClassVar = {"document": ("kind", "number"), "customer": ("customer_code", "customer_name")}
    pieces = ("customer_name",)
    needs: ClassVar = {"recorded_by": "posting__by"}

    def render_kind(self, record: Entry) -> str:
        return capfirst(record.named_kind)

    def render_days_past_due(self, record: Entry) -> int | str:
        """Of what is still open; nothing else is late."""
        days = self.value_days_past_due(record)
        return "—" if days is None else days

    def value_days_past_due(self, record: Entry) -> int | None:
        if record.closed_on is not None or record.due_date is None or not record.is_debt:
            return None
        days = (timezone.localdate() - record.due_date).days
        return days if days > 0 else None

    def value_region(self, record: Any) -> str:
        """Nothing of a customer that is no longer the reader's."""
        return str(record.customer.region) if record.customer_is_visible else ""

    def render_region(self, record: Any) -> str:
        return self.value_region(record)

    def render_document(self, record: Entry) -> str:
        name = format_html('<a href="{}">{}</a>', reverse("ledger:entry", args=[record.pk]), capfirst(str(record)))
        return format_html("{}{}", name, _state(record))

    def value_kind(self, record: Entry) -> str:
        return capfirst(record.named_kind)

    def render_customer(self, record: Any) -> str:
        if not record.customer_is_visible:
            return str(record.customer.name)
        url = reverse("customers:detail", args=[record.customer_id])
        return format_html('<a href="{}">{}</a>', url, record.customer.name)


def _is_undone(entry: Entry) -> bool:
    return entry.reverses_id is not None or hasattr(entry, "reversed_by")


def _state(entry: Entry) -> str:
    # A reversal says so by its name.
    if entry.reverses_id is None and hasattr(entry, "reversed_by"):
        return format_html(' <span class="badge">{}</span>', gettext("reversed"))
    return ""
