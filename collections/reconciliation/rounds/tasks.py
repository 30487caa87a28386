"""The day's turn of the rounds, and asking many customers at once."""

import logging
from typing import Any

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext as _

from config.jobs.errors import JobRefused
from config.jobs.models import Job
from config.jobs.progress import Progress
from config.jobs.registry import Outcome, job
from ledger.errors import LedgerError
from reconciliation.rounds import turn as turning
from reconciliation.rounds.asking import ask_all

logger = logging.getLogger(__name__)


@shared_task
def turn() -> None:
    for refusal in turning.turn(today=timezone.localdate()).refused:
        logger.warning("A round could not ask a customer: %s", refusal)


@job("ask_customers", writes=False)
def ask_customers(asked: Job, progress: Progress) -> Outcome:
    """Asks the chosen customers one by one: killed and run again, it goes on with those that are left."""

    def told(done: int, all_of_it: int) -> None:
        progress(done, all_of_it, _("Sending statements"))

    try:
        tally = ask_all(reconciliations=asked.params["reconciliations"], by=asked.user, told=told)
    except LedgerError as refusal:
        raise JobRefused(str(refusal)) from refusal
    result: dict[str, Any] = {"sent": tally.sent, "refused": tally.refused}
    return Outcome(result=result)
