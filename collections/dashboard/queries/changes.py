"""What was recorded since a day, and by whom: an import is one act, a reversal says so."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from config.fields import ExactDecimalField
from customers.models import Customer, Role, User
from customers.queries import salespeople
from dashboard.acts import CONFIRMING, STEP, UNDOING, name_of
from dashboard.queries.steps import confirmed_since, steps_since
from ledger.models import Allocation, Entry, Posting
from ledger.models.entries import EARLIEST_DATE
from ledger.queries.open_items import end_of

LATEST_DATE = date(2999, 12, 31)


@dataclass(slots=True)
class Changed:
    """What one person did in one way: how often, and by currency the sum of the documents' face values."""

    by: int | None
    act: str
    label: str
    is_undoing: bool
    count: int = 0
    entries: int = 0
    sums: dict[str, Decimal] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"{self.by or 0}-{self.act}"

    @property
    def list_name(self) -> str:
        """The list that holds all of them, and what it is filtered by."""
        if self.act.startswith(STEP):
            return "dashboard:steps"
        return "dashboard:confirmations" if self.act in CONFIRMING else "dashboard:changes"

    @property
    def filter(self) -> str:
        return f"step={self.act.removeprefix(STEP)}" if self.act.startswith(STEP) else f"act={self.act}"


@dataclass(frozen=True, slots=True)
class Person:
    pk: int | None
    name: str
    changes: list[Changed]

    @property
    def count(self) -> int:
        return sum(change.count for change in self.changes)


def changes_since(user: User, day: date) -> list[Person]:
    """By person, the busiest first, what was recorded from the beginning of the day on and `user` may see."""
    begin = end_of(day - timedelta(days=1))
    found: dict[tuple[int | None, str], Changed] = {}

    def changed(by: int | None, act: str, label: str) -> Changed:
        return found.setdefault((by, act), Changed(by, act, label, act in UNDOING))

    entries = _entries_seen_by(user).filter(posting__recorded_at__gte=begin).order_by()
    acts: Any = entries.values(by=F("posting__by"), act=F("posting__act"))
    for row in acts.annotate(count=Count("posting", distinct=True), entries=Count("pk")):
        one = changed(row["by"], row["act"], capfirst(name_of(row["act"])))
        one.count += row["count"]
        one.entries += row["entries"]
    # Shipments and payments of one act have no sum that says anything.
    sums: Any = acts.values("by", "act", money=F("currency")).annotate(kinds=Count("kind", distinct=True))
    for row in sums.annotate(total=Sum("document_amount")):
        if row["kinds"] == 1:
            found[row["by"], row["act"]].sums[row["money"]] = row["total"]
    moved = _allocations_seen_by(user).filter(posting__recorded_at__gte=begin)
    alone: Any = (
        moved.filter(~Exists(Entry.objects.filter(posting=OuterRef("posting"))))
        .order_by()
        .values(by=F("posting__by"), act=F("posting__act"))
        .annotate(count=Count("posting", distinct=True))
    )
    for row in alone:
        changed(row["by"], row["act"], capfirst(name_of(row["act"]))).count += row["count"]
    for said in (*steps_since(user, begin), *confirmed_since(user, begin)):
        one = changed(said.by, said.act, said.label)
        one.count += said.count
        one.sums.update(said.sums)
    return _by_person(list(found.values()))


def postings_for_list(user: User) -> QuerySet[Posting]:
    """Acts with what `user` sees of them: the first document, how many there are, their customer, and the sum of
    those that are of one kind and one currency.
    """
    entries = _entries_seen_by(user).filter(posting=OuterRef("pk")).order_by()
    first = entries.order_by("pk")
    moved = _allocations_seen_by(user).filter(posting=OuterRef("pk")).order_by("pk")
    counted = entries.values("posting").annotate(found=Count("pk"))
    alike = entries.values("posting").annotate(kinds=Count("kind", distinct=True))
    one_money = alike.annotate(moneys=Count("currency", distinct=True), money=Min("currency")).filter(moneys=1)
    summed = one_money.filter(kinds=1).annotate(total=Sum("document_amount"))
    moved_alone = moved.filter(~Exists(Entry.objects.filter(posting=OuterRef("posting"))))
    acts = Posting.objects.all() if user.sees_all else Posting.objects.filter(Exists(entries) | Exists(moved))
    return (
        acts.select_related("by")
        .annotate(
            entry_count=Coalesce(Subquery(counted.values("found")), 0),
            total=Subquery(summed.values("total"), output_field=ExactDecimalField()),
            first_entry=Subquery(first.values("pk")[:1]),
            first_kind=Subquery(first.values("kind")[:1]),
            first_number=Subquery(first.values("number")[:1]),
            money=Coalesce(
                Subquery(one_money.values("money")), Subquery(moved_alone.values("customer__currency")[:1])
            ),
            whose=Coalesce(Subquery(first.values("customer_id")[:1]), Subquery(moved.values("customer_id")[:1])),
            whose_name=Coalesce(
                Subquery(first.values("customer__name")[:1]), Subquery(moved.values("customer__name")[:1])
            ),
            whose_code=Coalesce(
                Subquery(first.values("customer__code")[:1]), Subquery(moved.values("customer__code")[:1])
            ),
        )
        .order_by("-pk")
    )


def about(postings: QuerySet[Posting], customer: Customer) -> QuerySet[Posting]:
    """Those of the acts that touched the customer."""
    entries = Entry.objects.filter(posting=OuterRef("pk"), customer=customer)
    moved = Allocation.objects.filter(posting=OuterRef("pk"), customer=customer)
    return postings.filter(Exists(entries) | Exists(moved))


def recorded_from(rows: QuerySet[Any], day: date) -> QuerySet[Any]:
    return rows.filter(recorded_at__gte=end_of(_within_reason(day) - timedelta(days=1)))


def recorded_until(rows: QuerySet[Any], day: date) -> QuerySet[Any]:
    return rows.filter(recorded_at__lt=end_of(_within_reason(day)))


def _within_reason(day: date) -> date:
    """A day on which something may have been recorded: those of an address may be any."""
    return min(max(day, EARLIEST_DATE), LATEST_DATE)


def people_at_work(user: User) -> QuerySet[User]:
    """Whose acts `user` may look for: whoever has recorded something, of the customers that `user` sees."""
    if user.sees_all:
        people = User.objects.filter(Exists(Posting.objects.filter(by=OuterRef("pk"))))
    else:
        keeping_books = User.objects.filter(role__in=(Role.FINANCE, Role.ADMINISTRATOR))
        people = salespeople(user) | User.objects.filter(pk=user.pk) | keeping_books
    return people.order_by("last_name", "username")


def _entries_seen_by(user: User) -> QuerySet[Entry]:
    if user.sees_all:
        return Entry.objects.all()
    return Entry.objects.filter(customer__in=Customer.objects.visible_to(user).order_by().values("pk"))


def _allocations_seen_by(user: User) -> QuerySet[Allocation]:
    if user.sees_all:
        return Allocation.objects.all()
    return Allocation.objects.filter(customer__in=Customer.objects.visible_to(user).order_by().values("pk"))


def _by_person(changes: list[Changed]) -> list[Person]:
    grouped: dict[int | None, list[Changed]] = defaultdict(list)
    for change in changes:
        grouped[change.by].append(change)
    people = User.objects.in_bulk([by for by in grouped if by is not None])
    found = [
        Person(by, _("a command") if by is None else str(people[by]), sorted(rows, key=lambda row: -row.count))
        for by, rows in grouped.items()
    ]
    return sorted(found, key=lambda person: (-person.count, person.name))
