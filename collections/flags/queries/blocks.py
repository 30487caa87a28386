"""The desk's blocks: all that waits about one customer is one thing to do, with its sum.

An invoice that is overdue and was not sent has two flags for one amount, so a block counts documents: of each the
largest of what its kinds of flags say is at stake.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count, F, Max, Min, Sum, Window
from django.db.models.functions import RowNumber

from customers.models import Contact, Customer, User
from flags.models import Flag, FlagKind, FlagQuerySet
from ledger.models import Side
from ledger.money import from_cents
from ledger.queries.open_items import Fragment

# More flags of one customer are looked at in the list of flags.
MOST_SHOWN = 8


@dataclass(frozen=True, slots=True)
class KindInBlock:
    kind: FlagKind
    count: int
    amount: Decimal
    since: date
    severity: int

    @property
    def label(self) -> str:
        return str(self.kind.label)

    def days(self, on: date) -> int:
        return (on - self.since).days


@dataclass(frozen=True, slots=True)
class Unapplied:
    """What a customer has paid or been credited and no debt was settled with yet; `first` is the oldest credit."""

    count: int
    amount: Decimal
    first: int


@dataclass(frozen=True, slots=True)
class Block:
    """What waits about one customer: the sum over its documents, and the flags with the most at stake."""

    customer: Customer
    amount: Decimal
    tax: Decimal
    documents: int
    since: date
    # The newest of its flags: what is done to the block is done to those up to this one.
    newest: int
    # The one with the most money first.
    kinds: list[KindInBlock]
    flags: list[Flag]
    contact: Contact | None
    # Only where a debt is overdue: who sees the two apart records the payment once more.
    unapplied: Unapplied | None

    @property
    def count(self) -> int:
        return sum(kind.count for kind in self.kinds)

    @property
    def more(self) -> int:
        """Flags that are not shown."""
        return self.count - len(self.flags)

    @property
    def lead(self) -> KindInBlock:
        return self.kinds[0]

    @property
    def last_note(self) -> str:
        """The first that was said among those shown, of the most money."""
        notes = (flag.last_note for flag in self.flags)  # type: ignore[attr-defined]
        return next((note for note in notes if note), "")

    @property
    def reasons(self) -> list[str]:
        """What was said by whoever raised one of the flags shown."""
        return [flag.reason for flag in self.flags if flag.reason]

    def days(self, on: date) -> int:
        return (on - self.since).days


@dataclass(frozen=True, slots=True)
class Blocks:
    """The blocks of some flags, the most money first; counted and cut in the database, as a paginator asks."""

    flags: FlagQuerySet

    def count(self) -> int:
        found: int = self.flags.order_by().aggregate(found=Count("customer", distinct=True))["found"]
        return found

    def __len__(self) -> int:
        return self.count()

    def __getitem__(self, page: slice) -> list[Block]:
        by_document = _by_document(self.flags)
        start = page.start or 0
        # What each customer of the page has unapplied is read by the index on open entries, for these rows alone.
        statement = (
            "SELECT b.*, COUNT(e.id), CAST(-SUM(e.open_amount) AS bigint), MIN(e.id) FROM ("
            "SELECT customer_id, CAST(SUM(amount) AS bigint) AS amount, CAST(SUM(tax) AS bigint) AS tax,"
            " COUNT(*) AS documents, MIN(since) AS since, MAX(newest) AS newest"
            f" FROM ({by_document.sql}) d GROUP BY customer_id"
            f" ORDER BY 2 DESC, 5, 1 LIMIT {int(page.stop - start)} OFFSET {int(start)}"
            ") b LEFT JOIN ledger_entry e ON e.customer_id = b.customer_id AND e.closed_on IS NULL"
            f" AND e.side = {Side.CREDIT:d} GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 2 DESC, 5, 1"
        )
        with connection.cursor() as cursor:
            cursor.execute(statement, by_document.params)
            rows = cursor.fetchall()
        return self._drawn(rows)

    def _drawn(self, rows: list[Any]) -> list[Block]:
        customers = [row[0] for row in rows]
        kinds = self._kinds(customers)
        flags = self._flags(customers)
        contacts = _contacts(customers)
        return [
            Block(
                flags[customer][0].customer,
                from_cents(amount),
                from_cents(tax),
                documents,
                _as_day(since),
                newest,
                kinds[customer],
                flags[customer],
                contacts.get(customer),
                Unapplied(waiting, from_cents(paid), first)
                if waiting and any(kind.kind == FlagKind.OVERDUE for kind in kinds[customer])
                else None,
            )
            for customer, amount, tax, documents, since, newest, waiting, paid, first in rows
            # A flag that was cleared between the two statements takes its block along.
            if flags[customer] and kinds[customer]
        ]

    def _kinds(self, customers: Collection[int]) -> dict[int, list[KindInBlock]]:
        rows: Any = (
            self.flags.filter(customer__in=customers)
            .order_by()
            .values("customer_id", "kind")
            .annotate(count=Count("pk"), amount=Sum("amount_at_stake"), since=Min("since"), worst=Max("severity"))
        )
        found: dict[int, list[KindInBlock]] = defaultdict(list)
        for row in rows:
            kind = KindInBlock(FlagKind(row["kind"]), row["count"], row["amount"], row["since"], row["worst"])
            found[row["customer_id"]].append(kind)
        for kinds in found.values():
            kinds.sort(key=lambda kind: (-kind.amount, list(FlagKind).index(kind.kind)))
        return found

    def _flags(self, customers: Collection[int]) -> dict[int, list[Flag]]:
        place = Window(
            RowNumber(),
            partition_by=F("customer"),
            order_by=[F("amount_at_stake").desc(), F("since").asc(), F("pk").asc()],
        )
        placed: Any = self.flags.filter(customer__in=customers).annotate(place=place)
        shown = (
            placed.filter(place__lte=MOST_SHOWN)
            .select_related("customer__owner", "entry")
            .with_last_note()
            .order_by("place")
        )
        found: dict[int, list[Flag]] = defaultdict(list)
        for flag in shown:
            found[flag.customer_id].append(flag)
        return found


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits with one salesperson in one currency, and since when."""

    salesperson: User | None
    currency: str
    customers: int
    documents: int
    amount: Decimal
    # The longest delay counts from `since`; the flag that has been on the desk longest was raised on `raised_on`.
    since: date
    raised_on: date

    def days(self, on: date) -> int:
        return (on - self.since).days

    def days_waiting(self, on: date) -> int:
        return (on - self.raised_on).days


