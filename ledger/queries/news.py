"""What was recorded since a moment, and by whom: cheap enough to be asked every few seconds by every page."""

from dataclasses import dataclass, field, replace

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext

from customers.models import Customer, User
from ledger.models import Allocation, Confirmation, Entry, InvoiceStep, Posting

# An act is numbered when it begins and seen when it is committed, so that a smaller number may come after a larger
# one. So many of the latest are counted.
LATEST = 50


@dataclass(frozen=True, slots=True)
class Version:
    """How far the ledger has got: another text as soon as anything was recorded."""

    posting: int
    latest: int
    step: int
    confirmation: int = 0

    @classmethod
    def read(cls, text: str) -> "Version | None":
        """From its text; None where it is none."""
        try:
            posting, latest, step, confirmation = map(int, text.split("."))
        except ValueError:
            return None
        return cls(posting, latest, step, confirmation)

    def __str__(self) -> str:
        return f"{self.posting}.{self.latest}.{self.step}.{self.confirmation}"


def ledger_version() -> Version:
    """A few looks into an index, whoever asks; whether what is new is the user's to see, `ledger_news` says."""
    step = InvoiceStep.objects.order_by("-pk").values("pk")[:1]
    confirmation = Confirmation.objects.order_by("-pk").values("pk")[:1]
    latest = Posting.objects.order_by("-pk").values_list("pk", Subquery(step), Subquery(confirmation))[:LATEST]
    rows = list(latest)
    if not rows:
        return Version(0, 0, 0, 0)
    newest, newest_step, newest_confirmation = rows[0]
    counted = sum(key > newest - LATEST for key, _step, _confirmation in rows)
    return Version(newest, counted, newest_step or 0, newest_confirmation or 0)


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
    # An act that came late has a number below the newest that was known: it is shown without a word.
    came_late = replace(known, latest=0) == replace(version, latest=0)
    return News(version, by, is_any=bool(by) or came_late, others=others)


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
