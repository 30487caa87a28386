"""The report itself: sums by group and bucket, in one statement, whatever its size."""

from collections.abc import Callable
from operator import itemgetter
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from aging.buckets import Basis
from aging.queries.scope import Scope
from aging.question import Grouping, Question
from aging.report import HEAD, RawRow, Report
from customers.models import HOME_CURRENCY, User
from ledger.queries.open_items import fence

_CURRENCY = itemgetter(3)
_KEY = itemgetter(1)
# A customer's code and name come with the row; other groups are few, and named afterwards.
NAMED = (Grouping.CUSTOMER, Grouping.PARENT)


def reports(question: Question, *, user: User | None = None) -> list[Report]:
    """The answer for each currency that has something open, in the order of their codes; at least one report.

    Rows are in the order of their keys. `user` sees what is theirs; without, everything is seen.
    """
    scope = Scope(question, user)
    rows = _rows(scope)
    currencies = sorted(set(map(_CURRENCY, rows)))
    if len(currencies) <= 1:
        default = question.currency or HOME_CURRENCY
        return [Report(question, (currencies or [default])[0], scope.buckets, rows)]
    return [
        Report(question, currency, scope.buckets, [row for row in rows if row[3] == currency])
        for currency in currencies
    ]


def _rows(scope: Scope) -> list[RawRow]:
    question = scope.question
    group, _joins = scope.group
    items = scope.bucketed(f"{group} AS grouped, i.currency, i.open", per_entry=False)
    sums = [f"SUM(open) FILTER (WHERE bucket = {number})" for number in range(scope.unapplied + 1)]
    sums.append("SUM(open)")
    if question.basis != Basis.DUE:
        sums.append(f"SUM(open) FILTER (WHERE {scope.is_overdue})")
    # Sums of bigints are numeric in PostgreSQL, and slow to read.
    columns = ", ".join(f"CAST({total} AS bigint) AS s{number}" for number, total in enumerate(sums))
    picked = ", ".join(f"r.s{number}" for number in range(len(sums)))
    names, join = ("n.code, n.name", " JOIN customers_customer n ON n.id = r.grouped")
    if question.by not in NAMED:
        names, join = "'', ''", ""
    statement = (
        f"SELECT r.grouped, {names}, r.currency, {picked} FROM ("
        f"SELECT grouped, currency, {columns} FROM ({items.sql}{fence()}) b GROUP BY grouped, currency"
        f") r{join}"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, items.params)
        rows = [row for row in cursor.fetchall() if any(row[HEAD:])]
    if question.by not in NAMED:
        rows = _named(question.by, rows)
    rows.sort(key=_KEY)
    return rows


def _named(by: Grouping, rows: list[RawRow]) -> list[RawRow]:
    """The rows with the key and the name of their group."""
    words = naming(by)
    return [(row[0], *words(row[0]), *row[HEAD - 1 :]) for row in rows]


def naming(by: Grouping) -> Callable[[Any], tuple[str, str]]:
    """How the groups of a grouping that has few of them are called: key and name."""
    people = _people() if by == Grouping.SALESPERSON else {}

    def words(group: Any) -> tuple[str, str]:
        if by == Grouping.KEY_ACCOUNT:
            return ("yes", _("key accounts")) if group else ("no", _("other customers"))
        if by == Grouping.REGION:
            return group, group or _("without a region")
        return people.get(group) or ("", _("without a salesperson"))

    return words


def _people() -> dict[int, tuple[str, str]]:
    """User name and full name of everybody. One person lends its rule of naming to all: a model for each is slow."""
    people, person = {}, User()
    for pk, person.username, person.first_name, person.last_name in User.objects.values_list(
        "pk", "username", "first_name", "last_name"
    ):
        people[pk] = (person.username, str(person))
    return people
