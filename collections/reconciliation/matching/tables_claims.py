"""Receipts to be claimed, and the claims."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from config.lists.moments import MomentColumn
from ledger.columns import DateColumn, MoneyColumn
from reconciliation.bank.models import BankLine
from reconciliation.matching.models import Claim
from reconciliation.matching.privacy import without_accounts
from reconciliation.matching.queries.taken_back import Returned, taken_back
from reconciliation.matching.tables import ROW, with_currency


class ReceiptTable(tables.Table):  # type: ignore[misc]
    """For salespeople: what a claimer needs, and no account of the payer."""

    splits: ClassVar[dict[str, Sequence[str]]] = {
        "open_amount": ("open_amount", "currency"),
        "payer": ("payer", "memo"),
    }
    pieces: ClassVar[tuple[str, ...]] = ("currency", "memo")

    date = DateColumn(verbose_name=_("Date"), order_by=("date", "pk"))
    payer = tables.Column(
        verbose_name=_("Payer"), accessor="payer_name", attrs={"td": {"class": "title"}}, empty_values=()
    )
    memo = tables.Column(verbose_name=_("Memo"), visible=False, empty_values=(), orderable=False)
    open_amount = MoneyColumn(verbose_name=_("Amount"))
    currency = tables.Column(verbose_name=_("Currency"), visible=False)
    claim_count = tables.Column(verbose_name=_("Claimed so far"), order_by="claim_count")
    claim = tables.Column(
        verbose_name=_("Claim"), empty_values=(), orderable=False, accessor="pk", exclude_from_export=True
    )

    class Meta:
        row_attrs = ROW
        empty_text = _("No receipt waits to be claimed.")

    @cached_property
    def returned(self) -> Returned:
        return taken_back(self.page.object_list.data if getattr(self, "page", None) else None)

    def value_payer(self, record: BankLine) -> str:
        return without_accounts(record.payer_name, record.payer_account)

    def value_memo(self, record: BankLine) -> str:
        return without_accounts(record.memo, record.payer_account)

    def render_memo(self, record: BankLine) -> str:
        return self.value_memo(record)

    def render_payer(self, record: BankLine) -> str:
        name, memo = self.value_payer(record), self.value_memo(record)
        url = reverse("matching:claim", args=[record.pk])
        below = memo if name else ""
        return format_html(
            '<a href="{}">{}</a><span class="sub">{}</span>', url, name or memo or gettext("no name"), below
        )

    def render_open_amount(self, record: BankLine) -> str:
        return with_currency(record.open_amount, record.currency)

    def value_open_amount(self, record: BankLine) -> Any:
        return record.open_amount

    def render_claim_count(self, value: int) -> str:
        return ngettext("%(n)d claim", "%(n)d claims", value) % {"n": value} if value else ""

    def value_claim_count(self, value: int) -> int:
        return value

    def render_claim(self, record: Any) -> str:
        if not self.request.user.may_post:
            return ""
        if record.pk in self.returned.pairs:
            return format_html('<span class="badge warn">{}</span>', gettext("taken back by the bank"))
        if record.is_claimed_by_me:
            return format_html('<span class="badge info">{}</span>', gettext("claimed by you"))
        url = reverse("matching:claim", args=[record.pk])
        return format_html('<a class="btn small primary" href="{}">{}</a>', url, gettext("Claim…"))


class ClaimTable(tables.Table):  # type: ignore[misc]
    splits: ClassVar[dict[str, Sequence[str]]] = {"amount": ("amount", "currency")}
    pieces: ClassVar[tuple[str, ...]] = ("currency",)

    recorded_at = MomentColumn(verbose_name=_("Claimed at"))
    payer = tables.Column(
        verbose_name=_("Receipt"), accessor="line__payer_name", empty_values=(), attrs={"td": {"class": "title"}}
    )
    amount = MoneyColumn(verbose_name=_("Amount"), accessor="line__amount")
    currency = tables.Column(verbose_name=_("Currency"), accessor="line__currency", visible=False)
    customer = tables.Column(verbose_name=_("Customer"), order_by="customer__code")
    reason = tables.Column(verbose_name=_("How they know"), attrs={"td": {"class": "wrap"}})
    by = tables.Column(verbose_name=_("Claimed by"), order_by="by__username")
    state = tables.Column(verbose_name=_("State"))
    answer = tables.Column(verbose_name=_("Answer"), attrs={"td": {"class": "wrap"}})

    class Meta:
        row_attrs = ROW
        empty_text = _("Nobody has claimed a receipt yet.")

    def value_payer(self, record: Claim) -> str:
        return without_accounts(record.line.payer_name, record.line.payer_account)

    def render_payer(self, record: Claim) -> str:
        url = reverse("matching:claimed", args=[record.pk])
        return format_html('<a href="{}">{}</a>', url, self.value_payer(record) or gettext("no name"))

    def render_amount(self, record: Claim) -> str:
        return with_currency(record.line.amount, record.line.currency)

    def value_amount(self, record: Claim) -> Any:
        return record.line.amount

    def render_state(self, record: Claim) -> str:
        return format_html('<span class="badge {}">{}</span>', record.tone, record.get_state_display())

    def value_state(self, record: Claim) -> str:
        return record.get_state_display()
