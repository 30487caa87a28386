"""Large lists are taken while their person waits."""

from django.utils.translation import gettext as _

from config.jobs.errors import JobRefused
from config.jobs.models import Job
from config.jobs.progress import Progress
from config.jobs.registry import Outcome, job
from ledger.errors import LedgerError
from reconciliation.comparison.queries.comparisons import upload_named
from reconciliation.comparison.taking import asked_of, take


@job("customer_list")
def take_list(job: Job, progress: Progress) -> Outcome:
    """Takes and compares the list whole: killed in the middle, nothing of it is there."""
    progress(0, 1, _("Reading and comparing"))
    upload = upload_named(job.user, job.params["upload"]).first()
    if upload is None:
        raise JobRefused(_("The file is not waiting any more; upload it again."))
    try:
        made = take(by=job.user, upload=upload, asked=asked_of(job.params))
    except LedgerError as refusal:
        raise JobRefused(str(refusal)) from refusal
    progress(1, 1, _("Reading and comparing"))
    return Outcome(result={"list": made.pk})
