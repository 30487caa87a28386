"""A stored report as a page shows it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from ledger.models import Kind
from ledger.money import ZERO
from reconciliation.closing.workbook import aging_headings, amounts

# More rows than these are looked at in the workbook.
MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Part:
    """The report of one currency."""

    currency: str
    # From the balance before the month to the balance after it.
    moved: list[tuple[str, Decimal]]
    # What of the balance before the month came into it after that was reported: how many entries, and their sum.
    late_count: int
    late: Decimal
    headings: list[str]
    aging_totals: list[Decimal]
    # Of each customer its name, its code and its amounts; those with the largest balance.
    aging: list[tuple[str, str, list[Decimal]]]
    aging_count: int
    sales: Decimal
    finance: Decimal
    difference: Decimal
    unconfirmed: list[dict[str, Any]]
    unconfirmed_count: int


def parts(report: dict[str, Any]) -> list[Part]:
    return [_part(one) for one in report["currencies"]]


def _part(one: dict[str, Any]) -> Part:
    aging = one["aging"] or {"buckets": [], "rows": [], "totals": None}
    rows = sorted(aging["rows"], key=lambda row: -abs(Decimal(row["balance"])))
    books = one["books"]["totals"]
    return Part(
        one["currency"],
        _moved(one["moved"]),
        len(late := one.get("late", [])),
        sum((Decimal(row["amount"]) for row in late), ZERO),
        aging_headings(aging["buckets"]),
        amounts(aging["totals"]) if aging["totals"] else [],
        [(row["name"], row["code"], amounts(row)) for row in rows[:MOST_SHOWN]],
        len(rows),
        Decimal(books["sales"]),
        Decimal(books["finance"]),
        Decimal(books["difference"]),
        [_unconfirmed(row) for row in one["unconfirmed"][:MOST_SHOWN]],
        len(one["unconfirmed"]),
    )


def _moved(sums: dict[str, str]) -> list[tuple[str, Decimal]]:
    kinds = [(str(kind.label), Decimal(sums[f"kind_{kind}"])) for kind in Kind if f"kind_{kind}" in sums]
    ends = [Decimal(sums.get(name, "0")) for name in ("opening", "closing")]
    return [(_("Balance before the month"), ends[0]), *kinds, (_("Balance after the month"), ends[1])]


def _unconfirmed(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "date": date.fromisoformat(row["date"]),
        "kind": str(Kind(row["kind"]).label),
        "amount": Decimal(row["amount"]),
    }
