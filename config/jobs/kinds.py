"""How a job is called on its page, and which page shows its result, where it has one of its own."""

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from config.jobs.models import Job

LABELS = {
    "import_preview": _("Check of a workbook"),
    "import": _("Import of a workbook"),
    "aging_report": _("Aging report"),
}
RESULT_PAGES = {"import_preview": "imports:detail", "import": "imports:detail"}


def result_url(job: Job) -> str | None:
    page = RESULT_PAGES.get(job.kind)
    try:
        return reverse(page, args=[job.pk]) if page else None
    except NoReverseMatch:
        return None
