"""From a file to a comparison: the customer, the file, a look at its columns, taken."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from config.jobs.models import Job
from config.jobs.services import enqueue
from config.pages import SignedInRequest
from ledger.errors import LedgerError
from ledger.views.permission import require_posting
from reconciliation.comparison.errors import ListRefused
from reconciliation.comparison.forms import ListFileForm, ReadingForm, columns_asked
from reconciliation.comparison.models import ListUpload
from reconciliation.comparison.previewing import Preview, preview
from reconciliation.comparison.queries.comparisons import answered_lists, comparison_of, upload_named
from reconciliation.comparison.taking import keep_answered, keep_upload, params_of, take
from reconciliation.comparison.views.lists import MOST_AT_ONCE, customer_named

MOST_SHOWN, MOST_PROBLEMS = 8, 20


def new(request: SignedInRequest) -> HttpResponse:
    """Whose list it is, then the file. A post without a file chooses the customer."""
    require_posting(request.user)
    customer = customer_named(request, request.POST.get("customer", request.GET.get("customer", "")))
    sent = request.method == "POST" and "_redraw" not in request.POST and customer is not None
    form = ListFileForm(request.POST, request.FILES) if sent else ListFileForm()
    if sent and customer is not None and form.is_valid():
        try:
            upload = keep_upload(by=request.user, customer=customer, file=form.cleaned_data["file"])
            return redirect("comparison:preview", pk=upload.pk)
        except LedgerError as refusal:
            form.add_error("file", refusal.message)
    template = "reconciliation/comparison/_new.html" if request.htmx else "reconciliation/comparison/new.html"
    return render(request, template, {"form": form, "customer": customer})


@require_POST
def from_answer(request: SignedInRequest, pk: int) -> HttpResponse:
    """A list that came with the answer to a statement is looked at as if it were uploaded; one that is compared
    already, where it is.
    """
    require_posting(request.user)
    sent = get_object_or_404(answered_lists(request.user), pk=pk)
    if (known := comparison_of(sent)) is not None:
        return redirect("comparison:detail", pk=known.pk)
    try:
        return redirect("comparison:preview", pk=keep_answered(by=request.user, sent=sent).pk)
    except LedgerError as refusal:
        messages.error(request, refusal.message)
        return redirect("comparison:list")


def look(request: SignedInRequest, pk: int) -> HttpResponse:
    """What would be read of the file; a post takes it so, or with `look` reads it anew with other columns."""
    require_posting(request.user)
    upload = get_object_or_404(upload_named(request.user, pk))
    posted = request.method == "POST"
    asked = columns_asked(request.POST) if posted else None
    try:
        shown = preview(upload, asked, request.POST.get("direction", ""))
    except ListRefused as refusal:
        return _page(request, upload, None, None, refusal)
    if not posted or "look" in request.POST:
        return _page(request, upload, shown, ReadingForm(shown=shown, today=timezone.localdate()))
    form = ReadingForm(request.POST, shown=shown, today=timezone.localdate())
    if not form.is_valid():
        return _page(request, upload, shown, form)
    try:
        if len(shown.given.lines) > MOST_AT_ONCE:
            job = enqueue(user=request.user, kind="customer_list", params=params_of(upload, form.asked()))
            return redirect("jobs:detail", pk=job.pk)
        return redirect("comparison:detail", pk=take(by=request.user, upload=upload, asked=form.asked()).pk)
    except LedgerError as refusal:
        form.add_error(None, refusal.message)
        return _page(request, upload, shown, form)


def _page(
    request: SignedInRequest,
    upload: ListUpload,
    shown: Preview | None,
    form: ReadingForm | None,
    refusal: ListRefused | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {"upload": upload, "shown": shown, "form": form, "refusal": refusal}
    if shown is not None:
        given = shown.given
        total = sum(one.amount for one in given.lines)
        context |= {
            "lines": given.lines[:MOST_SHOWN],
            "problems": given.problems[:MOST_PROBLEMS],
            "more_problems": len(given.problems) - MOST_PROBLEMS,
            "warnings": given.warnings[:MOST_PROBLEMS],
            "total": total,
            "apart": given.opening + total - given.closing
            if given.opening is not None and given.closing is not None
            else None,
        }
    return render(request, "reconciliation/comparison/preview.html", context)


@require_GET
def taken(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Where a job leads that took a large list."""
    job = get_object_or_404(Job.objects.of(request.user), pk=pk)
    made = job.result.get("list")
    return redirect("comparison:detail", pk=made) if made else redirect("comparison:list")
