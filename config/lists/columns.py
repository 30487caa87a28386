"""Which columns of a list are shown: those that the address names, else the user's own, else those of the table.

A table offers every column that it declares, in that order; those with `visible=False` are not shown at first. What
the page shows in one cell may have columns of its own in an export: `splits` names them, and `pieces` those that are
of no use beside the whole. A column that reads another table names the relation in `needs`, so that a list pays for
it only where it is shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict


@dataclass(frozen=True, slots=True)
class Offered:
    """A column of the menu."""

    name: str
    label: str
    shown: bool


def named(text: str | Sequence[str]) -> list[str]:
    """The names in `a,b` or in several such texts."""
    texts = [text] if isinstance(text, str) else text
    return [name.strip() for part in texts for name in part.split(",") if name.strip()]


def asked(data: QueryDict) -> list[str]:
    return named(data.getlist("columns"))


def shown(table_class: Any, names: Sequence[str]) -> tuple[str, ...]:
    """The names that are columns of the table, in its order; those that it shows at first where none is."""
    columns = table_class.base_columns
    chosen = tuple(name for name in columns if name in names)
    return chosen or tuple(name for name, column in columns.items() if column.visible)


def offered(table: Any, names: Sequence[str]) -> list[Offered]:
    pieces = getattr(table, "pieces", ())
    return [
        Offered(column.name, str(column.header), column.name in names)
        for column in table.columns.iterall()
        if column.name not in pieces or column.name in names
    ]


def joined(table_class: Any, names: Sequence[str]) -> list[str]:
    """The relations that the shown columns read, beyond those that the list reads anyway."""
    needs: Mapping[str, str] = getattr(table_class, "needs", {})
    return [needs[name] for name in names if name in needs]


def exported(table: Any) -> list[Any]:
    """The columns of the file: those seen, in their order, each by the columns that say it in pieces; none that are
    for the hand alone (`exclude_from_export`).
    """
    splits: Mapping[str, Sequence[str]] = getattr(table, "splits", {})
    names = [piece for column in table.columns for piece in splits.get(column.name, (column.name,))]
    columns = [table.columns[name] for name in dict.fromkeys(names)]
    return [column for column in columns if not column.column.exclude_from_export]
