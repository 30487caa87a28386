"""The list page, once: filtering, sorting, paging, totals, the htmx fragment and the export of what is seen.

A list whose rows can be chosen declares `actions`; `config.lists.selection` says what their addresses receive.
"""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponseBase,
    HttpResponseRedirect,
    QueryDict,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from django.utils.http import content_disposition_header, url_has_allowed_host_and_scheme
from django.utils.text import slugify
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views import View
from django_htmx.http import push_url
from django_tables2 import RequestConfig
from django_tables2.rows import BoundRow

from config import sheets
from config.lists.selection import BulkAction, Chosen, selection
from customers.models import User

PAGE_SIZE = 50
# More rows than this are no list to look at; reports of that size are jobs.
LARGEST_EXPORT = 100_000


class SignedInRequest(HttpRequest):
    """A request behind the sign-in, as every page but the door itself receives it."""

    user: User
    htmx: Any


def way_back(request: HttpRequest, otherwise: str) -> str:
    """Where a form leads once it is done: to the page of ours that `next` names, else where it always does."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if is_ours else otherwise


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force, and where the list goes without it."""

    label: str
    value: str
    url: str


class ListPage(View):
    """A list is a queryset, a table, perhaps a filter set and totals; all else is here.

    The whole page and the htmx fragment come from the same templates: the page includes `_list.html`.
    """

    request: SignedInRequest
    title: str | Promise = ""
    table_class: Any
    filterset_class: Any = None
    template_name = "list.html"
    fragment_name = "_list.html"
    paginator_class: type[Paginator[Any]] = Paginator
    # What can be done with several rows, and the fields whose sum is said of the chosen ones.
    actions: Sequence[BulkAction] = ()
    amount = ""
    currency = "currency"

    def queryset(self) -> QuerySet[Any]:
        """The rows that this user may see, before any filter."""
        raise NotImplementedError

    def totals(self, rows: QuerySet[Any]) -> Mapping[str, object]:
        """Totals of the whole filtered result, by name of column; nothing for a list without."""
        return {}

    def context(self) -> dict[str, Any]:
        """What the page shows besides its list."""
        return {}

    def bulk_actions(self) -> Sequence[BulkAction]:
        """Those of the actions that this user may take."""
        return self.actions

    @classmethod
    def chosen(cls, request: SignedInRequest) -> QuerySet[Any]:
        """The rows that a post of one of the actions names, of those that the user may see on this list."""
        posted = Chosen.read(request.POST)
        page = cls()
        asked = copy(request)
        asked.GET = posted.filter if posted.filter is not None else QueryDict()  # type: ignore[assignment]
        page.setup(asked)
        if posted.filter is not None:
            return page.filtered()[1]
        named: QuerySet[Any] = page.queryset()
        return named.filter(pk__in=posted.keys_of(named.model))

    def filtered(self) -> tuple[Any, QuerySet[Any]]:
        """The filter set, where the list has one, and the rows that it leaves; none where a filter is no filter."""
        rows = self.queryset()
        if self.filterset_class is None:
            return None, rows
        filterset = self.filterset_class(self.request.GET, queryset=rows, request=self.request)
        return filterset, filterset.qs if filterset.is_valid() else rows.none()

    def get(self, request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        filterset, rows = self.filtered()
        table = self.table_class(rows, request=request)
        export = request.GET.get("_export", "")
        RequestConfig(
            request,
            paginate=False if export else {"per_page": PAGE_SIZE, "paginator_class": self.paginator_class},
        ).configure(table)
        if export in ("xlsx", "csv"):
            return self._export(table, export)
        fragment = bool(request.htmx) and request.htmx.target == "list"
        response = render(
            request,
            self.fragment_name if fragment else self.template_name,
            {
                "title": self.title,
                "filterset": filterset,
                "chips": _chips(filterset, request.GET) if filterset is not None else [],
                "table": table,
                "totals": _total_cells(table, self.totals(rows)),
                "selection": selection(self.bulk_actions(), amount=self.amount, currency=self.currency),
                # The filter without order and page: within it what was chosen stays chosen.
                "scope": _query(request.GET, without="sort"),
                "here": f"{request.path}{_query(request.GET, page=table.page.number if table.page else 1)}",
                **self.context(),
            },
        )
        patch_vary_headers(response, ["HX-Request"])
        if fragment:
            page = table.page.number if table.page else 1
            push_url(response, f"{request.path}{_query(request.GET, page=page)}")
        return response

    def _export(self, table: Any, kind: str) -> HttpResponseBase:
        """The rows of every page as filtered and sorted, with the columns of the table, as a file."""
        rows = table.data.data
        if rows.count() > LARGEST_EXPORT:
            messages.error(
                self.request,
                _("This list has more than %(limit)s rows; narrow the filters.") % {"limit": f"{LARGEST_EXPORT:,}"},
            )
            return HttpResponseRedirect(f"{self.request.path}{_query(self.request.GET)}")
        columns = [column for column in table.columns.iterall() if not column.column.exclude_from_export]
        headings = [str(column.header) for column in columns]
        name = f"{slugify(str(self.title), allow_unicode=True)}-{timezone.localdate().isoformat()}.{kind}"
        values = _values(table, rows, [column.name for column in columns])
        if kind == "csv":
            lines = sheets.csv_lines(headings, values)
            response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
            response["Content-Disposition"] = content_disposition_header(True, name)
            return response
        file = tempfile.TemporaryFile()  # noqa: SIM115 -- FileResponse closes it
        sheets.write_rows(file, headings, values, title=str(self.title))
        file.seek(0)
        return FileResponse(file, as_attachment=True, filename=name)


def _values(table: Any, rows: QuerySet[Any], names: list[str]) -> Iterator[list[Any]]:
    """The plain values of the cells, row by row, without the table in memory.

    Rows are made while they are sent, when the language of the request is no longer in force.
    """
    language = get_language() or settings.LANGUAGE_CODE
    return _values_in(language, table, rows, names)


def _values_in(language: str, table: Any, rows: QuerySet[Any], names: list[str]) -> Iterator[list[Any]]:
    for record in rows.iterator(chunk_size=2000):
        row = BoundRow(record, table)
        with override(language):
            values = [_plain(row.get_cell_value(name)) for name in names]
        yield values


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Promise | Model) else value


