"""What the desk, the list and the digest show."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, QuerySet, Sum

from customers.models import Customer, User, home_first
from flags.models import Digest, Flag, FlagKind, FlagNote, FlagQuerySet, State
from ledger.models import Entry, InvoiceStep, Kind, Posting
from ledger.queries.accounts import totals_by_currency
from ledger.queries.news import ledger_news, recorded_by_themselves
from ledger.queries.open_items import end_of


@dataclass(frozen=True, slots=True)
class Stake:
    """How many flags of a kind there are in a currency, and the money and the tax at stake with them."""

    kind: FlagKind
    currency: str
    count: int
    amount: Decimal
    tax: Decimal
    newest: int


def stakes(flags: QuerySet[Flag]) -> list[Stake]:
    rows: Any = (
        flags.order_by()
        .values("kind", "customer__currency")
        .annotate(count=Count("pk"), amount=Sum("amount_at_stake"), tax=Sum("tax_at_stake"), newest=Max("pk"))
    )
    found = [
        Stake(
            FlagKind(row["kind"]), row["customer__currency"], row["count"], row["amount"], row["tax"], row["newest"]
        )
        for row in rows
    ]
    order = list(FlagKind)
    return sorted(found, key=lambda stake: (home_first(stake.currency), order.index(stake.kind)))


def flags_for_desk(user: User, *, on: date, kind: str = "", salesperson: int | None = None) -> FlagQuerySet:
    """The flags that wait for `user`, perhaps of one kind or salesperson alone. Finance sees all, with those that
    nobody answers for.
    """
    flags = Flag.objects.visible_to(user).due(on)
    if kind in FlagKind.values:
        flags = flags.of_kind(kind)
    return flags if salesperson is None else flags.of_salesperson(salesperson)


def flags_for_list(user: User) -> FlagQuerySet:
    return Flag.objects.visible_to(user).select_related("customer__owner", "entry").with_last_note()


@dataclass(frozen=True, slots=True)
class DeskNews:
    """Whether a desk shows anything else than it did, and who has recorded something besides the user."""

    version: str
    by: list[tuple[str, int]]
    is_any: bool


def desk_news(user: User, since: str, at_stake: list[Stake], *, on: date) -> DeskNews:
    """What is new of a desk that was drawn at the version `since`: of the ledger, or of the flags that wait, whose
    stakes are these. A flag that comes, goes or changes is another text.
    """
    known, _bar, known_flags = since.partition("|")
    ledger = ledger_news(user, known)
    flags = f"{on:%Y%m%d}" + "".join(f"-{s.kind}{s.currency}{s.count}.{s.newest}.{s.amount}" for s in at_stake)
    mark = hashlib.sha256(flags.encode()).hexdigest()[:16]
    return DeskNews(f"{ledger.version}|{mark}", ledger.others, ledger.is_any or mark != known_flags)


@dataclass(frozen=True, slots=True)
class DoneToday:
    """What a user has done since midnight: customers whose flags were dealt with, and acts on the ledger."""

    customers: int
    recorded: int

    def __bool__(self) -> bool:
        return bool(self.customers or self.recorded)


# More steps than these of one day are not counted: no index tells the steps of one person by day.
MOST_STEPS = 200


# More acts on flags than these of one day are neither counted nor offered to be undone.
MOST_NOTES = 1_000


def notes_of(user: User, day: date) -> list[FlagNote]:
    """What the user wrote down since midnight and has not taken back, the latest first, with its customers."""
    notes = FlagNote.objects.standing().filter(by=user, at__gte=end_of(day - timedelta(days=1)))
    return list(notes.select_related("flag__customer").order_by("-pk")[:MOST_NOTES])


def done_on(user: User, day: date, notes: Sequence[FlagNote] | None = None) -> DoneToday:
    """`notes` are those of the day, where they are known."""
    begin = end_of(day - timedelta(days=1))
    dealt_with = len({note.flag.customer_id for note in (notes_of(user, day) if notes is None else notes)})
    postings = Posting.objects.filter(by=user, recorded_at__gte=begin).count()
    steps = recorded_by_themselves(InvoiceStep.objects.filter(by=user))
    latest = steps.order_by("-pk").values_list("recorded_at", flat=True)[:MOST_STEPS]
    return DoneToday(dealt_with, postings + sum(moment >= begin for moment in latest))


@dataclass(frozen=True, slots=True)
class PutOff:
    """What a user did today about the flags of a customer, which can be taken back."""

    act_key: UUID
    customer: Customer
    note: str
    until: date


# As many as somebody looks for who has put off the wrong one.
MOST_PUT_OFF = 30


def put_off_on(user: User, day: date, notes: Sequence[FlagNote] | None = None) -> list[PutOff]:
    """The user's own acts since midnight that put a customer off, the latest first, as long as they still hold."""
    acts: dict[UUID, PutOff] = {}
    for note in notes_of(user, day) if notes is None else notes:
        flag, until = note.flag, note.snoozed_until
        if note.act_key is None or until is None or flag.cleared_on is not None or flag.snoozed_until != until:
            continue
        acts.setdefault(note.act_key, PutOff(note.act_key, flag.customer, note.note, until))
    return list(acts.values())[:MOST_PUT_OFF]


@dataclass(frozen=True, slots=True)
class NextUp:
    """What comes next to a desk on which nothing waits."""

    comes_back_on: date | None
    coming_back: int
    # By currency: the first day on which debts fall due, and what falls due within the horizon.
    falling_due: list[tuple[str, date, int, Decimal]]


HORIZON = timedelta(days=14)


def next_up(user: User, *, on: date) -> NextUp:
    snoozed = Flag.objects.visible_to(user).in_state(State.SNOOZED, on).order_by()
    soonest: Any = snoozed.values("snoozed_until").annotate(count=Count("pk")).order_by("snoozed_until").first()
    debts = (
        Entry.objects.open()
        .debts()
        .filter(customer__in=Customer.objects.visible_to(user).order_by().values("pk"))
        .filter(due_date__gte=on, due_date__lte=on + HORIZON)
        .exclude(kind=Kind.SHIPMENT)
    )
    rows: Any = (
        debts.order_by()
        .values("currency")
        .annotate(first=Min("due_date"), count=Count("pk"), amount=Sum("open_amount"))
        .order_by("currency")
    )
    return NextUp(
        soonest["snoozed_until"] if soonest else None,
        soonest["count"] if soonest else 0,
        [(row["currency"], row["first"], row["count"], row["amount"]) for row in rows],
    )


def account_figures(user: User, *, on: date) -> list[tuple[str, Any]]:
    """Owed, overdue, unbilled and unapplied of the customers that `user` sees, apart for each currency, the firm's
    own first.
    """
    totals = totals_by_currency(Customer.objects.visible_to(user), on=on)
    return sorted(totals.items(), key=lambda pair: home_first(pair[0]))


def waiting_for_digest(day: date) -> QuerySet[User]:
    """Who can be mailed, has due flags and was not mailed that day."""
    mailed = Digest.objects.filter(day=day).values("user")
    owners = Flag.objects.due(day).order_by().values("customer__owner")
    return User.objects.filter(is_active=True, pk__in=owners).exclude(email="").exclude(pk__in=mailed).order_by("pk")
