"""A comparison as a file: the workbook, and the list as the customer gave it."""

import tempfile

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from config.lists.exporting import XLSX
from config.pages import SignedInRequest
from reconciliation.comparison import paper, workbook
from reconciliation.comparison.queries.comparisons import list_named


@require_GET
def excel(request: SignedInRequest, pk: int) -> FileResponse:
    row = get_object_or_404(list_named(request.user, pk))
    file = tempfile.TemporaryFile()  # noqa: SIM115 -- FileResponse closes it
    workbook.write(row, file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=workbook.name_of(row, "xlsx"), content_type=XLSX)


@require_GET
def pdf(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(list_named(request.user, pk))
    response = HttpResponse(paper.comparison_pdf(row), content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, workbook.name_of(row, "pdf"))
    return response


@require_GET
def original(request: SignedInRequest, pk: int) -> FileResponse:
    """The file as it came, always as a download."""
    row = get_object_or_404(list_named(request.user, pk))
    try:
        content = row.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(content, as_attachment=True, filename=row.file_name)
    response["Content-Type"] = "application/octet-stream"
    response["X-Content-Type-Options"] = "nosniff"
    return response
