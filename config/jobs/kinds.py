"""How a job is called on its page, and which page shows its result, where it has one of its own."""

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from config.jobs.models import Job

LABELS = {
    "import_preview": _("Check of a workbook"),
    "import": _("Import of a workbook"),
    "aging_report": _("Aging report"),
    "accept_exact": _("Accepting exact suggestions"),
    "confirm": _("Confirming entries"),
    "bank_check": _("Check of a bank statement"),
    "bank_take": _("Import of a bank statement"),
    "statements": _("Making statements of account"),
    "send_statements": _("Sending statements of account"),
    "weigh_lines": _("Looking at lines of the bank"),
    "match_exact": _("Matching exact lines"),
    "customer_list": _("Comparing a customer's list"),
    "ask_customers": _("Asking customers"),
    "demo": _("Entering the demo firm"),
}
# The pages that show one job's result, and those that show whatever is there now.
RESULT_PAGES = {
    "import_preview": "imports:detail",
    "import": "imports:detail",
    "accept_exact": "queues:accepted",
    "confirm": "queues:confirmed",
    "bank_check": "bank:import",
    "bank_take": "bank:import",
    "statements": "statements:made",
    "send_statements": "statements:made",
    "match_exact": "matching:accepted",
    "customer_list": "comparison:taken",
    "ask_customers": "rounds:asked",
}
PAGES_AFTERWARDS = {"demo": "demo:firm", "weigh_lines": "matching:desk"}


def result_url(job: Job) -> str | None:
    try:
        if page := RESULT_PAGES.get(job.kind):
            return reverse(page, args=[job.pk])
        return reverse(PAGES_AFTERWARDS[job.kind]) if job.kind in PAGES_AFTERWARDS else None
    except NoReverseMatch:
        return None
