"""The doors of the workers: jobs, and what keeps them in order."""

import logging
from typing import Any
from uuid import UUID

from celery import shared_task
from django.db import OperationalError

from config.jobs import running, services

logger = logging.getLogger(__name__)


@shared_task(bind=True, max_retries=20)
def run(self: Any, job: str) -> None:
    try:
        running.run(UUID(job))
    except OperationalError as busy:  # another job has SQLite to itself, a deadlock was broken, a server restarts
        raise self.retry(exc=busy, countdown=15) from busy


@shared_task
def requeue_lost() -> None:
    try:
        services.requeue_lost()
    except OperationalError:
        logger.warning("The database is busy or away; lost jobs are looked for the next time.")


@shared_task
def remove_old() -> None:
    services.remove_old()
