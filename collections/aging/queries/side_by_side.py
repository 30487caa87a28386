"""The report beside another day, and spread over a second grouping."""

from dataclasses import replace
from typing import Any

from django.db import connection

from aging.comparison import Comparison, compared
from aging.pivot import Group, Head, Pivot, Spread
from aging.queries.reports import NAMED, naming, reports
from aging.queries.scope import Scope
from aging.queries.snapshot import snapshot
from aging.question import Question
from aging.report import Report
from customers.models import HOME_CURRENCY, User
from ledger.queries.open_items import fence


def comparisons(question: Question, *, user: User | None = None) -> list[Comparison]:
    """The question beside the same of its other day, for each currency that has something open on either: the
    statement of the report, twice, of one moment.
    """
    before = replace(question, as_of=question.compare or question.as_of, compare=None)
    with snapshot():
        now = {report.currency: report for report in reports(question, user=user)}
        then = {report.currency: report for report in reports(before, user=user)}
    currencies = sorted(code for code in now | then if len(now.get(code, ())) or len(then.get(code, ())))

    def on(found: dict[str, Report], asked: Question, currency: str) -> Report:
        return found.get(currency) or Report(asked, currency, next(iter(now.values())).buckets, [])

    return [
        compared(on(now, question, currency), on(then, before, currency), currency)
        for currency in currencies or sorted(now)[:1]
    ]


def pivots(question: Question, *, user: User | None = None) -> list[Pivot]:
    """The open amounts by both groupings of the question, for each currency; one statement, and one for the names of
    salespeople where they are asked for.
    """
    assert question.across is not None
    scope = Scope(question, user)
    group, _joins = scope.group
    items = scope.bucketed(f"{group} AS grouped, {scope.across} AS across, i.currency, i.open", per_entry=False)
    names, join = "'', ''", ""
    if question.by in NAMED:
        names, join = "n.code, n.name", " JOIN customers_customer n ON n.id = r.grouped"
    statement = (
        f"SELECT r.grouped, {names}, r.across, r.currency, r.cents FROM ("
        "SELECT grouped, across, currency, CAST(SUM(open) AS bigint) AS cents"
        f" FROM ({items.sql}{fence()}) b GROUP BY grouped, across, currency) r{join}"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, items.params)
        found = [row for row in cursor.fetchall() if row[-1]]
    currencies = sorted({row[4] for row in found})
    default = question.currency or HOME_CURRENCY
    return [_pivot(question, currency, found) for currency in currencies or [default]]


def _pivot(question: Question, currency: str, found: list[tuple[Any, ...]]) -> Pivot:
    assert question.across is not None
    rows = [row for row in found if row[4] == currency]
    across = naming(question.across)
    heads = sorted((Head(group, *across(group)) for group in {row[3] for row in rows}), key=lambda head: head.key)
    columns = tuple(head.group for head in heads)
    by = None if question.by in NAMED else naming(question.by)
    named: dict[Group, Head] = {}
    cells: dict[Group, dict[Group, int]] = {}
    for group, code, name, column, _currency, cents in rows:
        if group not in named:
            named[group] = Head(group, code, name) if by is None else Head(group, *by(group))
        cells.setdefault(group, {})[column] = cents
    spread = [Spread(named[group], columns, held) for group, held in cells.items()]
    return Pivot(question, currency, tuple(heads), sorted(spread, key=lambda row: row.head.key))
