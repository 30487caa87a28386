"""Long work of the queues."""

from uuid import UUID

from django.utils.translation import gettext as _

from config.jobs.errors import JobRefused
from config.jobs.models import Job
from config.jobs.progress import Progress
from config.jobs.registry import Outcome, job
from ledger.errors import LedgerError
from queues.accepting import accept_exact


@job("accept_exact", writes=False)
def accept(job: Job, progress: Progress) -> Outcome:
    """Accepts the exact suggestions that the person had seen. Lot by lot: killed and run again, it goes on where it
    was, for what is allocated is not open any more.
    """
    params = job.params
    try:
        accepted = accept_exact(
            by=job.user,
            key=UUID(params["key"]),
            unapplied=params["credits"],
            seen=params["seen"],
            told=lambda done, all_of_it: progress(done, all_of_it, _("Allocating")),
        )
    except LedgerError as refusal:
        raise JobRefused(str(refusal)) from refusal
    return Outcome(
        result={
            "credits": accepted.credits,
            "allocations": accepted.allocations,
            "left": accepted.left,
            "amounts": {currency: str(amount) for currency, amount in accepted.amounts.items()},
        }
    )
