"""The lists of statements, and of customers to make them for."""

from typing import Any, ClassVar

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from config.lists.moments import MomentColumn
from customers.models import Customer
from ledger.columns import ROOMY_ONLY, CurrencyColumn, DateColumn, MoneyColumn
from reconciliation.statements.models import Statement


class StatementTable(tables.Table):  # type: ignore[misc]
    customer = tables.Column(
        verbose_name=_("Customer"), order_by=("customer__code",), attrs={"td": {"class": "title"}}
    )
    customer_code = tables.Column(verbose_name=_("Customer code"), accessor="customer__code", visible=False)
    reference = tables.Column(verbose_name=_("Reference"), visible=False)
    salesperson = tables.Column(
        verbose_name=_("Salesperson"),
        accessor="customer__owner",
        order_by=("customer__owner__last_name", "customer__owner__username"),
        visible=False,
    )
    first_date = DateColumn(verbose_name=_("From"), visible=False)
    last_date = DateColumn(verbose_name=_("Until"))
    currency = CurrencyColumn(verbose_name=_("Currency"))
    opening = MoneyColumn(verbose_name=_("Opening balance"), visible=False)
    closing = MoneyColumn(verbose_name=_("Closing balance"))
    overdue = MoneyColumn(verbose_name=_("Overdue"))
    demand_by = DateColumn(verbose_name=_("Demands payment by"), visible=False)
    state = tables.Column(verbose_name=_("State"), empty_values=())
    sent_to = tables.Column(verbose_name=_("Sent to"), visible=False)
    sent_at = MomentColumn(verbose_name=_("Sent at"), attrs=ROOMY_ONLY)
    layout = tables.Column(verbose_name=_("Layout"), visible=False)
    language = tables.Column(verbose_name=_("Language"), visible=False)
    made_by = tables.Column(verbose_name=_("Made by"), order_by=("made_by__last_name",), visible=False)
    made_at = MomentColumn(verbose_name=_("Made at"), visible=False)

    class Meta:
        order_by = ("-made_at",)
        empty_text = _("No statement matches.")

    splits: ClassVar = {"customer": ("customer_code", "customer")}

    def render_customer(self, record: Statement) -> str:
        url = reverse("statements:detail", args=[record.pk])
        return format_html('<a href="{}">{}</a>', url, record.customer.name)

    def value_customer(self, record: Statement) -> str:
        return record.customer.name

    def render_state(self, record: Statement) -> str:
        return format_html('<span class="badge {}">{}</span>', record.tone, record.state_label)

    def value_state(self, record: Statement) -> str:
        return record.state_label


class ChooseTable(tables.Table):  # type: ignore[misc]
    name = tables.Column(verbose_name=_("Customer"), attrs={"td": {"class": "title"}})
    code = tables.Column(verbose_name=_("Customer code"))
    owner = tables.Column(
        verbose_name=_("Salesperson"), order_by=("owner__last_name", "owner__username"), attrs=ROOMY_ONLY
    )
    currency = CurrencyColumn(verbose_name=_("Currency"))
    balance = MoneyColumn(verbose_name=_("Balance"))
    overdue = MoneyColumn(verbose_name=_("Overdue"))
    stated_until = DateColumn(verbose_name=_("Last statement until"))
    agreed_until = DateColumn(verbose_name=_("Agreed until"))

    class Meta:
        order_by = ("code",)
        empty_text = _("No customer matches.")

    def render_name(self, record: Any) -> str:
        return format_html('<a href="{}">{}</a>', reverse("customers:detail", args=[record.pk]), record.name)

    def value_name(self, record: Customer) -> str:
        return record.name
