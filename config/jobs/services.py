"""Asking for a job, and finding again what a lost broker or a killed worker left behind."""

import logging
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from config.jobs.models import Job
from config.jobs.progress import reached

logger = logging.getLogger(__name__)

State = Job.State
# A job of which nothing was heard for so long, and which no worker holds, was lost with its broker or its worker.
LOST_AFTER = timedelta(minutes=5)
KEPT = timedelta(days=30)


def enqueue(
    *,
    user: Any,
    kind: str,
    params: dict[str, Any] | None = None,
    upload: "UploadedFile[Any] | None" = None,
    language: str | None = None,
) -> Job:
    """Notes what is to be done and hands it to a worker once the transaction is committed.

    Where no worker can be told, the job stands there as failed, with the reason, and can be started again.
    """
    job = Job(
        user=user,
        kind=kind,
        params=params or {},
        language=language or translation.get_language() or "en",
        upload_name=Path(upload.name or "").name[:200] if upload else "",
    )
    if upload is not None:
        job.upload.save(job.upload_name, upload, save=False)
    job.save(force_insert=True)
    transaction.on_commit(partial(send, job.pk))
    return job


def restart(*, job: Job) -> None:
    """Queues a failed job anew; any other is left as it is."""
    failed = Job.objects.filter(pk=job.pk, state=State.FAILED)
    if failed.update(
        state=State.QUEUED, error="", attempts=0, sent_at=timezone.now(), started_at=None, finished_at=None
    ):
        transaction.on_commit(partial(send, job.pk))


def send(job: UUID) -> None:
    """Tells the workers; a broker that cannot be reached fails the job, and the person who waits reads it there."""
    from config.jobs.tasks import run

    try:
        run.delay(str(job))
    except (OperationalError, RedisError):
        logger.exception("The broker cannot be reached; job %s was not queued.", job)
        fail(job, _("The job queue cannot be reached. Nothing was done; try again in a few minutes."))


def fail(job: UUID, error: str, *, for_good: bool = False) -> None:
    """Ends the job with a sentence for the person who asked, unless it is over already. What failed `for_good` would
    fail again.
    """
    unfinished = Job.objects.filter(pk=job).unfinished()
    result = {"for_good": True} if for_good else {}
    unfinished.update(state=State.FAILED, error=error, result=result, finished_at=timezone.now())


def requeue_lost() -> int:
    """Sends again what is unfinished though no worker is at it and none was told of late; how many.

    Harmless for a job that merely waits in a long queue: the worker to come second finds it over.
    """
    now = timezone.now()
    silent_since = now - LOST_AFTER
    with transaction.atomic():
        silent = Job.objects.silent_since(silent_since).free().values_list("pk", flat=True)
        lost = [job for job in silent if not _told_since(silent_since, job)]
        Job.objects.filter(pk__in=lost).update(state=State.QUEUED, sent_at=now)
    for job in lost:
        logger.warning("Job %s was lost and is queued again.", job)
        send(job)
    return len(lost)


def _told_since(moment: datetime, job: UUID) -> bool:
    told = reached(job)
    return told is not None and told.at >= moment.timestamp()


def remove_old() -> int:
    """Removes jobs that were over a month ago, with their files; how many."""
    removed = 0
    for job in Job.objects.filter(finished_at__lt=timezone.now() - KEPT).iterator():
        folder = job.folder
        job.delete()
        remove_files(folder)
        removed += 1
    return removed


def remove_files(folder: str, *, but: str = "") -> None:
    """Removes a job's files from storage, those of runs that did not come to their end as well."""
    if not default_storage.exists(folder):
        return
    for name in default_storage.listdir(folder)[1]:
        if (path := f"{folder}/{name}") != but:
            default_storage.delete(path)
    if not but:
        default_storage.delete(folder)
