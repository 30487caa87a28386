"""A person's own jobs: what was asked for, how far it is, what came of it."""

from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect

from config.jobs import services
from config.jobs.filters import JobFilter
from config.jobs.kinds import LABELS, result_url
from config.jobs.models import Job
from config.jobs.progress import reached
from config.jobs.tables import JobTable
from config.pages import ListPage, SignedInRequest

# Told to the browser as they are, whatever the machine's own table of types knows.
CONTENT_TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv; charset=utf-8",
    ".zip": "application/zip",
}


class JobList(ListPage):
    title = _("Jobs")
    table_class = JobTable
    filterset_class = JobFilter

    def queryset(self) -> QuerySet[Any]:
        return Job.objects.of(self.request.user)


@require_GET
def detail(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The job, or only its state for a page that asks again until it is over, and then goes on to what came of it."""
    job = get_object_or_404(Job.objects.of(request.user), pk=pk)
    context = {
        "job": job,
        "label": LABELS.get(job.kind, job.kind),
        "reached": None if job.is_over else reached(job.pk),
        "result_url": result_url(job) if job.state == Job.State.DONE else None,
    }
    if request.htmx and job.state == Job.State.DONE and (result := result_url(job)):
        return HttpResponseClientRedirect(result)
    response = render(request, "jobs/_job.html" if request.htmx else "jobs/detail.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_POST
def restart(request: SignedInRequest, pk: UUID) -> HttpResponse:
    job = get_object_or_404(Job.objects.of(request.user), pk=pk)
    services.restart(job=job)
    return redirect("jobs:detail", pk=pk)


@require_GET
def download(request: SignedInRequest, pk: UUID) -> HttpResponseBase:
    job = get_object_or_404(Job.objects.of(request.user), pk=pk)
    if not job.file:
        raise Http404
    kind = CONTENT_TYPES.get(Path(job.file_name).suffix.lower(), "application/octet-stream")
    return FileResponse(job.file.open("rb"), as_attachment=True, filename=job.file_name, content_type=kind)
