"""The door for a firm's books in Excel: upload, look at what would be posted, post."""

import io
from decimal import Decimal
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from config.jobs.models import Job, JobQuerySet
from config.jobs.services import enqueue
from config.pages import SignedInRequest
from ledger.forms.imports import UploadForm
from ledger.models import PeriodClose
from ledger.workbook.layout import SHEETS
from ledger.workbook.template import template as made_template

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def upload(request: SignedInRequest) -> HttpResponse:
    """Takes a file and has it checked; nothing is posted before somebody has looked at the outcome."""
    if not request.user.may_post:
        raise PermissionDenied
    asks_why_late = request.user.keeps_books and PeriodClose.objects.closed_until() is not None
    form = UploadForm(request.POST or None, request.FILES or None, asks_why_late=asks_why_late)
    if request.method == "POST" and form.is_valid():
        params = {
            "create_salespeople": form.cleaned_data["create_salespeople"] and request.user.keeps_books,
            "late_reason": form.cleaned_data.get("late_reason", ""),
        }
        job = enqueue(user=request.user, kind="import_preview", params=params, upload=form.cleaned_data["file"])
        return redirect("imports:detail", pk=job.pk)
    return render(request, "imports/upload.html", {"form": form, "sheets": SHEETS})


@require_GET
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What came of a check or an import; while it runs, and where it failed, the job's own page says so."""
    job = _job(request, pk)
    if not job.is_over or job.state == Job.State.FAILED:
        return redirect("jobs:detail", pk=pk)
    result = job.result
    outcome = [
        {
            "sheet": sheet,
            "posted": result["posted"][sheet.key],
            "skipped": result["skipped"][sheet.key],
            "sums": [(code, Decimal(total)) for code, total in result["sums"].get(sheet.key, {}).items()],
        }
        for sheet in SHEETS
    ]
    context = {
        "job": job,
        "outcome": outcome,
        "is_preview": job.kind == "import_preview",
        "has_news": any(result["posted"].values()),
    }
    return render(request, "imports/detail.html", context)


@require_POST
def post(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Posts a file that was checked without a mistake. Two clicks are one import: both lead to the same job."""
    with transaction.atomic():
        checked = get_object_or_404(_jobs(request).select_for_update(), pk=pk, kind="import_preview")
        if checked.state != Job.State.DONE or checked.result.get("mistakes"):
            messages.error(request, _("The file has mistakes or is not checked yet; nothing was posted."))
            return redirect("imports:detail", pk=pk)
        if (started := checked.params.get("import")) is None:
            with checked.upload.open("rb") as uploaded:
                file = UploadedFile(uploaded.file, checked.upload_name)
                params = {
                    "create_salespeople": checked.params.get("create_salespeople", False),
                    "late_reason": checked.params.get("late_reason", ""),
                }
                job = enqueue(user=request.user, kind="import", params=params, upload=file)
            started = str(job.pk)
            checked.params["import"] = started
            checked.save(update_fields=["params"])
    return redirect("imports:detail", pk=started)


@require_GET
def template(request: HttpRequest) -> FileResponse:
    """The workbook to fill in, in the language of the page; `?example=1` has a few rows in it."""
    chinese = (request.GET.get("lang") or get_language() or "").startswith("zh")
    example = bool(request.GET.get("example"))
    content = io.BytesIO()
    made_template(chinese=chinese, example=example).save(content)
    content.seek(0)
    name = _("ledger-example.xlsx") if example else _("ledger-template.xlsx")
    return FileResponse(content, as_attachment=True, filename=name, content_type=CONTENT_TYPE)


def _jobs(request: HttpRequest) -> JobQuerySet:
    return Job.objects.of(request.user).of_kind("import", "import_preview")


def _job(request: HttpRequest, pk: UUID) -> Job:
    return get_object_or_404(_jobs(request), pk=pk)
