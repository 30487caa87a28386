"""The lists of what waits."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ledger.columns import DateColumn, MoneyColumn, NumberColumn
from ledger.models import Entry

# A row that a colleague changes meanwhile is known again, and marked.
ROW = {"id": lambda record: f"row-{record.pk}", "data-live-row": ""}
WIDE_ONLY = {"td": {"class": "wide-only"}, "th": {"class": "wide-only"}}


class QueueTable(tables.Table):  # type: ignore[misc]
    """An entry that waits: what it is, whose, since when."""

    date = DateColumn(verbose_name=_("Date"), order_by=("date", "id"))
    waiting = NumberColumn(
        verbose_name=_("Days"), accessor="date", order_by=("-date", "-id"), attrs={"td": {"class": "number-cell"}}
    )
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
    currency = tables.Column(verbose_name=_("Currency"), attrs=WIDE_ONLY)

    class Meta:
        row_attrs = ROW

    def render_waiting(self, record: Entry) -> str:
        return str(self.value_waiting(record))

    def value_waiting(self, record: Entry) -> int:
        return (timezone.localdate() - record.date).days

    def render_document(self, record: Entry) -> str:
        url = reverse("ledger:entry", args=[record.pk])
        return format_html('<a href="{}">{}</a>', url, capfirst(str(record)))

    def value_kind(self, record: Entry) -> str:
        return capfirst(record.named_kind)

    def render_customer(self, record: Any) -> str:
        if not record.customer_is_visible:
            return str(record.customer.name)
        url = reverse("customers:detail", args=[record.customer_id])
        return format_html('<a href="{}">{}</a>', url, record.customer.name)


class ConfirmTable(QueueTable):
    method = tables.Column(verbose_name=_("Method"), accessor="payment__method", order_by=("payment__method",))
    bank_reference = tables.Column(verbose_name=_("Bank reference"), accessor="payment__bank_reference")
    memo = tables.Column(verbose_name=_("Memo"), attrs=WIDE_ONLY)
    document_amount = MoneyColumn(verbose_name=_("Amount"))

    class Meta(QueueTable.Meta):
        sequence = (
            *("date", "waiting", "document", "kind", "number", "customer", "customer_code", "customer_name"),
            *("method", "bank_reference", "memo", "salesperson", "document_amount", "currency"),
        )
        order_by = ("date",)
        empty_text = _("Everything is confirmed.")

    def render_method(self, record: Entry) -> str:
        return self.value_method(record)

    def value_method(self, record: Entry) -> str:
        return str(record.payment.get_method_display()) if hasattr(record, "payment") else ""


class SendTable(QueueTable):
    face = MoneyColumn(verbose_name=_("Document amount"))
    due_date = DateColumn(verbose_name=_("Due date"))
    sent_on = DateColumn(verbose_name=_("Sent on"), accessor="invoice__sent_on")

    class Meta(QueueTable.Meta):
        sequence = (
            *("date", "waiting", "document", "kind", "number", "customer", "customer_code", "customer_name"),
            *("salesperson", "due_date", "sent_on", "face", "currency"),
        )
        order_by = ("date",)
        empty_text = _("Nothing waits to be sent.")
