"""Asking for a report in a test: short words for the question, plain texts for the answer."""

from collections.abc import Callable, Mapping
from typing import Any

from aging.buckets import Basis
from aging.queries import Items, reports
from aging.question import Grouping, Meaning, Question, Unbilled
from aging.report import Amounts, Report
from customers.models import User
from tests.ledger.desk import day


def question(as_of: str, **facts: Any) -> Question:
    kinds: dict[str, Callable[[Any], Any]] = {
        "basis": Basis, "by": Grouping, "meaning": Meaning, "unbilled": Unbilled, "known_on": day,
    }  # fmt: skip
    return Question(
        as_of=day(as_of),
        **{name: kinds[name](value) if name in kinds else value for name, value in facts.items()},
    )


def ask(as_of: str, user: User | None = None, **facts: Any) -> Report:
    """The one report that answers."""
    [report] = reports(question(as_of, **facts), user=user)
    return report


def said(report: Report, amounts: Amounts) -> dict[str, str]:
    """The columns that hold something, as text."""
    names = ["unbilled", *(bucket.key for bucket in report.buckets), "unapplied", "balance", "overdue"]
    return {name: str(amount) for name, amount in zip(names, amounts.all(), strict=True) if amount}


def rows(report: Report) -> dict[str, dict[str, str]]:
    return {row.key: said(report, row.amounts) for row in report}


def totals(as_of: str, user: User | None = None, **facts: Any) -> Mapping[str, str]:
    report = ask(as_of, user, **facts)
    return said(report, report.totals)


def items(as_of: str, user: User | None = None, column: str = "balance", groups: Any = (), **facts: Any) -> Items:
    return Items(question(as_of, **facts), user, column, groups)
