"""Two lists in a few words: amounts say what the customer owes."""

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from reconciliation.comparison.comparing import Balances, Comparison, Decisions, compare
from reconciliation.comparison.lines import Class, Item, Line

_keys = count(1)
ON = date(2026, 3, 31)


def line(amount: str | int, on: str, *numbers: str, **facts: Any) -> Line:
    day = date.fromisoformat(f"2026-{on}" if len(on) == 5 else on)
    return Line(
        facts.pop("key", None) or next(_keys), day, Decimal(amount).quantize(Decimal("0.01")), numbers, **facts
    )


def balances(theirs_opening: str | int = 0, theirs_closing: str | int = 0, ours_opening: str | int = 0) -> Balances:
    return Balances(*(Decimal(amount) for amount in (theirs_opening, theirs_closing, ours_opening)))


def compared(ours: list[Line], theirs: list[Line], decisions: Decisions | None = None, **facts: Any) -> Comparison:
    """Openings are zero, and their closing is what their lines add up to."""
    facts.setdefault("theirs_closing", sum((one.amount for one in theirs), Decimal(0)))
    return compare(ours, theirs, balances(**facts), on=ON, decisions=decisions)


def only(comparison: Comparison) -> Item:
    assert len(comparison.items) == 1, comparison.items
    return comparison.items[0]


def classes(comparison: Comparison) -> list[Class]:
    return [item.cls for item in comparison.items]
