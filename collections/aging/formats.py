"""Reports as JSON, as a table for a terminal and as rows of a file."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from aging.report import Amounts, Report
from aging.wording import HEADS, column_headings
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


def headings(reports: Sequence[Report]) -> list[str]:
    """Of `lines`: what the row stands for, the currency, the amounts."""
    first = reports[0]
    return [*map(str, HEADS[first.question.by]), _("currency"), *column_headings(first.buckets)]


def lines(reports: Sequence[Report]) -> Iterator[list[str | Decimal]]:
    for report in reports:
        for row in report:
            yield [row.key, row.name, report.currency, *row.amounts.all()]


def as_table(reports: Sequence[Report]) -> str:
    """For a terminal: columns that stand under each other, a total for each currency."""
    table = [headings(reports)]
    for report in reports:
        table += [_texts(line) for line in lines([report])]
        table.append(_texts([_("Total"), "", report.currency, *report.totals.all()]))
    widths = [max(map(text_width, column)) for column in zip(*table, strict=True)]
    return "\n".join(_aligned(line, widths) for line in table)


def _texts(line: Sequence[str | Decimal]) -> list[str]:
    return [formatted(value) if isinstance(value, Decimal) else value for value in line]


def _aligned(line: Sequence[str], widths: Sequence[int]) -> str:
    """Text to the left, amounts to the right; a Chinese character takes two places."""
    cells = []
    for number, (text, width) in enumerate(zip(line, widths, strict=True)):
        space = " " * (width - text_width(text))
        cells.append(text + space if number < 3 else space + text)
    return "  ".join(cells).rstrip()
