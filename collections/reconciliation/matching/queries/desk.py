"""The lines that wait, with what they may be; and how far the matching is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Coalesce

from customers.models import Customer, User
from ledger.models import Entry
from reconciliation.bank.models import BankLine
from reconciliation.matching.keeping import entries_of, kept
from reconciliation.matching.models import Claim, Match, Release, SetAside, Weighed
from reconciliation.matching.weighing import Suggestion


def lines_to_match(user: User) -> QuerySet[BankLine]:
    """What is open of the firm's lines, the surest first."""
    return (
        BankLine.objects.visible_to(user)
        .unmatched()
        .annotate(
            score=Coalesce("weighed__score", Value(0)),
            is_sure=Coalesce("weighed__is_exact", Value(False)),
            is_released=Exists(_released()),
        )
        .select_related("weighed", "account")
        .order_by("-is_sure", "-score", "-date", "-pk")
    )


def _released() -> QuerySet[Release]:
    return Release.objects.filter(line=OuterRef("pk"))


@dataclass(frozen=True, slots=True)
class Suggested:
    """Suggestions by line, the best first, with the entries and customers that they name."""

    by_line: dict[int, list[Suggestion]] = field(default_factory=dict)
    entries: Mapping[int, Entry] = field(default_factory=dict)
    customers: Mapping[int, Customer] = field(default_factory=dict)

    def best(self, line: int) -> Suggestion | None:
        return next(iter(self.by_line.get(line, ())), None)


def suggested_for(lines: Iterable[BankLine], *, best_only: bool = True) -> Suggested:
    """As they were kept; what they name is read at once for all lines of a page."""
    rows = [line.weighed for line in lines if hasattr(line, "weighed")]
    by_line = {row.line_id: kept(row)[: 1 if best_only else None] for row in rows}
    entries = Entry.objects.in_bulk(entries_of(rows, best_only=best_only))
    customers = Customer.objects.in_bulk({one.customer for some in by_line.values() for one in some})
    return Suggested(by_line, entries, customers)


def not_weighed(user: User) -> int:
    """Lines that no run has looked at yet."""
    return BankLine.objects.visible_to(user).unmatched().filter(weighed=None).count()


def matches_seen_by(user: User) -> QuerySet[Match]:
    """Matches that stand, the latest first."""
    found = Match.objects.filter(undoes=None, undone_by=None, line__in=BankLine.objects.visible_to(user))
    return found.select_related("line__account", "entry__customer", "by").order_by("-pk")


def asides_seen_by(user: User) -> QuerySet[SetAside]:
    found = SetAside.objects.filter(undoes=None, undone_by=None, line__in=BankLine.objects.visible_to(user))
    return found.select_related("line__account", "by").order_by("-pk")


def history_of(line: BankLine) -> list[Any]:
    """All that was done with a line, in order: matches and what undid them, and what was set aside."""
    matches = Match.objects.filter(line=line).select_related("entry__customer", "by", "fee")
    asides = SetAside.objects.filter(line=line).select_related("by")
    undone = {row.undoes_id for row in matches if row.undoes_id}
    taken_up = {row.undoes_id for row in asides if row.undoes_id}
    rows: list[Any] = [*matches, *asides]
    for row in rows:
        row.is_match = isinstance(row, Match)
        row.stands = row.undoes_id is None and row.pk not in (undone if row.is_match else taken_up)
    return sorted(rows, key=lambda row: row.recorded_at)


def claims_of(line: BankLine) -> QuerySet[Claim]:
    return Claim.objects.filter(line=line).select_related("customer", "by", "decided_by").prefetch_related("debts")


def weighed_rows(lines: Iterable[int]) -> dict[int, Weighed]:
    return Weighed.objects.in_bulk(list(lines))


def new_lines_of(statements: Iterable[int]) -> list[int]:
    """Lines of the statements that wait and that no run has looked at."""
    rows = BankLine.objects.unmatched().filter(statement__in=list(statements), weighed=None)
    return list(rows.order_by("pk").values_list("pk", flat=True))
