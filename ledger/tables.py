"""The lists of customers and of entries."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from ledger.columns import DateColumn, MoneyColumn
from ledger.models import Entry


class CustomerTable(tables.Table):  # type: ignore[misc]
    name = tables.Column(verbose_name=_("Customer"), attrs={"td": {"class": "title"}})
    code = tables.Column(verbose_name=_("Customer code"))
    owner = tables.Column(verbose_name=_("Salesperson"), order_by=("owner__last_name", "owner__username"))
    region = tables.Column(verbose_name=_("Region"), attrs={"td": {"class": "wide-only"}, "th": {}})
    currency = tables.Column(verbose_name=_("Currency"), attrs={"td": {"class": "wide-only"}, "th": {}})
    balance = MoneyColumn(verbose_name=_("Balance"))
    overdue = MoneyColumn(verbose_name=_("Overdue"))
    unbilled = MoneyColumn(verbose_name=_("Unbilled"))
    unapplied = MoneyColumn(verbose_name=_("Unapplied"))

    class Meta:
        order_by = ("code",)
        empty_text = _("No customer matches.")

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
        exclude_from_export=True,
    )
    kind = tables.Column(verbose_name=_("Kind"), visible=False)
    number = tables.Column(verbose_name=_("Number"), visible=False)
    customer = tables.Column(verbose_name=_("Customer"), order_by=("customer__code",), exclude_from_export=True)
    customer_code = tables.Column(verbose_name=_("Customer code"), accessor="customer__code", visible=False)
    customer_name = tables.Column(verbose_name=_("Customer name"), accessor="customer__name", visible=False)
    salesperson = tables.Column(
        verbose_name=_("Salesperson"), order_by=("salesperson__last_name", "salesperson__username")
    )
    due_date = DateColumn(verbose_name=_("Due date"))
    currency = tables.Column(verbose_name=_("Currency"), attrs={"td": {"class": "wide-only"}, "th": {}})
    document_amount = MoneyColumn(verbose_name=_("Document amount"))
    amount = MoneyColumn(verbose_name=_("Adds to balance"))
    open_amount = MoneyColumn(verbose_name=_("Open amount"))

    class Meta:
        order_by = ("-date",)
        empty_text = _("No entry matches.")
        row_attrs = {"class": lambda record: "reversed" if _is_undone(record) else None}

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