def waiting_by_salesperson(flags: FlagQuerySet) -> list[Waiting]:
    """By salesperson and currency, the most money first."""
    by_document = _by_document(flags)
    statement = (
        "SELECT r.*, u.username, u.first_name, u.last_name FROM ("
        "SELECT c.owner_id, c.currency, COUNT(DISTINCT d.customer_id), COUNT(*), CAST(SUM(d.amount) AS bigint),"
        f" MIN(d.since), MIN(d.raised_on) FROM ({by_document.sql}) d"
        " JOIN customers_customer c ON c.id = d.customer_id GROUP BY c.owner_id, c.currency"
        ") r LEFT JOIN customers_user u ON u.id = r.owner_id ORDER BY 5 DESC, 1"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, by_document.params)
        rows = cursor.fetchall()
    return [
        Waiting(
            None if owner is None else User(pk=owner, username=name, first_name=first, last_name=last),
            currency,
            customers,
            documents,
            from_cents(amount),
            _as_day(since),
            _as_day(raised),
        )
        for owner, currency, customers, documents, amount, since, raised, name, first, last in rows
    ]


def _by_document(flags: FlagQuerySet) -> Fragment:
    """A SELECT of one row for each document that some of the flags are about, and for each flag without a document:
    customer_id, amount (cents), tax, since, newest, raised_on.
    """
    rows = flags.order_by().values_list(
        *("customer_id", "kind", "entry_id", "amount_at_stake", "tax_at_stake", "since", "pk", "raised_on")
    )
    sql, params = rows.query.sql_with_params()
    # The few later instalments have an index of their own: to ask the entries themselves would read all of them.
    return Fragment(
        "SELECT customer_id, MAX(at_stake) AS amount, MAX(tax) AS tax, MIN(earliest) AS since, MAX(newest) AS newest,"
        " MIN(raised) AS raised_on FROM ("
        "SELECT f.customer_id, f.kind, COALESCE(i.instalment_of_id, f.entry_id, -f.pk) AS document,"
        " SUM(f.amount_at_stake) AS at_stake, MAX(f.tax_at_stake) AS tax, MIN(f.since) AS earliest,"
        f" MAX(f.pk) AS newest, MIN(f.raised_on) AS raised FROM ({sql}) f LEFT JOIN ("
        "SELECT id, instalment_of_id FROM ledger_entry WHERE instalment_of_id IS NOT NULL"
        ") i ON i.id = f.entry_id GROUP BY f.customer_id, f.kind, COALESCE(i.instalment_of_id, f.entry_id, -f.pk)"
        ") k GROUP BY customer_id, document",
        tuple(params),
    )


def _contacts(customers: Collection[int]) -> dict[int, Contact]:
    """Whom to call: of each customer the first contact with a telephone number."""
    reachable = Contact.objects.filter(customer__in=customers).exclude(phone="").order_by("-pk")
    return {contact.customer_id: contact for contact in reachable}


def _as_day(value: Any) -> date:
    """SQLite gives the least of several dates as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value
