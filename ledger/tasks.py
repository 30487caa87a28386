"""Jobs of the ledger: checking a workbook, and posting it."""

import logging
import tempfile
from pathlib import Path

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext as _

from config.jobs.errors import JobRefused
from config.jobs.models import Job
from config.jobs.progress import Progress
from config.jobs.registry import Outcome, job
from ledger import attachments
from ledger.workbook.intake import Taken, take
from ledger.workbook.marked import write_marked_copy
from ledger.workbook.parsing import ParsedBook, parse
from ledger.workbook.reading import UnreadableFile, opened

logger = logging.getLogger(__name__)

# More mistakes than this are in the marked copy alone: nobody reads on.
MOST_KEPT = 500


@job("import_preview", writes=False)
def check_workbook(job: Job, progress: Progress) -> Outcome:
    """What an import of the uploaded file would post; or all of its mistakes, and a copy with them marked."""
    return _import(job, progress, dry_run=True)


@job("import")
def import_workbook(job: Job, progress: Progress) -> Outcome:
    """Posts the uploaded file. The posting and the job's own end are one transaction: killed and run again, it
    posts once, and its page says what was posted.
    """
    return _import(job, progress, dry_run=False)


def _import(job: Job, progress: Progress, *, dry_run: bool) -> Outcome:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"upload{Path(job.upload_name).suffix.lower()[:8]}"
        with job.upload.open("rb") as uploaded, path.open("wb") as local:
            for chunk in uploaded.chunks():
                local.write(chunk)
        try:
            with opened(path) as sheets:
                parsed = parse(sheets, told=lambda rows: progress(rows, 0, _("Reading")))
            taken = take(
                parsed,
                by=job.user,
                note=job.upload_name,
                dry_run=dry_run,
                create_salespeople=bool(job.params.get("create_salespeople")),
                late_reason=job.params.get("late_reason", ""),
                told=progress,
            )
        except UnreadableFile as refusal:
            raise JobRefused(str(refusal)) from refusal
        copy = _marked_copy(path, parsed) if taken.errors else None
    if copy is None:
        return Outcome(result=_result(taken))
    ending = _("mistakes")  # by itself: the catalogue does not look into an f-string
    name = f"{Path(job.upload_name).stem[:80]}-{ending}.xlsx"
    return Outcome(result=_result(taken), file=copy, file_name=name)


def _marked_copy(path: Path, parsed: ParsedBook) -> Path | None:
    """The file with its mistakes marked; None where it cannot be written: the list of mistakes is more important."""
    with tempfile.NamedTemporaryFile(suffix=".xlsx", delete=False) as made:
        copy = Path(made.name)
    try:
        write_marked_copy(path, copy, parsed)
    except Exception:
        logger.exception("The marked copy of %s could not be written.", path.name)
        copy.unlink(missing_ok=True)
        return None
    return copy


def _result(taken: Taken) -> dict[str, object]:
    result = taken.as_json()
    result["mistakes"] = len(taken.errors)
    result["errors"] = result["errors"][:MOST_KEPT]
    result["warnings"] = result["warnings"][:MOST_KEPT]
    return result


@shared_task
def remove_left_uploads() -> int:
    """Every night: files of uploads that were killed before their row was written."""
    return attachments.remove_left_uploads(now=timezone.now())
