"""A table of the trends as a file."""

import tempfile
from collections.abc import Iterable, Sequence

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from config import sheets
from config.sheets import Cell


def as_file(
    kind: str, headings: Sequence[object], rows: Iterable[Sequence[Cell]], *, title: str, name: str
) -> HttpResponseBase:
    """`kind` is xlsx or csv, `name` the file's without its ending."""
    if kind == "csv":
        response = StreamingHttpResponse(sheets.csv_lines(headings, rows), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = content_disposition_header(True, f"{name}.csv")
        return response
    file = tempfile.TemporaryFile()  # noqa: SIM115 -- FileResponse closes it
    sheets.write_rows(file, [str(heading) for heading in headings], rows, title=title)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx")
