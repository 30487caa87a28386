"""The lines that wait, with what they may be; and how far the matching is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date as Date
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from config.fields import ExactDecimalField
from customers.models import Customer, User, home_first
from ledger.models import Entry
from ledger.money import ZERO
from reconciliation.bank.models import BankLine
from reconciliation.matching.keeping import entries_of, kept
from reconciliation.matching.models import Claim, Match, Release, SetAside, Weighed
from reconciliation.matching.weighing import Suggestion

# The statement on top is of the lines of so many days.
DAYS = 62


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


@dataclass(slots=True)
class Total:
    """How many lines, and what they come to in each currency; money in and out apart from each other is not told."""

    count: int = 0
    amounts: dict[str, Decimal] = field(default_factory=dict)


def standing(user: User, today: Date) -> dict[str, Total]:
    """Of the receipts of late: all, and matched; and what waits: exact, suggested, nothing said, to be claimed."""
    lines = BankLine.objects.visible_to(user).received().filter(date__gt=today - timedelta(days=DAYS))
    waiting = BankLine.objects.visible_to(user).unmatched_receipts()
    exact = Q(weighed__is_exact=True)
    some = Q(weighed__score__gt=0, weighed__is_exact=False)
    return {
        "lines": _summed(lines, "amount"),
        "done": _summed(lines.filter(open_amount=0), "amount"),
        "exact": _summed(waiting.filter(exact), "open_amount"),
        "suggested": _summed(waiting.filter(some), "open_amount"),
        "none": _summed(waiting.exclude(exact | some).filter(release=None), "open_amount"),
        "claim": _summed(waiting.filter(release__isnull=False), "open_amount"),
    }


def _summed(lines: QuerySet[BankLine], amount: str) -> Total:
    total = Sum(amount, output_field=ExactDecimalField())
    found = Total()
    rows = lines.order_by().values_list("currency").annotate(n=Count("pk"), total=total)
    for currency, count, amount_of in sorted(rows, key=lambda row: home_first(row[0])):
        found.count += count
        found.amounts[currency] = amount_of or ZERO
    return found


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
