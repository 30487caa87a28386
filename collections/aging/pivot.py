"""A report spread over a second grouping: rows by one, columns by the other, and totals that prove themselves."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from aging.question import Question
from ledger.money import from_cents

Group = int | str | None


@dataclass(frozen=True, slots=True)
class Head:
    """What a row or a column stands for."""

    group: Group
    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Spread:
    """One row: what is open of its group in each column, `columns` being the groups in their order."""

    head: Head
    columns: tuple[Group, ...]
    cells: Mapping[Group, int]

    def amounts(self) -> list[Decimal]:
        """In the order of the columns, the total of the row last."""
        return [*(from_cents(self.cells.get(group, 0)) for group in self.columns), self.total]

    @property
    def total(self) -> Decimal:
        return from_cents(sum(self.cells.values()))


@dataclass(frozen=True)
class Pivot:
    """The open amounts of one currency, credits among them, by two groupings."""

    question: Question
    currency: str
    columns: tuple[Head, ...]
    rows: Sequence[Spread]

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def totals(self) -> Spread:
        """The sums of the columns; their total is that of the report."""
        cells: dict[Group, int] = {}
        for row in self.rows:
            for group, cents in row.cells.items():
                cells[group] = cells.get(group, 0) + cents
        return Spread(Head(None, "", ""), tuple(head.group for head in self.columns), cells)

    def sorted(self, column: str, *, descending: bool = False) -> "Pivot":
        """By name, total, or the column whose place is in its name: column_0."""

        def value(row: Spread) -> Any:
            if column == "name":
                return row.head.name
            if column == "total":
                return row.total
            return row.cells.get(self.columns[int(column.rpartition("_")[2])].group, 0)

        return replace(self, rows=sorted(self.rows, key=value, reverse=descending))

    def lines(self) -> Iterator[list[str | Decimal]]:
        for row in self.rows:
            yield [row.head.key, row.head.name, self.currency, *row.amounts()]
