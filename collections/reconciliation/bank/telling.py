"""What was read and taken, as plain values: for the command's JSON and for a job's page."""

from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from reconciliation.bank.intake import Taken, sums


def as_json(taken: Taken) -> dict[str, Any]:
    """The figures of a file: null for what it does not say, amounts as strings, money out positive, the first and the
    last day on which there is a line. Where there are
    several currencies nothing is added up across them: `in` and `out` are null, and stand in `by_currency`.
    """
    parts = taken.parts
    found = sums(taken)
    currencies = list(found)
    one = found[currencies[0]] if len(currencies) == 1 else None
    days = [line.date for line in taken.parsed.lines]
    alone = parts[0].statement if len(parts) == 1 else None
    result: dict[str, Any] = {
        "format": taken.parsed.format or None,
        "lines": len(taken.parsed.lines),
        "in": _money(one["in"] if one else None if currencies else Decimal("0.00")),
        "out": _money(one["out"] if one else None if currencies else Decimal("0.00")),
        "currencies": currencies,
        "first_date": _day(min(days, default=None)),
        "last_date": _day(max(days, default=None)),
        "opening": _money(alone.opening if alone else None),
        "closing": _money(alone.closing if alone else None),
        "errors": [asdict(problem) for problem in taken.errors],
    }
    if len(currencies) > 1:
        result["by_currency"] = {
            code: {"lines": own["lines"], "in": _money(own["in"]), "out": _money(own["out"])}
            for code, own in found.items()
        }
    return result


def _money(amount: Decimal | int | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
