"""What was read and taken, as plain values: for the command's JSON and for a job's page."""

from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from reconciliation.bank.comparing import Part, Taken, sums


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


# So many problems and lines are kept for the page; the command says all of them.
MOST_PROBLEMS, SAMPLE = 200, 15


def for_page(taken: Taken) -> dict[str, Any]:
    """What a job's page shows of a file: plain values, amounts as strings with their signs."""
    table = taken.parsed.table
    return {
        "format": taken.parsed.format,
        "parts": [_part(part) for part in taken.parts],
        "columns": [
            {"heading": column.heading, "examples": list(column.examples), "field": key}
            for column, key in zip(table.columns, taken.parsed.columns, strict=True)
        ]
        if table
        else [],
        "is_remembered": taken.is_remembered,
        "is_known": taken.is_known,
        "lacks_account": taken.lacks_account,
        "new": taken.new,
        "known": taken.known,
        "mistakes": len(taken.errors),
        "errors": [asdict(problem) for problem in taken.errors[:MOST_PROBLEMS]],
        "warnings": [asdict(problem) for problem in taken.parsed.warnings[:MOST_PROBLEMS]],
        "sample": _sample(taken),
    }


def _part(part: Part) -> dict[str, Any]:
    statement, days = part.statement, part.statement.days
    before = part.before or part.stored
    return {
        "account": part.account.pk if part.account else None,
        "name": part.account.name if part.account else "",
        "number": statement.account,
        "holder": statement.holder,
        "currency": statement.currency,
        "lines": len(statement.lines),
        "new": len(part.new),
        "known": part.known,
        "in": _money(statement.received),
        "out": _money(statement.paid),
        "opening": _money(statement.opening),
        "closing": _money(statement.closing),
        "gap": _money(statement.gap) if statement.gap else None,
        "first": _day(days[0]) if days else None,
        "last": _day(days[1]) if days else None,
        "statement": before.pk if before else None,
    }


def _sample(taken: Taken) -> list[dict[str, Any]]:
    """The first lines as they were read, with what of them is new."""
    shown = []
    for part in taken.parts:
        fresh = set(part.new)
        for place, line in enumerate(part.statement.lines[:SAMPLE]):
            shown.append(
                {
                    "date": _day(line.date),
                    "amount": _money(line.amount),
                    "currency": part.statement.currency,
                    "payer_name": line.payer_name,
                    "payer_account": line.payer_account,
                    "memo": line.memo[:200],
                    "reference": line.reference,
                    "balance": _money(line.balance),
                    "is_new": place in fresh,
                }
            )
    return shown[:SAMPLE]


_AMOUNTS = ("amount", "balance", "in", "out", "opening", "closing", "gap")
_DAYS = ("date", "first", "last")


def shown(result: dict[str, Any]) -> dict[str, Any]:
    """What `for_page` kept, with its amounts and days as such again."""
    return {
        **result,
        "parts": [_revived(part) for part in result["parts"]],
        "sample": [_revived(line) for line in result["sample"]],
    }


def _revived(facts: dict[str, Any]) -> dict[str, Any]:
    found = dict(facts)
    for name in _AMOUNTS:
        if found.get(name) is not None:
            found[name] = Decimal(found[name])
    for name in _DAYS:
        if found.get(name) is not None:
            found[name] = date.fromisoformat(found[name])
    return found
