"""Jobs of the bank: reading a file, and taking it."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.utils import timezone

from config.jobs.errors import JobRefused
from config.jobs.models import Job
from config.jobs.progress import Progress
from config.jobs.registry import Outcome, job
from reconciliation.bank import intake
from reconciliation.bank.errors import StatementRefused
from reconciliation.bank.queries import account_of
from reconciliation.bank.summary import for_page


@job("bank_check", writes=False)
def check(job: Job, progress: Progress) -> Outcome:
    """What the uploaded file says, and what taking it would bring."""
    with _uploaded(job) as path:
        taken = intake.check(path, told=progress, **_facts(job))
    return Outcome(result=for_page(taken))


@job("bank_take")
def take(job: Job, progress: Progress) -> Outcome:
    """Takes the uploaded file. Its lines and the job's end are one transaction: run again, it takes nothing twice."""
    try:
        with _uploaded(job) as path:
            taken = intake.take(
                path, by=job.user, file_name=job.upload_name, now=timezone.now(), told=progress, **_facts(job)
            )
    except StatementRefused as refusal:
        raise JobRefused(str(refusal)) from refusal
    return Outcome(result=for_page(taken))


def _facts(job: Job) -> dict[str, Any]:
    return {
        "today": timezone.localdate(),
        "account": account_of(job.params.get("account")),
        "columns": job.params.get("columns"),
    }


@contextmanager
def _uploaded(job: Job) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "statement"
        with job.upload.open("rb") as uploaded, path.open("wb") as local:
            for chunk in uploaded.chunks():
                local.write(chunk)
        yield path
