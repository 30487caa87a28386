"""Pages of a list whose cost does not grow with the books: rows are counted up to a bound."""

from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import QueryDict

SIZES = (50, 100, 200)
# Nobody turns this many pages: beyond, the list says "more than …" and its filters or its order lead there.
MOST_COUNTED = 10_000


def size(data: QueryDict) -> int:
    asked = data.get("size", "")
    return next((number for number in SIZES if str(number) == asked), SIZES[0])


class BoundedPaginator(Paginator[Any]):
    """Counts no more than MOST_COUNTED rows; `is_cut` says that there are others."""

    @cached_property
    def _counted(self) -> int:
        rows: Any = getattr(self.object_list, "data", self.object_list)
        rows = getattr(rows, "data", rows)
        if not isinstance(rows, QuerySet):
            return len(self.object_list)
        return rows.order_by()[: MOST_COUNTED + 1].count()

    @cached_property
    def is_cut(self) -> bool:
        rows: Any = getattr(self.object_list, "data", self.object_list)
        return isinstance(getattr(rows, "data", rows), QuerySet) and self._counted > MOST_COUNTED

    @cached_property
    def count(self) -> int:
        return MOST_COUNTED if self.is_cut else self._counted

    def page(self, number: Any) -> Any:
        """Cut by hand: a table would count its rows anew for it."""
        number = self.validate_number(number)
        bottom = (number - 1) * self.per_page
        rows = self.object_list[bottom : min(bottom + self.per_page, self.count)]
        return self._get_page(rows, number, self)  # type: ignore[attr-defined]
