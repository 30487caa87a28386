"""Pages of a list whose cost does not grow with the books: rows are counted up to a bound, and the keys of a page are
looked up first, so that what else is shown of a row is read for the rows of the page alone.
"""

from copy import copy
from functools import cached_property
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.core.paginator import EmptyPage, Paginator
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable
from django.http import QueryDict

SIZES = (50, 100, 200)
# Nobody turns this many pages: beyond, the list says "more than …" and its filters or its order lead there.
MOST_COUNTED = 10_000


def size(data: QueryDict) -> int:
    asked = data.get("size", "")
    return next((number for number in SIZES if str(number) == asked), SIZES[0])


def settled(rows: Any) -> Any:
    """The same rows in an order that no two of them share: rows that are equal in what they are sorted by go by their
    keys, or they might stand on two pages, or on none.
    """
    if not _are_records(rows):
        return rows
    order = list(rows.query.order_by or (rows.model._meta.ordering if rows.query.default_ordering else ()))
    if any(_is_unique(rows.model, field) for field in order):
        return rows
    return rows.order_by(*order, "-pk" if order and _is_descending(order[0]) else "pk")


def paginate(table: Any, data: QueryDict, paginator: type[Paginator[Any]]) -> None:
    """Cuts the table to the page that the address asks for, or to one that there is."""
    try:
        number = int(data.get("page", "1"))
    except ValueError:
        number = 1
    table.paginator = paginator(table.rows, size(data))
    try:
        table.page = table.paginator.page(number)
    except EmptyPage:
        table.page = table.paginator.page(table.paginator.num_pages)


def _are_records(rows: Any) -> bool:
    """Whether rows come from the database and have keys; sums by group have none."""
    return (
        isinstance(rows, QuerySet) and issubclass(rows._iterable_class, ModelIterable) and not rows.query.combinator
    )


def _is_unique(model: type[Model], order: Any) -> bool:
    """Whether no two rows are equal in it; of an expression nobody knows."""
    if not isinstance(order, str):
        return False
    name = order.lstrip("-")
    if name == "pk":
        return True
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return bool(getattr(field, "unique", False) and not field.null)


def _is_descending(order: Any) -> bool:
    return order.startswith("-") if isinstance(order, str) else bool(getattr(order, "descending", False))


class BoundedPaginator(Paginator[Any]):
    """Counts no more than MOST_COUNTED rows; `is_cut` says that there are others."""

    @cached_property
    def _rows(self) -> Any:
        """What the table's rows are made of."""
        rows: Any = getattr(self.object_list, "data", self.object_list)
        return getattr(rows, "data", rows)

    @cached_property
    def _counted(self) -> int:
        if not isinstance(self._rows, QuerySet):
            return len(self.object_list)
        rows = self._rows.order_by()
        # Nothing that is shown of a row need be reckoned to count it.
        counted = rows.values("pk") if _are_records(rows) else rows
        found: int = counted[: MOST_COUNTED + 1].count()
        return found

    @cached_property
    def is_cut(self) -> bool:
        return isinstance(self._rows, QuerySet) and self._counted > MOST_COUNTED

    @cached_property
    def count(self) -> int:
        return MOST_COUNTED if self.is_cut else self._counted

    def page(self, number: Any) -> Any:
        """Cut by hand: a table would count its rows anew for it."""
        number = self.validate_number(number)
        bottom = (number - 1) * self.per_page
        top = min(bottom + self.per_page, self.count)
        is_wide = hasattr(self.object_list, "table") and _are_records(self._rows) and self._rows.query.select_related
        rows = self._by_keys(bottom, top) if is_wide else self.object_list[bottom:top]
        return self._get_page(rows, number, self)  # type: ignore[attr-defined]

    def _by_keys(self, bottom: int, top: int) -> Any:
        """The keys in the order of the list, then the rows with all that they bring along. Asked for at once, other
        tables are joined to rows that a deep page passes over, or to all of them before they are sorted.
        """
        keys = list(self._rows.values_list("pk", flat=True)[bottom:top])
        found = {row.pk: row for row in self._rows.filter(pk__in=keys).order_by()}
        page: Any = copy(self.object_list)
        page.data = [found[key] for key in keys if key in found]
        return page
