"""Long work of the queues."""

from uuid import UUID

from django.utils.translation import gettext as _

from config.jobs.errors import JobRefused
from config.jobs.models import Job
from config.jobs.progress import Progress
from config.jobs.registry import Outcome, job
from ledger.confirmation import confirm_in_lots
from ledger.errors import LedgerError
from queues.accepting import accept_exact
from queues.telling import MOST_NAMED


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


@job("confirm", writes=False)
def confirm_many(job: Job, progress: Progress) -> Outcome:
    """Confirms what the person had seen, lot by lot: killed and run again, it goes on where it was."""
    try:
        tally = confirm_in_lots(
            entries=job.params["entries"],
            by=job.user,
            told=lambda done, all_of_it: progress(done, all_of_it, _("Confirming")),
        )
    except LedgerError as refusal:
        raise JobRefused(str(refusal)) from refusal
    return Outcome(
        result={
            "done": tally.done,
            "already": tally.already,
            "refused": tally.refused,
            "reasons": tally.reasons[:MOST_NAMED],
            "left": job.params["left"],
        }
    )
