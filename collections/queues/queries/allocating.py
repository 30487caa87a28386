"""Open credits that wait to be allocated, and what each is meant for."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256

from django.conf import settings
from django.core.cache import cache
from django.db.models import Exists, OuterRef, QuerySet
from redis.exceptions import RedisError

from customers.models import Customer, User
from ledger.allocation_order import ORDERS
from ledger.bulk import chunks, new
from ledger.models import Allocation, Entry, EntryQuerySet, Kind, Payment
from ledger.money import ZERO
from ledger.suggestions import Credit, Debt, Suggestion, suggest

KEPT_SECONDS = 600


def credits_to_allocate(user: User) -> QuerySet[Entry]:
    """Open credits of visible customers that have open debts, the most money first."""
    debts = Entry.objects.open().debts().filter(customer=OuterRef("customer"))
    return (
        Entry.objects.open()
        .credits()
        .filter(Exists(debts), customer__in=Customer.objects.visible_to(user))
        .select_related("customer", "salesperson", "payment")
        .order_by("open_amount", "id")
    )


@dataclass(frozen=True, slots=True)
class Suggested:
    """Suggestions by credit, the best first, and the entries that they name."""

    by_credit: dict[int, list[Suggestion]] = field(default_factory=dict)
    debts: dict[int, Entry] = field(default_factory=dict)

    def best(self, credit: int) -> Suggestion | None:
        return next(iter(self.by_credit.get(credit, ())), None)


def suggestions_for_rows(entries: Iterable[Entry]) -> Suggested:
    """For the credits of a page, with the entries to be named on it. All credits of their customers are weighed, for
    two that fit the same debt are both in doubt.
    """
    rows = list(entries)
    by_credit = suggestions_of({entry.customer_id for entry in rows})
    shown = {row.pk: by_credit.get(row.pk, []) for row in rows}
    keys = {key for some in shown.values() for one in some[:1] for key, _amount in one.parts}
    debts = {key: entry for chunk in chunks(sorted(keys)) for key, entry in Entry.objects.in_bulk(chunk).items()}
    return Suggested(shown, debts)


def suggestions_of(customers: Collection[int]) -> dict[int, list[Suggestion]]:
    """By credit, for all customers named: two reads for each few thousand customers, and a walk in memory."""
    found: dict[int, list[Suggestion]] = {}
    for chunk in chunks(sorted(customers)):
        _weigh(Entry.objects.open().filter(customer__in=chunk), found)
    return found


_CREDIT = ("pk", "customer_id", "date", "open_amount", "memo", "payment__bank_reference")
_DEBT = ("id", "customer_id", "kind", "number", "instalment", "date", "due_date", "open_amount")


def _weigh(entries: EntryQuerySet, found: dict[int, list[Suggestion]]) -> None:
    unapplied: dict[int, list[Credit]] = defaultdict(list)
    for pk, customer, day, amount, memo, reference in entries.credits().values_list(*_CREDIT).order_by("date", "pk"):
        unapplied[customer].append(Credit(pk, day, -amount, _words(memo, reference or "")))
    order = ORDERS[settings.ALLOCATION_ORDER]
    for chunk in chunks(sorted(unapplied)):
        owed: dict[int, list[Entry]] = defaultdict(list)
        for facts in Entry.objects.open().debts().filter(customer__in=chunk).values_list(*_DEBT):
            entry = new(Entry, **dict(zip(_DEBT, facts, strict=True)))
            owed[entry.customer_id].append(entry)
        for customer in chunk:
            found |= suggest(unapplied[customer], [as_debt(entry) for entry in sorted(owed[customer], key=order)])


def as_debt(entry: Entry) -> Debt:
    return Debt(
        key=entry.pk,
        number=entry.number,
        date=entry.date,
        due_date=entry.due_date or entry.date,
        open=entry.open_amount,
        is_goods=entry.kind == Kind.SHIPMENT,
    )


def as_credit(entry: Entry, bank_reference: str) -> Credit:
    return Credit(entry.pk, entry.date, -entry.open_amount, _words(entry.memo, bank_reference))


def _words(*said: str) -> str:
    return " ".join(filter(None, said))


def bank_references(keys: Iterable[int]) -> dict[int, str]:
    """Of those of the entries that are payments."""
    rows = Payment.objects.exclude(bank_reference="")
    return {
        key: reference
        for chunk in chunks(sorted(keys))
        for key, reference in rows.filter(pk__in=chunk).values_list("pk", "bank_reference")
    }


def credits_by_customer(user: User, keys: Iterable[int]) -> dict[int, set[int]]:
    """The open ones of the credits, of customers for whom the user may post."""
    mine = Entry.objects.open().credits().filter(customer__in=Customer.objects.writable_by(user))
    found: dict[int, set[int]] = defaultdict(set)
    for chunk in chunks(sorted(set(keys))):
        for key, customer in mine.filter(pk__in=chunk).values_list("pk", "customer_id"):
            found[customer].add(key)
    return found


@dataclass(frozen=True, slots=True)
class ExactOnes:
    """All credits whose suggestion may be accepted without a look."""

    credits: frozenset[int]
    amounts: dict[str, Decimal]

    @property
    def count(self) -> int:
        return len(self.credits)


def exact_ones(entries: QuerySet[Entry]) -> ExactOnes:
    """Of the credits of a list, as it is filtered."""
    rows = entries.order_by().values_list("pk", "customer_id", "currency", "open_amount")
    asked = list(rows)
    weighed = suggestions_of({customer for _pk, customer, _currency, _amount in asked})
    amounts: dict[str, Decimal] = defaultdict(lambda: ZERO)
    keys = set()
    for pk, _customer, currency, amount in asked:
        if (some := weighed.get(pk)) and some[0].is_exact:
            keys.add(pk)
            amounts[currency] -= amount
    return ExactOnes(frozenset(keys), dict(amounts))


def exact_ones_as_of(entries: QuerySet[Entry], *, user: User, version: str, scope: str) -> ExactOnes:
    """The same for a page that says how many there are: weighed once for a version of the ledger, however often the
    page is turned or sorted. What is accepted is weighed anew.
    """
    key = f"exact-ones-{user.pk}-{version}-{sha256(scope.encode()).hexdigest()}"
    with suppress(RedisError):
        known: ExactOnes | None = cache.get(key)
        if known is not None:
            return known
    found = exact_ones(entries)
    with suppress(RedisError):
        cache.set(key, found, KEPT_SECONDS)
    return found


def credits_seen_by(user: User) -> QuerySet[Entry]:
    """Credits of visible customers, whether something of them is still open or not."""
    visible = Customer.objects.visible_to(user)
    return Entry.objects.all().credits().filter(customer__in=visible).select_related("customer__owner")


def debts_named(customer: Customer, keys: Iterable[int]) -> dict[int, Entry]:
    """The customer's debts of these keys."""
    return Entry.objects.all().debts().filter(customer=customer).in_bulk(list(keys))


def latest_allocation(credit: Entry) -> Allocation | None:
    return Allocation.objects.filter(from_entry=credit).select_related("posting__by").order_by("pk").last()
