"""Files: uploaded, opened, withdrawn. Each asks first whether the user sees the customer."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from config.pages import SignedInRequest
from customers.models import Customer
from ledger.attachments import attach, withdraw
from ledger.errors import LedgerError
from ledger.forms.attachments import FilesForm, WithdrawalForm
from ledger.models import Attachment, Entry
from ledger.queries.attachments import attachments_visible_to, files_panel
from ledger.queries.documents import entries_for_page
from ledger.views.permission import writable_customer

# A file is looked at, it does nothing: no script, no frame, no other address, whatever is in it.
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"


@require_POST
def upload_to_customer(request: SignedInRequest, pk: int) -> HttpResponse:
    customer = writable_customer(request.user, pk)
    return _upload(request, customer, None, f"{reverse('customers:files', args=[customer.pk])}")


@require_POST
def upload_to_entry(request: SignedInRequest, pk: int) -> HttpResponse:
    entry = get_object_or_404(entries_for_page(request.user), pk=pk)
    customer = writable_customer(request.user, entry.customer_id)
    return _upload(request, customer, entry, f"{reverse('ledger:entry', args=[entry.pk])}#files")


def _upload(request: SignedInRequest, customer: Customer, entry: Entry | None, page: str) -> HttpResponse:
    """Keeps each file that is in order and names each that is not: one wrong file does not cost the others."""
    form = FilesForm(request.POST, request.FILES)
    refused, kept, known = [], 0, 0
    if form.is_valid():
        said = {"by": request.user, "customer": customer, "entry": entry, "kind": form.cleaned_data["kind"]}
        for file in form.cleaned_data["files"]:
            try:
                taken = attach(file=file, note=form.cleaned_data["note"], **said)
            except LedgerError as refusal:
                refused.append(refusal.message)
            else:
                known += taken.is_known
                kept += not taken.is_known
    else:
        refused = [str(error) for errors in form.errors.values() for error in errors]
    told = []
    if kept:
        told.append(ngettext("%(n)d file was kept.", "%(n)d files were kept.", kept) % {"n": kept})
    if known:
        told.append(_("The same content was there already."))
    if request.htmx:
        panel = files_panel(request.user, customer, entry, may_upload=True, refused=refused, told=" ".join(told))
        return render(request, "ledger/_files.html", {"panel": panel})
    for message in refused:
        messages.error(request, message)
    if told:
        messages.success(request, " ".join(told))
    return HttpResponseRedirect(page)


@require_GET
def file(request: SignedInRequest, pk: int) -> FileResponse:
    """The file itself: photos are shown, all else is downloaded under its own name."""
    attachment = _attachment(request, pk)
    if not attachment.may_be_opened_by(request.user):
        raise Http404
    kind = attachment.type
    try:
        content = attachment.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    is_download = not kind.is_drawn or "download" in request.GET
    response = FileResponse(
        content, as_attachment=is_download, filename=attachment.name, content_type=kind.content_type
    )
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    # Whoever loses the customer loses the file: a browser may keep it, but has to ask.
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def withdraw_file(request: SignedInRequest, pk: int) -> HttpResponse:
    attachment = _attachment(request, pk)
    writable_customer(request.user, attachment.customer_id)
    if not attachment.may_be_withdrawn_by(request.user):
        raise PermissionDenied
    form = WithdrawalForm(request.POST or None)
    entry = attachment.entry
    page = (
        f"{reverse('ledger:entry', args=[entry.pk])}#files"
        if entry
        else reverse("customers:files", args=[attachment.customer_id])
    )
    if request.method == "POST" and form.is_valid():
        try:
            withdraw(by=request.user, attachment=attachment, reason=form.cleaned_data["reason"])
        except LedgerError as refusal:
            form.add_error("reason" if refusal.field else None, refusal.message)
        else:
            messages.success(request, _("“%(name)s” was withdrawn.") % {"name": attachment.name})
            return HttpResponseRedirect(page)
    return render(
        request, "ledger/withdraw_file.html", {"form": form, "attachment": attachment, "entry": entry, "page": page}
    )


def _attachment(request: SignedInRequest, pk: int) -> Attachment:
    return get_object_or_404(attachments_visible_to(request.user), pk=pk)
