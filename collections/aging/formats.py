"""Reports as JSON, as a table for a terminal and as rows of a file."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from aging.comparison import Comparison, Movement
from aging.pivot import Pivot, Spread
from aging.report import Amounts, Report
from aging.wording import HEADS, column_headings, movement_headings
from config.sheets import text_width
from ledger.money import formatted


def as_json(reports: Sequence[Report]) -> dict[str, Any]:
    """The one object of a report, or one for each currency under "reports". Money is text with two places."""
    if len(reports) > 1:
        return {"reports": [_report_as_json(report) for report in reports]}
    return _report_as_json(reports[0])


def _report_as_json(report: Report) -> dict[str, Any]:
    question = report.question
    return {
        "as_of": question.as_of.isoformat(),
        "known_on": question.known_on and question.known_on.isoformat(),
        "basis": question.basis,
        "currency": report.currency,
        "buckets": [{"key": bucket.key, "label": bucket.label} for bucket in report.buckets],
        "rows": [{"key": row.key, "name": row.name, **_amounts_as_json(report, row.amounts)} for row in report],
        "totals": _amounts_as_json(report, report.totals),
    }


def _amounts_as_json(report: Report, amounts: Amounts) -> dict[str, Any]:
    return {
        "unbilled": str(amounts.unbilled),
        "buckets": {bucket.key: str(amount) for bucket, amount in zip(report.buckets, amounts.buckets, strict=True)},
        "unapplied": str(amounts.unapplied),
        "balance": str(amounts.balance),
        "overdue": str(amounts.overdue),
    }


def side_by_side_as_json(reports: Sequence[Comparison] | Sequence[Pivot]) -> dict[str, Any]:
    """The one object of a comparison or a pivot, or one for each currency under "reports"."""
    said = [_pivot_as_json(one) if isinstance(one, Pivot) else _comparison_as_json(one) for one in reports]
    return said[0] if len(said) == 1 else {"reports": said}


def _comparison_as_json(report: Comparison) -> dict[str, Any]:
    def moved(movement: Movement) -> dict[str, Any]:
        return {
            figure: {
                "now": str(change.now),
                "then": str(change.then),
                "change": str(change.change),
                "percent": None if change.percent is None else str(change.percent),
            }
            for figure, change in (("balance", movement.balance), ("overdue", movement.overdue))
        }

    names = ["unbilled", *(bucket.key for bucket in report.buckets), "unapplied", "balance", "overdue"]
    return {
        "as_of": report.question.as_of.isoformat(),
        "compare": report.before.as_of.isoformat(),
        "currency": report.currency,
        "rows": [{"key": row.row.key, "name": row.row.name, **moved(row)} for row in report.rows],
        "totals": {
            name: {"now": str(change.now), "then": str(change.then), "change": str(change.change)}
            for name, change in zip(names, report.totals.changes(), strict=True)
        },
    }


def _pivot_as_json(report: Pivot) -> dict[str, Any]:
    def cells(row: Spread) -> dict[str, Any]:
        *amounts, total = row.amounts()
        return {"cells": list(map(str, amounts)), "total": str(total)}

    return {
        "as_of": report.question.as_of.isoformat(),
        "across": report.question.across,
        "currency": report.currency,
        "columns": [{"key": head.key, "name": head.name} for head in report.columns],
        "rows": [{"key": row.head.key, "name": row.head.name, **cells(row)} for row in report.rows],
        "totals": cells(report.totals),
    }


def headings(reports: Sequence[Report]) -> list[str]:
    """Of `lines`: what the row stands for, the currency, the amounts."""
    first = reports[0]
    return [*map(str, HEADS[first.question.by]), _("currency"), *column_headings(first.buckets)]


def lines(reports: Sequence[Report]) -> Iterator[list[str | Decimal]]:
    for report in reports:
        for row in report:
            yield [row.key, row.name, report.currency, *row.amounts.all()]


def seen(report: Report | Comparison | Pivot) -> tuple[list[str], Iterator[list[str | Decimal | None]]]:
    """Headings and rows of what a page shows, for a file."""
    if isinstance(report, Report):
        return headings([report]), lines([report])  # type: ignore[return-value]
    head = [*map(str, HEADS[report.question.by]), _("currency")]
    if isinstance(report, Pivot):
        return [*head, *(column.name for column in report.columns), _("Total")], report.lines()  # type: ignore[return-value]
    moved = ([row.row.key, row.row.name, report.currency, *row.figures()] for row in report.rows)
    return [*head, *movement_headings(report)], moved


def as_table(reports: Sequence[Report]) -> str:
    """For a terminal: columns that stand under each other, a total for each currency."""
    table = [headings(reports)]
    for report in reports:
        table += [texts(line) for line in lines([report])]
        table.append(texts([_("Total"), "", report.currency, *report.totals.all()]))
    return aligned(table)


def aligned(table: Sequence[Sequence[str]]) -> str:
    widths = [max(map(text_width, column)) for column in zip(*table, strict=True)]
    return "\n".join(_aligned(line, widths) for line in table)


def texts(line: Sequence[str | Decimal | None]) -> list[str]:
    return [formatted(value) if isinstance(value, Decimal) else value or "" for value in line]


def _aligned(line: Sequence[str], widths: Sequence[int]) -> str:
    """Text to the left, amounts to the right; a Chinese character takes two places."""
    cells = []
    for number, (text, width) in enumerate(zip(line, widths, strict=True)):
        space = " " * (width - text_width(text))
        cells.append(text + space if number < 3 else space + text)
    return "  ".join(cells).rstrip()