def _query(data: QueryDict, *, without: str = "", page: int = 1) -> str:
    """The query string of what is really asked: no empty filters, no first page, no export."""
    kept = data.copy()
    for name in (without, "page", "_export"):
        kept.pop(name, None)
    for name in [name for name in kept if not any(kept.getlist(name))]:
        del kept[name]
    if page > 1:
        kept["page"] = str(page)
    return f"?{kept.urlencode()}" if kept else ""


def _chips(filterset: Any, data: QueryDict) -> list[Chip]:
    chips = []
    for name, field in filterset.form.fields.items():
        value = filterset.form.cleaned_data.get(name) if filterset.form.is_bound and filterset.is_valid() else None
        if value in (None, "", False) or not data.get(name):
            continue
        # What has no label is chosen, and said, elsewhere on the page.
        if not field.label or value == filterset.form.get_initial_for_field(field, name):
            continue
        choices = getattr(field, "choices", None)
        said = str(value)
        if choices is not None and not isinstance(value, Model):
            said = str(dict(_flat(choices)).get(value, value))
        label, said = ("", str(field.label)) if value is True else (str(field.label), said)
        chips.append(Chip(label, said, _query(data, without=name) or "?"))
    return chips


def _flat(choices: Any) -> Iterator[tuple[Any, Any]]:
    """Choices without their groups."""
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from _flat(label)
        else:
            yield value, label


def _total_cells(table: Any, totals: Mapping[str, object]) -> list[tuple[Any, object]]:
    """A total or nothing for each column of the table; empty where the list has no totals."""
    return [(column, totals.get(column.name)) for column in table.columns] if totals else []
