"""The list page, once: filtering, sorting, paging, totals, the htmx fragment and the export of what is seen.

What a list shows stands in its address: the filters, `sort`, `columns`, `size` and `page`. A list whose rows can be
chosen declares `actions`; `config.lists.selection` says what their addresses receive.
"""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import (
    HttpRequest,
    HttpResponseBase,
    HttpResponseRedirect,
    QueryDict,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from django.utils.http import content_disposition_header, url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views import View
from django_htmx.http import push_url
from django_tables2 import RequestConfig

from config.lists import columns, exporting, paging
from config.lists.addresses import LOOK, OF_A_MOMENT, query
from config.lists.chips import chips
from config.lists.selection import BulkAction, Chosen, selection
from config.saved.queries import columns_of
from customers.models import User


class SignedInRequest(HttpRequest):
    """A request behind the sign-in, as every page but the door itself receives it."""

    user: User
    htmx: Any


def way_back(request: HttpRequest, otherwise: str) -> str:
    """Where a form leads once it is done: to the page of ours that `next` names, else where it always does."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if is_ours else otherwise


class ListPage(View):
    """A list is a queryset, a table, perhaps a filter set and totals; all else is here.

    The whole page and the htmx fragment come from the same templates: the page includes `_list.html`. A filter set
    names in `first` the filters that are always in sight; the others stand behind "More filters".
    """

    request: SignedInRequest
    title: str | Promise = ""
    table_class: Any
    filterset_class: Any = None
    template_name = "list.html"
    fragment_name = "_list.html"
    paginator_class: type[Paginator[Any]] = paging.BoundedPaginator
    # Whether a person chooses the columns; not of a table that makes them for each question.
    has_choice_of_columns = True
    # Whether the choice can be kept as a person's default, which costs a query.
    keeps_columns = True
    # What can be done with several rows, and the fields whose sum is said of the chosen ones.
    actions: Sequence[BulkAction] = ()
    amount = ""
    currency: str | Callable[[Any], str] = "currency"

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
    def chosen(cls, request: SignedInRequest, *, whole_filter: bool = False) -> QuerySet[Any]:
        """The rows that a post of one of the actions names, of those that the user may see on this list. All of a
        filter only for an action that says so: nobody marks a whole list by a post that no page offers.
        """
        posted = Chosen.read(request.POST, whole_filter=whole_filter)
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
        named = self._named_columns()
        shown = columns.shown(self.table_class, named) if self.has_choice_of_columns else ()
        if related := columns.joined(self.table_class, shown):
            rows = rows.select_related(*related)
        # A table that is made with a request counts all of its rows at once.
        table = self.table_class(rows)
        table.request = request
        for column in table.columns.iterall() if self.has_choice_of_columns else ():
            (table.columns.show if column.name in shown else table.columns.hide)(column.name)
        export = request.GET.get("_export", "")
        RequestConfig(request, paginate=False).configure(table)
        table.data.data = paging.settled(table.data.data)
        if export not in ("xlsx", "csv"):
            paging.paginate(table, request.GET, self.paginator_class)
        in_force = chips(filterset, request.GET)
        if export in ("xlsx", "csv"):
            self.filters_said = [(chip.label, chip.value) for chip in in_force]
            return self._export(table, export)
        fragment = bool(request.htmx) and request.htmx.target == "list"
        here = f"{request.path}{query(request.GET, page=table.page.number if table.page else 1)}"
        response = render(
            request,
            self.fragment_name if fragment else self.template_name,
            {
                "title": self.title,
                "filterset": filterset,
                "fields": _fields(filterset),
                "chips": in_force,
                "look": _look(request.GET),
                "cleared": f"{request.path}{_query_of(_look(request.GET))}",
                "table": table,
                "offered": columns.offered(table, shown) if self.has_choice_of_columns else [],
                "list_name": _name(request) if self.keeps_columns else "",
                "own_columns": bool(named),
                "sizes": paging.SIZES,
                "size": paging.size(request.GET),
                "mixes_currencies": _mixes_currencies(table),
                "totals": _total_cells(table, self.totals(rows)),
                "selection": selection(self.bulk_actions(), amount=self.amount, currency=self.currency),
                # The filter without its order and its look: within it what was chosen stays chosen.
                "scope": query(request.GET, without=LOOK),
                "here": here,
                "to_save": self._to_save(shown),
                "kept": [
                    (name, value)
                    for name, values in request.GET.lists()
                    for value in values
                    if value and name not in ("columns", *OF_A_MOMENT)
                ],
                "without_columns": f"{request.path}{query(request.GET, without=('columns',))}",
                **self.context(),
            },
        )
        patch_vary_headers(response, ["HX-Request"])
        if fragment:
            push_url(response, here)
        return response

    def _to_save(self, shown: Sequence[str]) -> str:
        """This list as a view keeps it: the columns are named, whatever its owner or a reader makes usual later."""
        kept = self.request.GET.copy()
        if shown and not columns.asked(kept):
            kept["columns"] = ",".join(shown)
        return f"{self.request.path}{query(kept)}"

    def _named_columns(self) -> Sequence[str]:
        """Those of the address, else the user's own; none where those of the table are shown."""
        asked = columns.asked(self.request.GET) if self.has_choice_of_columns else []
        if asked or not self.has_choice_of_columns or not self.keeps_columns:
            return asked
        return columns.named(columns_of(self.request.user, _name(self.request)))

    def _export(self, table: Any, kind: str) -> HttpResponseBase:
        """The rows of every page as filtered and sorted, with the columns that are seen, as a file."""
        rows = table.data.data
        if rows.count() > exporting.LARGEST:
            messages.error(
                self.request,
                _("This list has more than %(limit)s rows; narrow the filters.")
                % {"limit": f"{exporting.LARGEST:,}"},
            )
            return HttpResponseRedirect(f"{self.request.path}{query(self.request.GET)}")
        address = f"{settings.SITE_URL}{self.request.path}{query(self.request.GET)}"
        made = exporting.sheet(
            table, rows, title=str(self.title), filters=self.filters_said, user=self.request.user, url=address
        )
        if kind == "csv":
            lines = StreamingHttpResponse(made.csv(), content_type="text/csv; charset=utf-8")
            lines["Content-Disposition"] = content_disposition_header(True, made.name(kind))
            return lines
        file = tempfile.TemporaryFile()  # noqa: SIM115 -- FileResponse closes it
        rows_written = made.write(file)
        file.seek(0)
        response = exporting.ListFile(file, as_attachment=True, filename=made.name(kind))
        response.rows, response.filters = rows_written, self.filters_said
        return response


def _name(request: HttpRequest) -> str:
    """How the list is called in what a person keeps of it."""
    return request.resolver_match.view_name if request.resolver_match else request.path


def _look(data: QueryDict) -> list[tuple[str, str]]:
    """How the list is looked at, which the filters leave as it is."""
    return [(name, ",".join(data.getlist(name))) for name in LOOK if any(data.getlist(name))]


def _query_of(pairs: Sequence[tuple[str, str]]) -> str:
    said = QueryDict(mutable=True)
    said.update(dict(pairs))
    return query(said)


def _fields(filterset: Any) -> dict[str, list[Any]]:
    """The fields of the filters: those in sight, and those behind "More filters"."""
    if filterset is None:
        return {"first": [], "more": []}
    visible = filterset.form.visible_fields()
    names = getattr(filterset, "first", None) or [field.name for field in visible]
    return {
        "first": [field for field in visible if field.name in names],
        "more": [field for field in visible if field.name not in names],
    }


def _mixes_currencies(table: Any) -> bool:
    """Whether the rows in sight are sorted by amounts that cannot be compared."""
    names = table.columns.names()
    sorted_by = next(iter(table.order_by or ()), "").lstrip("-")
    if sorted_by not in names or not getattr(table.columns[sorted_by].column, "is_money", False):
        return False
    return "currency" in names and len({row.get_cell_value("currency") for row in table.paginated_rows}) > 1


def _total_cells(table: Any, totals: Mapping[str, object]) -> list[tuple[Any, object]]:
    """A total or nothing for each column of the table; empty where the list has no totals."""
    return [(column, totals.get(column.name)) for column in table.columns] if totals else []
