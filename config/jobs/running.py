"""Doing a job: whole or not at all, and anew where a worker was killed in the middle of it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.core.files import File
from django.db import OperationalError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from config.jobs.errors import JobRefused
from config.jobs.models import Job
from config.jobs.progress import Progress
from config.jobs.registry import KINDS, Kind, Outcome
from config.jobs.services import fail, remove_files

logger = logging.getLogger(__name__)

# Of workers killed at one job, by the machine or by the job itself.
MOST_ATTEMPTS = 3


def run(key: UUID) -> None:
    """Does the job, unless it is over or another worker is at it.

    What a job writes and its own state "done" are one transaction: a worker that is killed leaves nothing behind.
    Raises OperationalError where the database is busy or away; nothing was done then, and the job stays unfinished.
    """
    job = _begin(key)
    if job is None:
        return
    with translation.override(job.language):
        if job.attempts > MOST_ATTEMPTS:
            fail(key, _("This was stopped in the middle too often and is not tried again by itself."))
            return
        try:
            _do(job)
        except JobRefused as refusal:
            fail(key, str(refusal), for_good=True)
        except OperationalError:
            raise
        except Exception:
            logger.exception("Job %s failed.", key)
            fail(
                key,
                _("Something went wrong on our side; nothing was changed. The administrator finds it in the log."),
            )


@transaction.atomic
def _begin(key: UUID) -> Job | None:
    """A short transaction of its own, so that the page says "running" and the attempt counts, whatever comes."""
    job = Job.objects.filter(pk=key).unfinished().free().first()
    if job is not None:
        job.attempts += 1
        job.state = Job.State.RUNNING
        job.started_at = timezone.now()
        job.save(update_fields=["attempts", "state", "started_at"])
    return job


def _do(job: Job) -> None:
    kind = KINDS[job.kind]
    with _held(job, kind) as is_ours:
        if is_ours:
            outcome = kind.run(job, Progress(job.pk))
            try:
                _finish(job, outcome)
            finally:
                if outcome.file is not None:
                    outcome.file.unlink(missing_ok=True)


@contextmanager
def _held(job: Job, kind: Kind) -> Iterator[bool]:
    """Holds the row of a job that writes, and says whether it could: two workers told of one job do it once.

    A job that only reads opens the transactions that it wants itself, and leaves SQLite's one lock to the writers. A
    second worker would do it twice, which does no harm.
    """
    if not kind.writes:
        yield True
        return
    with transaction.atomic():
        yield Job.objects.filter(pk=job.pk).unfinished().free().exists()


@transaction.atomic
def _finish(job: Job, outcome: Outcome) -> None:
    if not Job.objects.filter(pk=job.pk).unfinished().free().exists():
        return
    job.state = Job.State.DONE
    job.result = outcome.result
    job.finished_at = timezone.now()
    remove_files(job.folder, but=job.upload.name or "")
    if outcome.file is not None:
        job.file_name = outcome.file_name
        with outcome.file.open("rb") as made:
            job.file.save(outcome.file_name, File(made), save=False)
    job.save(update_fields=["state", "result", "finished_at", "file", "file_name"])
