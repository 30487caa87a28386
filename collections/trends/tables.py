"""The debts behind a week of expected cash, as a table."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from aging.tables import Rows
from ledger.columns import DateColumn, MoneyColumn, NumberColumn
from trends.queries.expected_items import ExpectedItem, ExpectedItems


class ExpectedTable(tables.Table):  # type: ignore[misc]
    number = tables.Column(verbose_name=_("number"), empty_values=(), attrs={"td": {"class": "what"}})
    kind = tables.Column(verbose_name=_("kind"), visible=False)
    customer_code = tables.Column(verbose_name=_("customer code"), visible=False)
    customer_name = tables.Column(verbose_name=_("customer"))
    salesperson = tables.Column(verbose_name=_("salesperson now"))
    due_date = DateColumn(verbose_name=_("due date"))
    delay = NumberColumn(verbose_name=_("usually late by days"), empty_values=())
    habit = tables.Column(verbose_name=_("whose habit"), empty_values=(), visible=False, orderable=False)
    expected_on = DateColumn(verbose_name=_("expected on"))
    open = MoneyColumn(verbose_name=_("open amount"))
    remains = MoneyColumn(verbose_name=_("expected amount"))

    class Meta:
        empty_text = _("Nothing is expected here.")

    def __init__(self, rows: ExpectedItems, **kwargs: Any) -> None:
        super().__init__(Rows(rows), **kwargs)

    def render_number(self, record: ExpectedItem) -> SafeString:
        url = reverse("ledger:entry", args=[record.entry])
        name = record.number or gettext("no number")
        return format_html('<a href="{}">{}</a><span class="sub">{}</span>', url, name, record.kind.label)

    def value_number(self, record: ExpectedItem) -> str:
        return record.number

    def value_kind(self, record: ExpectedItem) -> str:
        return str(record.kind.label)

    def render_customer_name(self, record: ExpectedItem) -> SafeString:
        return format_html('{}<span class="sub">{}</span>', record.customer_name, record.customer_code)

    def value_customer_name(self, record: ExpectedItem) -> str:
        return record.customer_name

    def render_delay(self, record: ExpectedItem) -> SafeString:
        return format_html('{}<span class="sub">{}</span>', record.delay, _whose(record))

    def value_delay(self, record: ExpectedItem) -> int:
        return record.delay

    def render_habit(self, record: ExpectedItem) -> str:
        return _whose(record)

    def value_habit(self, record: ExpectedItem) -> str:
        return _whose(record)


def _whose(record: ExpectedItem) -> str:
    return gettext("its own habit") if record.is_own else gettext("all customers' habit")
