"""What was recorded since a moment, and by whom: cheap enough to be asked every few seconds by every page."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from customers.models import Customer, User
from ledger.models import Allocation, Confirmation, Entry, InvoiceStep, Posting

# An act is numbered when it begins and seen when it is committed, so that a smaller number may come after a larger
# one. It is found by counting again what was recorded within so many seconds, the longest that an act takes, before a
# version was read.
LONGEST_ACT = 3_600
_TABLES = tuple(model._meta.db_table for model in (Posting, InvoiceStep, Confirmation))


@dataclass(frozen=True, slots=True)
class Version:
    """How far the ledger has got: another text as soon as anything was recorded."""

    posting: int
    step: int
    confirmation: int
    # How many acts, steps and confirmations are recorded since the beginning of that hour, in seconds since 1970.
    since: int
    recent: int

    @classmethod
    def read(cls, text: str) -> "Version | None":
        """From its text; None where it is none."""
        try:
            posting, step, confirmation, since, recent = map(int, text.split("."))
        except ValueError:
            return None
        # Whoever asks may write anything: no key is so large, no moment so late.
        if not all(0 <= number < 2**63 for number in (posting, step, confirmation, recent)) or not 0 <= since < 2**33:
            return None
        return cls(posting, step, confirmation, since, recent)

    def __str__(self) -> str:
        return f"{self.posting}.{self.step}.{self.confirmation}.{self.since}.{self.recent}"


def ledger_version() -> Version:
    """A few looks into an index, whoever asks; whether what is new is the user's to see, `ledger_news` says."""
    # The same for an hour, so that two versions are compared without another question.
    since = int(timezone.now().timestamp()) // LONGEST_ACT * LONGEST_ACT - LONGEST_ACT
    newest = ", ".join(f"(SELECT MAX(id) FROM {table})" for table in _TABLES)
    counted = " + ".join(f"(SELECT COUNT(*) FROM {table} WHERE recorded_at >= %s)" for table in _TABLES)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {newest}, {counted}", [_moment(since)] * len(_TABLES))
        [[posting, step, confirmation, recent]] = cursor.fetchall()
    return Version(posting or 0, step or 0, confirmation or 0, since, recent)


def _came_late(known: Version) -> bool:
    """Whether something has come since that had its number before."""
    counted = " + ".join(f"(SELECT COUNT(*) FROM {table} WHERE recorded_at >= %s AND id <= %s)" for table in _TABLES)
    since = _moment(known.since)
    newest = (known.posting, known.step, known.confirmation)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counted}", [value for key in newest for value in (since, key)])
        [[found]] = cursor.fetchall()
    return bool(found != known.recent)


def _moment(seconds: int) -> Any:
    return connection.ops.adapt_datetimefield_value(datetime.fromtimestamp(seconds, UTC))


def postings_seen_by(user: User, postings: QuerySet[Posting]) -> QuerySet[Posting]:
    """Those of the acts in which `user` sees an entry or an allocation."""
    if user.sees_all:
        return postings
    customers = Customer.objects.visible_to(user).order_by().values("pk")
    entries = Entry.objects.filter(Q(customer__in=customers) | Q(salesperson=user), posting=OuterRef("pk"))
    allocations = Allocation.objects.filter(posting=OuterRef("pk"), customer__in=customers)
    return postings.filter(Exists(entries) | Exists(allocations))


def recorded_by_themselves(steps: QuerySet[InvoiceStep]) -> QuerySet[InvoiceStep]:
    """Those steps that are acts of their own, not part of recording their invoice."""
    return steps.exclude(recorded_at=F("invoice__entry__recorded_at"))


@dataclass(frozen=True, slots=True)
class News:
    """Who has recorded something since a version, and how much, the busiest first; and the version now."""

    version: Version
    by: list[tuple[str, int]]
    is_any: bool
    # The same without the user's own acts, who may share a name with somebody.
    others: list[tuple[str, int]] = field(default_factory=list)


def ledger_news(user: User, since: str) -> News:
    """What `user` has not seen yet of the ledger. A version that is none counts as news."""
    version, known = ledger_version(), Version.read(since)
    if known is None:
        return News(version, [], is_any=True)
    if known == version:
        return News(version, [], is_any=False)
    counts = _recorded_since(known, user)
    by = _named(counts)
    others = _named({key: count for key, count in counts.items() if key != user.pk})
    # What came late is shown without a word: who has done it, no number tells.
    return News(version, by, is_any=bool(by) or _came_late(known), others=others)


def _recorded_since(version: Version, user: User) -> dict[int | None, int]:
    """How much who has recorded."""
    postings = postings_seen_by(user, Posting.objects.filter(pk__gt=version.posting))
    steps = recorded_by_themselves(InvoiceStep.objects.filter(pk__gt=version.step))
    confirmations = Confirmation.objects.filter(pk__gt=version.confirmation)
    if not user.sees_all:
        customers = Customer.objects.visible_to(user).order_by().values("pk")
        steps = steps.filter(invoice__entry__customer__in=customers)
        confirmations = confirmations.filter(entry__customer__in=customers)
    counts: dict[int | None, int] = {}
    for found in (postings, steps, confirmations):
        for by, count in found.order_by().values_list("by").annotate(count=Count("pk")):
            counts[by] = counts.get(by, 0) + count
    return counts


def _named(counts: dict[int | None, int]) -> list[tuple[str, int]]:
    people = User.objects.in_bulk([by for by in counts if by is not None])
    named = [(gettext("a command") if by is None else str(people[by]), count) for by, count in counts.items()]
    return sorted(named, key=lambda pair: (-pair[1], pair[0]))
