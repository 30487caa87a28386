from typing import Any, ClassVar

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from config.dates import shown_moment
from dashboard.acts import UNDOING, confirming, name_of, name_of_confirming
from ledger.columns import DateColumn, MoneyColumn
from ledger.models import Entry, Kind
from ledger.models.entries import GOODS_KINDS
from ledger.tables import EntryTable


class ChangeTable(tables.Table):  # type: ignore[misc]
    splits: ClassVar = {"whose": ("whose_code", "whose_name"), "document": ("document", "entry_count")}
    pieces: ClassVar = ("whose_code", "whose_name", "entry_count")

    act = tables.Column(verbose_name=_("Act"), attrs={"td": {"class": "title nowrap"}})
    recorded_at = tables.Column(verbose_name=_("Recorded at"), attrs={"td": {"class": "nowrap"}})
    by = tables.Column(
        verbose_name=_("Recorded by"),
        empty_values=(),
        order_by=("by__last_name", "by__username"),
        attrs={"td": {"class": "nowrap"}},
    )
    whose = tables.Column(verbose_name=_("Customer"), orderable=False)
    whose_code = tables.Column(verbose_name=_("Customer code"), visible=False)
    whose_name = tables.Column(verbose_name=_("Customer name"), visible=False)
    document = tables.Column(
        verbose_name=_("Document"), empty_values=(), orderable=False, attrs={"td": {"class": "nowrap"}}
    )
    entry_count = tables.Column(verbose_name=_("Entries"), visible=False)
    money = tables.Column(verbose_name=_("Currency"), orderable=False, attrs={"td": {"class": "wide-only"}, "th": {}})
    total = MoneyColumn(verbose_name=_("Document amount"))
    note = tables.Column(verbose_name=_("Note"), orderable=False, attrs={"td": {"class": "wrap"}})

    class Meta:
        order_by = ("-recorded_at",)
        empty_text = _("Nothing was recorded.")

    def render_act(self, record: Any) -> str:
        name = capfirst(name_of(record.act))
        return format_html('<span class="badge bad">{}</span>', name) if record.act in UNDOING else name

    def value_act(self, record: Any) -> str:
        return capfirst(name_of(record.act))

    def render_recorded_at(self, record: Any) -> str:
        return shown_moment(record.recorded_at)

    def value_recorded_at(self, record: Any) -> str:
        return shown_moment(record.recorded_at)

    def render_by(self, record: Any) -> str:
        return str(record.by or _("a command"))

    def render_whose(self, record: Any) -> str:
        url = reverse("customers:detail", args=[record.whose])
        return format_html('<a href="{}">{}</a>', url, record.whose_name)

    def render_document(self, record: Any) -> str:
        if not record.first_entry:
            return ""
        url = reverse("ledger:entry", args=[record.first_entry])
        link = format_html('<a href="{}">{}</a>', url, self.value_document(record))
        if (more := record.entry_count - 1) < 1:
            return link
        return format_html("{} {}", link, ngettext("and %(n)d more", "and %(n)d more", more) % {"n": more})

    def value_document(self, record: Any) -> str:
        if not record.first_entry:
            return ""
        return f"{capfirst(Kind(record.first_kind).label)} {record.first_number}".strip()


class RecordedTable(tables.Table):  # type: ignore[misc]
    """What is recorded of one document; `entry` of a row is that document."""

    splits: ClassVar = {"customer": ("customer_code", "customer_name")}
    pieces: ClassVar = ("customer_code", "customer_name")

    act = tables.Column(
        verbose_name=_("Act"), empty_values=(), orderable=False, attrs={"td": {"class": "title nowrap"}}
    )
    recorded_at = tables.Column(
        verbose_name=_("Recorded at"), order_by=("recorded_at", "pk"), attrs={"td": {"class": "nowrap"}}
    )
    by = tables.Column(
        verbose_name=_("Recorded by"),
        empty_values=(),
        order_by=("by__last_name", "by__username"),
        attrs={"td": {"class": "nowrap"}},
    )
    customer = tables.Column(verbose_name=_("Customer"), empty_values=(), orderable=False)
    customer_code = tables.Column(verbose_name=_("Customer code"), accessor="pk", orderable=False, visible=False)
    customer_name = tables.Column(verbose_name=_("Customer name"), accessor="pk", orderable=False, visible=False)
    document = tables.Column(
        verbose_name=_("Document"), empty_values=(), orderable=False, attrs={"td": {"class": "nowrap"}}
    )
    date = DateColumn(verbose_name=_("Date"))
    note = tables.Column(verbose_name=_("Note"), orderable=False, attrs={"td": {"class": "wrap"}})

    class Meta:
        empty_text = _("Nothing was recorded.")
        order_by = ("-recorded_at",)

    def entry(self, record: Any) -> Entry:
        found: Entry = record.entry
        return found

    def value_act(self, record: Any) -> str:
        raise NotImplementedError

    def render_act(self, record: Any) -> str:
        return self.value_act(record)

    def render_recorded_at(self, record: Any) -> str:
        return shown_moment(record.recorded_at)

    def value_recorded_at(self, record: Any) -> str:
        return shown_moment(record.recorded_at)

    def render_by(self, record: Any) -> str:
        return str(record.by or _("a command"))

    def render_customer(self, record: Any) -> str:
        customer = self.entry(record).customer
        return format_html('<a href="{}">{}</a>', reverse("customers:detail", args=[customer.pk]), customer.name)

    def render_customer_code(self, record: Any) -> str:
        return str(self.entry(record).customer.code)

    def render_customer_name(self, record: Any) -> str:
        return str(self.entry(record).customer.name)

    def value_customer_code(self, record: Any) -> str:
        return str(self.entry(record).customer.code)

    def value_customer_name(self, record: Any) -> str:
        return str(self.entry(record).customer.name)

    def render_document(self, record: Any) -> str:
        entry = self.entry(record)
        return format_html('<a href="{}">{}</a>', reverse("ledger:entry", args=[entry.pk]), capfirst(str(entry)))

    def value_document(self, record: Any) -> str:
        return capfirst(str(self.entry(record)))


class StepTable(RecordedTable):
    carrier = tables.Column(verbose_name=_("Carrier"))
    tracking_number = tables.Column(verbose_name=_("Tracking number"))

    class Meta(RecordedTable.Meta):
        sequence = (
            *("act", "recorded_at", "by", "customer", "customer_code", "customer_name", "document", "date"),
            *("carrier", "tracking_number", "note"),
        )

    def entry(self, record: Any) -> Entry:
        found: Entry = record.invoice.entry
        return found

    def value_act(self, record: Any) -> str:
        return str(capfirst(record.get_step_display()))


class ConfirmationTable(RecordedTable):
    currency = tables.Column(
        verbose_name=_("Currency"), accessor="entry__currency", attrs={"td": {"class": "wide-only"}, "th": {}}
    )
    amount = MoneyColumn(verbose_name=_("Document amount"), accessor="entry__document_amount")

    class Meta(RecordedTable.Meta):
        sequence = (
            *("act", "recorded_at", "by", "customer", "customer_code", "customer_name", "document", "date"),
            *("currency", "amount", "note"),
        )

    def value_act(self, record: Any) -> str:
        goods = record.entry.kind in GOODS_KINDS
        return name_of_confirming(confirming(is_goods=goods, is_confirmed=record.is_confirmed))

    def render_act(self, record: Any) -> str:
        name = self.value_act(record)
        return name if record.is_confirmed else format_html('<span class="badge bad">{}</span>', name)


class FigureTable(EntryTable):
    """The entries behind a figure."""
