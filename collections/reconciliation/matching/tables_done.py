"""What became of lines: matched, set aside; and the payers that were learned."""

from collections.abc import Sequence
from typing import Any, ClassVar

import django_tables2 as tables
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.lists.moments import MomentColumn
from ledger.columns import ROOMY_ONLY, DateColumn, MoneyColumn
from reconciliation.matching.models import Match, Payer, SetAside
from reconciliation.matching.tables import ROW, of_bank, with_currency


class MatchTable(tables.Table):  # type: ignore[misc]
    splits: ClassVar[dict[str, Sequence[str]]] = {"amount": ("amount", "currency")}
    pieces: ClassVar[tuple[str, ...]] = ("currency",)

    date = DateColumn(verbose_name=_("Date"), accessor="line__date")
    payer = tables.Column(
        verbose_name=_("What the bank says"), accessor="line__payer_name", attrs={"td": {"class": "title"}}
    )
    amount = MoneyColumn(verbose_name=_("Amount"))
    currency = tables.Column(verbose_name=_("Currency"), accessor="line__currency", visible=False)
    entry = tables.Column(verbose_name=_("Document"), orderable=False)
    customer = tables.Column(verbose_name=_("Customer"), accessor="entry__customer", order_by="entry__customer__code")
    is_posted = tables.Column(verbose_name=_("Payment"), attrs=ROOMY_ONLY)
    by = tables.Column(verbose_name=_("By"), order_by="by__username", attrs=ROOMY_ONLY)
    recorded_at = MomentColumn(
        verbose_name=_("Matched at"), attrs={"td": {"class": "nowrap roomy-only"}, "th": {"class": "roomy-only"}}
    )
    undo = tables.Column(
        verbose_name=_("Undo"), empty_values=(), orderable=False, accessor="pk", exclude_from_export=True
    )

    class Meta:
        row_attrs = ROW
        empty_text = _("No line is matched yet.")

    def render_payer(self, record: Match) -> str:
        return of_bank(record.line, self.request.user)

    def render_amount(self, record: Match) -> str:
        return with_currency(record.amount, record.line.currency)

    def value_amount(self, record: Match) -> Any:
        return record.amount

    def render_entry(self, record: Match) -> str:
        url = reverse("ledger:entry", args=[record.entry_id])
        return format_html('<a href="{}">{}</a>', url, capfirst(str(record.entry)))

    def value_entry(self, record: Match) -> str:
        return str(record.entry)

    def render_is_posted(self, value: bool) -> str:
        return gettext("posted from the line") if value else gettext("recorded before")

    def value_is_posted(self, value: bool) -> str:
        return self.render_is_posted(value)

    def render_undo(self, record: Match) -> str:
        if not self.request.user.keeps_books:
            return ""
        url = reverse("matching:undo", args=[record.pk])
        return format_html('<a class="btn small quiet" href="{}">{}</a>', url, gettext("Undo…"))


class AsideTable(tables.Table):  # type: ignore[misc]
    splits: ClassVar[dict[str, Sequence[str]]] = {"amount": ("amount", "currency")}
    pieces: ClassVar[tuple[str, ...]] = ("currency",)

    date = DateColumn(verbose_name=_("Date"), accessor="line__date")
    payer = tables.Column(
        verbose_name=_("What the bank says"),
        accessor="line__payer_name",
        attrs={"td": {"class": "title"}},
        empty_values=(),
    )
    amount = MoneyColumn(verbose_name=_("Amount"))
    currency = tables.Column(verbose_name=_("Currency"), accessor="line__currency", visible=False)
    kind = tables.Column(verbose_name=_("What the line is"))
    reason = tables.Column(verbose_name=_("Reason"), attrs=ROOMY_ONLY)
    by = tables.Column(verbose_name=_("By"), order_by="by__username", attrs=ROOMY_ONLY)
    undo = tables.Column(
        verbose_name=_("Undo"), empty_values=(), orderable=False, accessor="pk", exclude_from_export=True
    )

    class Meta:
        row_attrs = ROW
        empty_text = _("No line was set aside.")

    def render_payer(self, record: SetAside) -> str:
        return of_bank(record.line, self.request.user)

    def value_payer(self, record: SetAside) -> str:
        return record.line.payer_name

    def render_amount(self, record: SetAside) -> str:
        return with_currency(record.amount, record.line.currency)

    def value_amount(self, record: SetAside) -> Any:
        return record.amount

    def render_undo(self, record: SetAside) -> str:
        if not self.request.user.keeps_books:
            return ""
        context = {"aside": record, "here": self.request.get_full_path(), "csrf_token": get_token(self.request)}
        return render_to_string("reconciliation/matching/_take_up.html", context)


class PayerTable(tables.Table):  # type: ignore[misc]
    customer = tables.Column(verbose_name=_("Customer"), order_by="customer__code", attrs={"td": {"class": "title"}})
    name = tables.Column(verbose_name=_("Payer"))
    account = tables.Column(verbose_name=_("Account number"))
    recorded_at = MomentColumn(verbose_name=_("Learned at"))
    taught_by = tables.Column(verbose_name=_("From"), orderable=False, accessor="taught_by__entry")
    withdraw = tables.Column(
        verbose_name=_("Withdraw"), empty_values=(), orderable=False, accessor="pk", exclude_from_export=True
    )

    class Meta:
        row_attrs = ROW
        empty_text = _("No payer was learned yet; each match teaches one.")

    def render_customer(self, record: Payer) -> str:
        url = reverse("customers:detail", args=[record.customer_id])
        return format_html('<a href="{}">{}</a>', url, record.customer.name)

    def value_customer(self, record: Payer) -> str:
        return str(record.customer)

    def render_taught_by(self, record: Payer) -> str:
        url = reverse("matching:line", args=[record.taught_by.line_id])
        return format_html('<a href="{}">{}</a>', url, capfirst(record.taught_by.entry.described))

    def value_taught_by(self, record: Payer) -> str:
        return record.taught_by.entry.described

    def render_withdraw(self, record: Payer) -> str:
        if not self.request.user.keeps_books:
            return ""
        context = {"payer": record, "here": self.request.get_full_path(), "csrf_token": get_token(self.request)}
        return render_to_string("reconciliation/matching/_withdraw_payer.html", context)
