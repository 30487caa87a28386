from typing import Any, ClassVar

import django_tables2 as tables
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from flags.models import Flag, FlagKind
from flags.templatetags.flag_format import severity_badge, state_on, subject_url
from flags.wording import subject
from ledger.columns import ROOMY_DATE, ROOMY_MONEY, ROOMY_ONLY, DateColumn, MoneyColumn, NumberColumn, YesColumn


class FlagTable(tables.Table):  # type: ignore[misc]
    kind = tables.Column(verbose_name=_("Flag"), attrs={"td": {"class": "title words"}})
    severity = tables.Column(verbose_name=_("Severity"))
    state = tables.Column(empty_values=(), verbose_name=_("State"), orderable=False, attrs={"td": {"class": "words"}})
    # What the page shows in one cell has columns of its own in an export, for looking up.
    customer = tables.Column(verbose_name=_("Customer"), order_by=("customer__code",))
    customer_code = tables.Column(verbose_name=_("Customer code"), accessor="customer__code", visible=False)
    customer_name = tables.Column(verbose_name=_("Customer name"), accessor="customer__name", visible=False)
    salesperson = tables.Column(
        accessor="customer__owner",
        verbose_name=_("Salesperson"),
        attrs=ROOMY_ONLY,
        order_by=("customer__owner__last_name", "customer__owner__username"),
    )
    entry = tables.Column(empty_values=(), verbose_name=_("Document"), order_by=("entry__number",))
    document = tables.Column(verbose_name=_("Kind"), accessor="entry__kind", empty_values=(), visible=False)
    number = tables.Column(verbose_name=_("Number"), accessor="entry__number", visible=False)
    currency = tables.Column(verbose_name=_("Currency"), accessor="customer__currency", visible=False)
    region = tables.Column(verbose_name=_("Region"), accessor="customer__region", visible=False)
    key_account = YesColumn(verbose_name=_("Key account"), accessor="customer__key_account", visible=False)
    document_date = DateColumn(verbose_name=_("Document date"), accessor="entry__date", visible=False)
    due_date = DateColumn(verbose_name=_("Due date"), accessor="entry__due_date", visible=False)
    since = DateColumn(verbose_name=_("Since"), visible=False)
    days = NumberColumn(accessor="since", verbose_name=_("Days"), order_by=("-since",))
    amount_at_stake = MoneyColumn(verbose_name=_("Money at stake"))
    tax_at_stake = MoneyColumn(verbose_name=_("Tax at stake"), attrs=ROOMY_MONEY)
    raised_on = DateColumn(verbose_name=_("Raised on"), attrs=ROOMY_DATE)
    reason = tables.Column(verbose_name=_("Reason"), visible=False, attrs={"td": {"class": "wrap"}})
    last_note = tables.Column(
        verbose_name=_("Last note"), default="", orderable=False, attrs={"td": {"class": "wrap"}}
    )
    # The days within the state, for who goes on reckoning with the exported list.
    snoozed_until = DateColumn(verbose_name=_("Snoozed until"), visible=False)
    cleared_on = DateColumn(verbose_name=_("Cleared on"), visible=False)

    class Meta:
        order_by = ("-amount_at_stake",)
        empty_text = _("No flag matches.")

    splits: ClassVar = {
        "state": ("state", "snoozed_until", "cleared_on"),
        "customer": ("customer_code", "customer_name"),
        "entry": ("document", "number"),
    }
    pieces = ("customer_name", "document", "number")

    def render_kind(self, record: Flag) -> str:
        label = capfirst(str(FlagKind(record.kind).label))
        return format_html('<a href="{}">{}</a>', reverse("flags:detail", args=[record.pk]), label)

    def value_kind(self, record: Flag) -> str:
        return str(FlagKind(record.kind).label)

    def render_severity(self, record: Flag) -> str:
        return format_html('<span class="badge {}">{}</span>', severity_badge(record), record.get_severity_display())

    def value_severity(self, record: Flag) -> str:
        return record.get_severity_display()

    def render_state(self, record: Flag) -> str:
        return state_on(record, timezone.localdate())

    def value_state(self, record: Flag) -> str:
        return str(record.state(timezone.localdate()).label)

    def render_customer(self, record: Flag) -> str:
        url = reverse("customers:detail", args=[record.customer_id])
        return format_html('<a href="{}">{}</a>', url, record.customer.name)

    def render_entry(self, record: Flag) -> str:
        words = subject(record) if record.entry is None else str(record.entry)
        return format_html('<a href="{}">{}</a>', subject_url(record), capfirst(words))

    def value_document(self, record: Flag) -> str:
        return capfirst(subject(record) if record.entry is None else record.entry.named_kind)

    def render_days(self, record: Flag) -> int:
        return record.days(record.cleared_on or timezone.localdate())

    def value_days(self, record: Flag) -> Any:
        return self.render_days(record)
