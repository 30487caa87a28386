from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from config.jobs.kinds import LABELS
from config.jobs.models import Job
from config.lists.moments import MomentColumn


class JobTable(tables.Table):  # type: ignore[misc]
    kind = tables.Column(verbose_name=_("job"), attrs={"td": {"class": "title"}})
    upload_name = tables.Column(verbose_name=_("file sent"))
    created_at = MomentColumn(verbose_name=_("asked for"))
    started_at = MomentColumn(verbose_name=_("begun"), visible=False)
    finished_at = MomentColumn(verbose_name=_("over"), visible=False)
    error = tables.Column(verbose_name=_("what went wrong"), visible=False, attrs={"td": {"class": "wrap"}})
    file_name = tables.Column(verbose_name=_("file made"))

    class Meta:
        model = Job
        fields = ("kind", "upload_name", "state", "created_at", "started_at", "finished_at", "file_name", "error")
        order_by = "-created_at"
        empty_text = _("No jobs yet: imports and large reports appear here.")

    def value_kind(self, value: str) -> Any:
        return LABELS.get(value, value)

    def render_kind(self, value: str, record: Job) -> SafeString:
        url = reverse("jobs:detail", args=[record.pk])
        return format_html('<a href="{}">{}</a>', url, LABELS.get(value, value))

    def render_state(self, record: Job) -> SafeString:
        return format_html('<span class="badge {}">{}</span>', record.tone, record.get_state_display())

    def value_state(self, record: Job) -> str:
        return record.get_state_display()

    def value_file_name(self, value: str) -> str:
        return value

    def render_file_name(self, value: str, record: Job) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("jobs:file", args=[record.pk]), value)
