"""The aging report as one SQL statement, and the items behind each of its numbers."""

from aging.queries.items import Item, Items, column_of
from aging.queries.names import group_name, names_of
from aging.queries.reports import reports
from aging.queries.side_by_side import comparisons, pivots
from aging.queries.snapshot import snapshot

__all__ = [
    "Item",
    "Items",
    "column_of",
    "comparisons",
    "group_name",
    "names_of",
    "pivots",
    "reports",
    "snapshot",
]
