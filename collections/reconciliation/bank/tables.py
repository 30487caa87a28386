"""The bank's lists."""

from typing import Any, ClassVar

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.dates import shown_day
from ledger.columns import CurrencyColumn, DateColumn, MoneyColumn, NumberColumn, YesColumn
from ledger.templatetags.ledger_format import moment, money
from reconciliation.bank.models import BankAccount, BankLine, BankStatement


class LineTable(tables.Table):  # type: ignore[misc]
    splits: ClassVar = {"payer_name": ("payer_name", "memo"), "amount": ("amount", "currency")}
    pieces: ClassVar = ("currency",)

    date = DateColumn(verbose_name=_("Date"), order_by=("date", "id"))
    payer_name = tables.Column(
        verbose_name=_("Counterparty"), empty_values=(), attrs={"td": {"class": "title bank-party"}}
    )
    memo = tables.Column(verbose_name=_("Memo"), visible=False, default="", attrs={"td": {"class": "wrap"}})
    payer_bank = tables.Column(verbose_name=_("Counterparty's bank"), visible=False, default="")
    reference = tables.Column(
        verbose_name=_("Bank's reference"),
        default="",
        attrs={"td": {"class": "roomy-only words"}, "th": {"class": "roomy-only"}},
    )
    account = tables.Column(verbose_name=_("Bank account"), order_by=("account__name",))
    amount = MoneyColumn(verbose_name=_("Amount"))
    currency = CurrencyColumn(verbose_name=_("Currency"), visible=False)
    balance = MoneyColumn(verbose_name=_("Balance"), visible=False, default="")
    open_amount = MoneyColumn(verbose_name=_("Not matched"))
    is_reversal = YesColumn(verbose_name=_("Taken back by the bank"), visible=False)

    class Meta:
        sequence: tuple[str, ...] = (
            *("date", "payer_name", "memo", "payer_bank", "reference", "account", "amount", "currency", "balance"),
            *("open_amount", "is_reversal"),
        )
        order_by = ("-date",)
        empty_text = _("No bank line matches.")

    def render_payer_name(self, record: BankLine) -> str:
        name = record.payer_name or "—"
        taken_back = gettext("taken back by the bank") if record.is_reversal else ""
        badge = format_html(' <span class="badge warn">{}</span>', taken_back) if taken_back else ""
        url = reverse("bank:line", args=[record.pk])
        return format_html('<a href="{}">{}</a>{}<span class="sub">{}</span>', url, name, badge, record.memo)

    def value_payer_name(self, record: BankLine) -> str:
        return record.payer_name

    def render_amount(self, record: BankLine) -> str:
        return format_html('{}&nbsp;<span class="currency">{}</span>', money(record.amount), record.currency)

    def value_amount(self, record: BankLine) -> Any:
        return record.amount

    def render_open_amount(self, record: BankLine) -> str:
        if not record.open_amount:
            return format_html('<span class="badge good">{}</span>', gettext("matched"))
        return money(record.open_amount)

    def value_open_amount(self, record: BankLine) -> Any:
        return record.open_amount


class LineTableOfFinance(LineTable):
    """With the number of the counterparty's account, which finance alone sees."""

    payer_account = tables.Column(verbose_name=_("Counterparty's account"), visible=False, default="")

    class Meta(LineTable.Meta):
        sequence = ("date", "payer_name", "memo", "payer_account", "...")


class StatementTable(tables.Table):  # type: ignore[misc]
    account = tables.Column(verbose_name=_("Bank account"), order_by=("account__name",))
    days = tables.Column(
        verbose_name=_("Period"), accessor="first_date", order_by=("first_date", "id"), exclude_from_export=True
    )
    first_date = DateColumn(verbose_name=_("First day"), visible=False)
    last_date = DateColumn(verbose_name=_("Last day"), visible=False)
    file_name = tables.Column(verbose_name=_("File"), attrs={"td": {"class": "title"}})
    format = tables.Column(verbose_name=_("Format"), visible=False)
    line_count = NumberColumn(verbose_name=_("Lines"))
    new_count = NumberColumn(verbose_name=_("New"))
    opening = MoneyColumn(verbose_name=_("Opening"), default="")
    closing = MoneyColumn(verbose_name=_("Closing"), default="")
    currency = CurrencyColumn(verbose_name=_("Currency"), accessor="account__currency")
    imported_by = tables.Column(verbose_name=_("Imported by"), visible=False, default="", orderable=False)
    imported_at = tables.Column(verbose_name=_("Imported at"), visible=False)

    class Meta:
        order_by = ("-days",)
        empty_text = _("No bank statement was taken yet.")

    def render_file_name(self, record: BankStatement) -> str:
        return format_html(
            '<a href="{}">{}</a>', reverse("bank:statement", args=[record.pk]), record.file_name or record
        )

    def render_days(self, record: BankStatement) -> str:
        return f"{shown_day(record.first_date)} – {shown_day(record.last_date)}"

    def render_imported_at(self, value: Any) -> str:
        return moment(value)


class AccountTable(tables.Table):  # type: ignore[misc]
    name = tables.Column(verbose_name=_("Name"), attrs={"td": {"class": "title"}})
    bank = tables.Column(verbose_name=_("Bank"))
    number = tables.Column(verbose_name=_("Account number"))
    holder = tables.Column(verbose_name=_("Account holder"), default="", visible=False)
    currency = tables.Column(verbose_name=_("Currency"))
    statement_count = NumberColumn(verbose_name=_("Statements"))
    last_day = DateColumn(verbose_name=_("Until"), default="—")
    is_printed = YesColumn(verbose_name=_("On statements of account"))
    is_active = YesColumn(verbose_name=_("Active"))

    class Meta:
        order_by = ("name",)
        empty_text = _("No bank account is set up yet.")

    def render_name(self, record: BankAccount) -> str:
        if not self.request.user.keeps_books:
            return record.name
        return format_html('<a href="{}">{}</a>', reverse("bank:account", args=[record.pk]), record.name)
