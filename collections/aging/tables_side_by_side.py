"""The report beside another day, and spread over a second grouping, as tables."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from aging.addresses import Addresses
from aging.comparison import FIGURES, PARTS, Comparison, Movement
from aging.pivot import Pivot, Spread
from aging.tables import Rows, linked
from aging.wording import HEADS, movement_headings
from config.dates import shown_day, shown_short
from ledger.columns import MoneyColumn
from ledger.templatetags.ledger_format import money


class Compared:
    """A comparison as a list page wants its rows; `before` leads to what was open on the other day."""

    def __init__(self, report: Comparison, addresses: Addresses, before: Addresses) -> None:
        self.report = report
        self.addresses = addresses
        self.before = before

    def count(self) -> int:
        return len(self.report)

    def none(self) -> "Compared":
        return Compared(self.report.none(), self.addresses, self.before)

    def order_by(self, *aliases: str) -> "Compared":
        report = self.report
        for alias in reversed(aliases):
            report = report.sorted(alias.removeprefix("-"), descending=alias.startswith("-"))
        return Compared(report, self.addresses, self.before)

    def __getitem__(self, piece: slice) -> list[Movement]:
        return self.report.rows[piece]

    def __iter__(self) -> Iterator[Movement]:
        return iter(self.report.rows)


class Spreads:
    """A pivot as a list page wants its rows."""

    def __init__(self, report: Pivot, addresses: Addresses) -> None:
        self.report = report
        self.addresses = addresses

    def count(self) -> int:
        return len(self.report)

    def none(self) -> "Spreads":
        return Spreads(replace(self.report, rows=[]), self.addresses)

    def order_by(self, *aliases: str) -> "Spreads":
        report = self.report
        for alias in reversed(aliases):
            report = report.sorted(alias.removeprefix("-"), descending=alias.startswith("-"))
        return Spreads(report, self.addresses)

    def __getitem__(self, piece: slice) -> list[Spread]:
        return list(self.report.rows[piece])

    def __iter__(self) -> Iterator[Spread]:
        return iter(self.report.rows)


class CellColumn(MoneyColumn):
    """An amount whose cell the table draws."""

    def __init__(self, draw: Callable[[Any], SafeString | str], part: str = "", **kwargs: Any) -> None:
        attrs = {"th": {"class": "money-cell"}, "td": {"class": f"money-cell {part}".strip()}}
        super().__init__(empty_values=(), attrs=attrs, **kwargs)
        self._draw = draw

    def render(self, record: Any) -> SafeString | str:
        return self._draw(record)


def moved(amount: Decimal) -> SafeString:
    """A change: what grew has a plus and the colour of a warning, for it is owed."""
    tone = "worse" if amount > 0 else "better" if amount < 0 else "zero"
    sign = "+" if amount > 0 else ""
    return format_html('<span class="moved {}">{}{}</span>', tone, sign, money(amount))


def moved_percent(percent: Decimal | None) -> SafeString:
    if percent is None:
        return format_html('<span class="moved zero">{}</span>', "–")
    tone = "worse" if percent > 0 else "better" if percent < 0 else "zero"
    return format_html('<span class="moved {} number">{}</span>', tone, f"{percent:+,}%" if percent else "0%")


class CompareTable(tables.Table):  # type: ignore[misc]
    name = tables.Column(empty_values=(), attrs={"td": {"class": "what"}})

    class Meta:
        order_by = "-overdue_change"
        attrs = {"class": "aging-table aging-compared"}

    def __init__(self, rows: Compared, **kwargs: Any) -> None:
        self.rows_compared = rows
        report = rows.report
        names = [(figure, part) for figure in FIGURES for part in PARTS]
        # The totals above say the days in full.
        written = shown_short if report.question.as_of.year == report.before.as_of.year else shown_day
        columns = [
            (f"{figure}_{part}", CellColumn(self._drawing(figure, part), part, verbose_name=heading))
            for (figure, part), heading in zip(names, movement_headings(report, written=written), strict=True)
        ]
        super().__init__(
            Rows(rows),
            extra_columns=columns,
            sequence=("name", "..."),
            empty_text=_("Nothing is open on either day."),
            **kwargs,
        )
        self.columns["name"].column.verbose_name = HEADS[report.question.by][1]

    def _drawing(self, figure: str, part: str) -> Callable[[Movement], SafeString | str]:
        def draw(movement: Movement) -> SafeString | str:
            change = getattr(movement, figure)
            row = movement.row if movement is not self.rows_compared.report.totals else None
            if part == "now":
                return linked(change.now, self.rows_compared.addresses.items(figure, row))
            if part == "then":
                return linked(change.then, self.rows_compared.before.items(figure, row))
            return moved(change.change) if part == "change" else moved_percent(change.percent)

        return draw

    def render_name(self, record: Movement) -> SafeString:
        row = record.row
        known_as = format_html('<span class="sub">{}</span>', row.key) if row.key != row.name else ""
        return format_html('<a href="{}">{}</a>{}', self.rows_compared.addresses.row(row), row.name, known_as)

    def totals(self) -> dict[str, object]:
        """Of the whole report, in the order of the columns."""
        total = self.rows_compared.report.totals
        return {f"{figure}_{part}": self._drawing(figure, part)(total) for figure in FIGURES for part in PARTS}


class PivotTable(tables.Table):  # type: ignore[misc]
    name = tables.Column(empty_values=(), attrs={"td": {"class": "what"}})

    class Meta:
        order_by = "-total"
        attrs = {"class": "aging-table"}

    def __init__(self, rows: Spreads, **kwargs: Any) -> None:
        self.spreads = rows
        report = rows.report
        names = [f"column_{number}" for number in range(len(report.columns))]
        headings = [head.name for head in report.columns]
        columns = [
            (name, CellColumn(self._drawing(place), verbose_name=heading))
            for place, (name, heading) in enumerate(zip([*names, "total"], [*headings, _("Total")], strict=True))
        ]
        super().__init__(
            Rows(rows),
            extra_columns=columns,
            sequence=("name", "..."),
            empty_text=_("Nothing is open."),
            **kwargs,
        )
        self.columns["name"].column.verbose_name = HEADS[report.question.by][1]

    def _drawing(self, place: int) -> Callable[[Spread], SafeString | str]:
        columns = self.spreads.report.columns

        def draw(row: Spread) -> SafeString | str:
            head = row.head if row is not self.spreads.report.totals else None
            across = columns[place] if place < len(columns) else None
            return linked(row.amounts()[place], self.spreads.addresses.items("balance", head, across))

        return draw

    def render_name(self, record: Spread) -> SafeString:
        head = record.head
        known_as = format_html('<span class="sub">{}</span>', head.key) if head.key != head.name else ""
        return format_html('<a href="{}">{}</a>{}', self.spreads.addresses.row(head), head.name, known_as)

    def totals(self) -> dict[str, object]:
        report = self.spreads.report
        names = [*(f"column_{number}" for number in range(len(report.columns))), "total"]
        return {name: self._drawing(place)(report.totals) for place, name in enumerate(names)}
