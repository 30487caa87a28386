"""Large workbooks are made by a worker while their page shows how far they are; month ends are kept by the night."""

import tempfile
from pathlib import Path

from celery import shared_task
from django.utils import timezone

from aging import workbook
from aging.history import keeping
from aging.question import Question
from config.jobs.models import Job
from config.jobs.progress import Progress
from config.jobs.registry import Outcome, job


@job("aging_report", writes=False)
def write_report(job: Job, progress: Progress) -> Outcome:
    """The workbook that the page would have given at once, had it been smaller."""
    question = Question.from_params(job.params)
    with tempfile.NamedTemporaryFile(suffix=".xlsx", delete=False) as file:
        path = Path(file.name)
    try:
        items = workbook.write(path, question, user=job.user, progress=progress)
    except BaseException:
        path.unlink()
        raise
    return Outcome(result={"rows": items}, file=path, file_name=workbook.file_name(question))


@shared_task
def keep_month_ends() -> None:
    keeping.keep(today=timezone.localdate())


@shared_task
def refresh_month_ends() -> None:
    keeping.refresh()
