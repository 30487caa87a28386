"""Rows with a bar each, in the order in which they are given; what is negative grows to the left of zero."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from config.charts.scale import pixels


@dataclass(frozen=True, slots=True)
class RankingRow:
    label: str
    value: Decimal
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class RankedBar:
    """A row with its bar, in hundredths of the width."""

    row: RankingRow
    x: Decimal
    width: Decimal
    tone: str


@dataclass(frozen=True, slots=True)
class Ranking:
    title: str
    unit: str
    bars: tuple[RankedBar, ...]
    has_notes: bool
    template = "charts/_ranking.html"

    @property
    def is_empty(self) -> bool:
        return not self.bars


def ranking(*, title: str, unit: str, rows: Sequence[RankingRow], tone: str = "accent") -> Ranking:
    low = min((row.value for row in rows), default=Decimal(0))
    high = max((row.value for row in rows), default=Decimal(0))
    low, high = min(low, Decimal(0)), max(high, Decimal(0))
    whole = high - low or Decimal(1)
    return Ranking(
        title,
        unit,
        tuple(
            RankedBar(
                row,
                x=pixels(100 * (min(row.value, Decimal(0)) - low) / whole),
                width=pixels(100 * abs(row.value) / whole),
                tone=tone if row.value >= 0 else "bad",
            )
            for row in rows
        ),
        any(row.note for row in rows),
    )
