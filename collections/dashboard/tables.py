from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from config.dates import shown_moment
from dashboard.acts import UNDOING, name_of
from ledger.columns import MoneyColumn
from ledger.models import Kind
from ledger.tables import EntryTable


class ChangeTable(tables.Table):  # type: ignore[misc]
    act = tables.Column(verbose_name=_("Act"), attrs={"td": {"class": "title nowrap"}})
    recorded_at = tables.Column(verbose_name=_("Recorded at"), attrs={"td": {"class": "nowrap"}})
    by = tables.Column(verbose_name=_("Recorded by"), empty_values=(), order_by=("by__last_name", "by__username"))
    whose = tables.Column(verbose_name=_("Customer"), orderable=False, exclude_from_export=True)
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


class FigureTable(EntryTable):
    """The entries behind a figure."""
