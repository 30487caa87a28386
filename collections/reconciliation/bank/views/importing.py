"""The door for a bank's file: upload, look at what was read, take it."""

from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from config.jobs.models import Job, JobQuerySet
from config.jobs.services import enqueue
from config.pages import SignedInRequest
from ledger.views.permission import require_bookkeeping
from reconciliation.bank.forms import ReadingForm, UploadForm
from reconciliation.bank.summary import shown


def upload(request: SignedInRequest) -> HttpResponse:
    """Takes a file and has it read; nothing is stored before somebody has looked at the outcome."""
    require_bookkeeping(request.user)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        account = form.cleaned_data["account"]
        params = {"account": account.pk} if account else {}
        job = enqueue(user=request.user, kind="bank_check", params=params, upload=form.cleaned_data["file"])
        return redirect("bank:import", pk=job.pk)
    return render(request, "reconciliation/bank/upload.html", {"form": form})


@require_GET
def detail(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """What was read, or taken; while that runs, and where it failed, the job's own page says so."""
    job = get_object_or_404(_jobs(request), pk=pk)
    if not job.is_over or job.state == Job.State.FAILED:
        return redirect("jobs:detail", pk=pk)
    return _detail(request, job, ReadingForm(job.result["columns"], initial={"account": job.params.get("account")}))


def _detail(request: SignedInRequest, job: Job, form: ReadingForm) -> HttpResponse:
    result = job.result
    unknown = next((part for part in result["parts"] if part["account"] is None), None)
    asked = {name: unknown[name] for name in ("number", "currency", "holder") if unknown[name]} if unknown else {}
    context = {
        "job": job,
        "result": shown(result),
        "form": form,
        "is_check": job.kind == "bank_check",
        "may_take": not (result["mistakes"] or result["is_known"] or result["lacks_account"]),
        "unknown": unknown,
        "new_account_url": f"{reverse('bank:account-new')}?{urlencode(asked)}",
    }
    return render(request, "reconciliation/bank/import.html", context)


@require_POST
def again(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Reads the same file anew, as the form says."""
    job = get_object_or_404(_jobs(request), pk=pk, kind="bank_check", state=Job.State.DONE)
    form = ReadingForm(job.result["columns"], request.POST)
    if not form.is_valid():
        return _detail(request, job, form)
    account = form.cleaned_data["account"]
    params = {"account": account.pk} if account else {}
    if job.result["columns"]:
        params["columns"] = form.chosen()
    return redirect("bank:import", pk=_enqueue(request, job, "bank_check", params).pk)


@require_POST
def take(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Takes a file that was read without a mistake. Two clicks are one: both lead to the same job."""
    with transaction.atomic():
        checked = get_object_or_404(_jobs(request).select_for_update(), pk=pk, kind="bank_check")
        if checked.state != Job.State.DONE or checked.result.get("mistakes"):
            messages.error(request, _("The file has mistakes or is not read yet; nothing was taken."))
            return redirect("bank:import", pk=pk)
        if (started := checked.params.get("take")) is None:
            params = {name: checked.params[name] for name in ("account", "columns") if name in checked.params}
            if checked.result["columns"]:
                params.setdefault("columns", [column["field"] for column in checked.result["columns"]])
            started = str(_enqueue(request, checked, "bank_take", params).pk)
            checked.params["take"] = started
            checked.save(update_fields=["params"])
    return redirect("bank:import", pk=started)


def _enqueue(request: SignedInRequest, job: Job, kind: str, params: dict[str, object]) -> Job:
    with job.upload.open("rb") as uploaded:
        file = UploadedFile(uploaded.file, job.upload_name)
        return enqueue(user=request.user, kind=kind, params=params, upload=file)


def _jobs(request: SignedInRequest) -> JobQuerySet:
    require_bookkeeping(request.user)
    return Job.objects.of(request.user).of_kind("bank_check", "bank_take")
