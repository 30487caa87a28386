"""Long work of matching: weighing all lines, accepting the exact ones; and what happens by night."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext as _

from config.jobs.errors import JobRefused
from config.jobs.models import Job
from config.jobs.progress import Progress
from config.jobs.registry import Outcome, job
from ledger.errors import LedgerError
from reconciliation.matching.bulk import accept_exact
from reconciliation.matching.claiming import release_by_rule
from reconciliation.matching.running import weigh_all


@job("weigh_lines", writes=False)
def weigh(job: Job, progress: Progress) -> Outcome:
    """Weighs every line that is not matched; done twice it says the same."""
    ran = weigh_all(told=lambda done, all_of_it: progress(done, all_of_it, _("Weighing lines of the bank")))
    return Outcome(result={"lines": ran.lines, "suggested": ran.suggested, "exact": ran.exact})


@job("match_exact", writes=False)
def match_exact(job: Job, progress: Progress) -> Outcome:
    """Accepts the exact lines that the person had seen, lot by lot: killed and run again, it goes on where it was."""
    try:
        accepted = accept_exact(
            by=job.user,
            key=UUID(job.params["key"]),
            lines=job.params["lines"],
            told=lambda done, all_of_it: progress(done, all_of_it, _("Matching")),
        )
    except LedgerError as refusal:
        raise JobRefused(str(refusal)) from refusal
    return Outcome(result=accepted.as_stored())


@shared_task
def weigh_by_night() -> None:
    """What was recorded during the day may be what a line is; and what nobody knows is released by the rule."""
    weigh_all()
    release_by_rule(timezone.localdate())
