"""Finance confirms what it has seen: the goods that left or came back, the money on the bank statement.

The sales book is all entries, the finance book the confirmed ones; their difference is a list of entries.

A confirmation counts from the day of what finance has seen, not from that of the click: a bank line of September that
is matched in October is no difference between the books of September. What was known when says the row's moment.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date as Date

from django.db import transaction
from django.db.models import Max, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from config.dates import shown_day
from customers.models import Customer, User
from ledger.book.checks import WayOut, not_closed
from ledger.bulk import chunks, insert, new
from ledger.errors import InvalidDocument, NotPermitted
from ledger.models import Confirmation, Entry, EntryQuerySet, PeriodClose, Shipment
from ledger.models.entries import CONFIRMABLE_KINDS, EARLIEST_DATE, GOODS_KINDS
from ledger.posting import announce, lock_customers

# Entries, and customers, that are locked and written together where there are very many.
LOT, CUSTOMERS_TOGETHER = 1_000, 200
MOST_REASONS = 20


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of each entry: done now, done by somebody before (with the row that says by whom and when), or
    refused with a sentence.
    """

    done: list[Entry] = field(default_factory=list)
    already: list[Confirmation] = field(default_factory=list)
    refused: list[tuple[Entry, str]] = field(default_factory=list)


@transaction.atomic
def confirm(
    *,
    entries: Iterable[Entry],
    by: User,
    on: Date | None = None,
    evidence: Mapping[int, Date] | None = None,
    note: str = "",
) -> Outcome:
    """Confirms the entries as of `on`; where None, each as of the day of its evidence: the one that `evidence` names
    for its key, that of the delivery, its own. What a colleague has confirmed stays the colleague's; what cannot be
    confirmed is told, and the others are confirmed all the same.

    Only who keeps the books confirms, and nobody a sale that they answer for themselves: two pairs of eyes.
    Who recorded an entry may confirm it, for finance records payments from the very statement that proves them.
    """
    latest = _day(by, on)
    outcome = Outcome()
    stored = _locked(entries, by)
    before = _latest(stored)
    days = {} if on is not None else _days_of_evidence(stored, evidence or {}, before, today=latest)
    for entry in stored:
        day = days.get(entry.pk, latest)
        if entry.confirmed_on is not None:
            outcome.already.append(before[entry.pk])
        elif refusal := _why_not(entry, by, day, before.get(entry.pk)):
            outcome.refused.append((entry, refusal))
        else:
            outcome.done.append(entry)
    _record_of(outcome.done, {entry.pk: days.get(entry.pk, latest) for entry in outcome.done}, by=by, note=note)
    return outcome


@transaction.atomic
def withdraw(*, entries: Iterable[Entry], by: User, on: Date | None = None, note: str = "") -> Outcome:
    """Takes back that the entries are confirmed, as of `on` (today where None). What is not confirmed, or not any
    more, is left as it is.
    """
    day = _day(by, on)
    outcome = Outcome()
    stored = _locked(entries, by)
    before = _latest(entry for entry in stored if entry.confirmed_on is None)
    for entry in stored:
        if entry.confirmed_on is None:
            if entry.pk in before:
                outcome.already.append(before[entry.pk])
        elif day < entry.confirmed_on:
            refusal = _("%(entry)s was confirmed on %(date)s and cannot be withdrawn before.")
            outcome.refused.append(
                (entry, refusal % {"entry": entry.described, "date": shown_day(entry.confirmed_on)})
            )
        else:
            outcome.done.append(entry)
    _record_of(outcome.done, dict.fromkeys((one.pk for one in outcome.done), day), by=by, note=note, undoes=True)
    return outcome


@dataclass(slots=True)
class Tally:
    """How many of very many entries were confirmed, and how many not; the first reasons why."""

    done: int = 0
    already: int = 0
    refused: int = 0
    reasons: list[str] = field(default_factory=list)


def confirm_in_lots(
    *, entries: Sequence[int], by: User, told: Callable[[int, int], None] = lambda done, all_of_it: None
) -> Tally:
    """Confirms the entries of these keys, so many that no transaction should hold them all: what is confirmed stays
    so, whatever becomes of the rest.
    """
    tally = Tally()
    for start in range(0, len(entries), LOT):
        told(start, len(entries))
        outcome = confirm(entries=_of_keys(entries[start : start + LOT]), by=by)
        tally.done += len(outcome.done)
        tally.already += len(outcome.already)
        tally.refused += len(outcome.refused)
        tally.reasons += [why for _entry, why in outcome.refused][: MOST_REASONS - len(tally.reasons)]
    return tally


def confirm_until(
    *,
    day: Date,
    by: User | None,
    note: str = "",
    told: Callable[[int, int], None] = lambda done, all_of_it: None,
) -> int:
    """Confirms all goods and money dated up to `day`, as of that day; how many. For a firm whose past was checked
    before the ledger asked for it: customer by customer, a few hundred at a time under their locks, so that it can be
    broken off and run again. Without a person it is a command's; with one, what they answer for themselves is left.
    """
    if by is not None:
        _day(by, day)
    elif day > timezone.localdate():
        raise InvalidDocument(_("A confirmation is recorded once it has happened, not ahead of it."), field="date")
    else:
        not_closed(day, closed_until=PeriodClose.objects.closed_until(), way_out=WayOut.NONE)
    customers = Customer.objects.all() if by is None else Customer.objects.writable_by(by)
    waiting = Entry.objects.unconfirmed().filter(date__lte=day)
    if by is not None:
        waiting = waiting.filter(customer__in=customers.order_by().values("pk")).exclude(salesperson=by)
    keys = sorted(waiting.order_by().values_list("customer", flat=True).distinct())
    count = 0
    for start in range(0, len(keys), CUSTOMERS_TOGETHER):
        told(start, len(keys))
        count += _confirm_past_of(keys[start : start + CUSTOMERS_TOGETHER], waiting, by=by, day=day, note=note)
    return count


@transaction.atomic
def _confirm_past_of(
    customers: Sequence[int], waiting: EntryQuerySet, *, by: User | None, day: Date, note: str
) -> int:
    lock_customers(customers)
    past = waiting.filter(customer__in=customers).order_by("pk").annotate(said_on=Max("confirmations__date"))
    days = {key: max(day, said_on or day) for key, said_on in past.values_list("pk", "said_on")}
    _record(days, by=by, note=note)
    announce(customers)
    return len(days)


def _of_keys(keys: Sequence[int]) -> EntryQuerySet:
    return Entry.objects.filter(pk__in=keys).order_by("date", "pk")


def _day(by: User, on: Date | None) -> Date:
    if not by.keeps_books:
        raise NotPermitted(_("Only finance confirms."))
    today = timezone.localdate()
    if on is not None and on > today:
        raise InvalidDocument(_("A confirmation is recorded once it has happened, not ahead of it."), field="date")
    return not_closed(on or today, closed_until=PeriodClose.objects.closed_until(), way_out=WayOut.NONE)


def _locked(entries: Iterable[Entry], by: User) -> list[Entry]:
    """The entries as they are stored, in the order given, with their customers locked."""
    keys = list(dict.fromkeys(entry.pk for entry in entries))
    visible = Entry.objects.filter(customer__in=Customer.objects.writable_by(by))
    customers = {
        customer
        for chunk in chunks(keys)
        for customer in visible.filter(pk__in=chunk).values_list("customer", flat=True)
    }
    lock_customers(customers)
    stored = {
        entry.pk: entry
        for chunk in chunks(keys)
        for entry in visible.filter(pk__in=chunk).select_related("customer", "salesperson")
    }
    return [stored[key] for key in keys if key in stored]


def _latest(entries: Iterable[Entry]) -> dict[int, Confirmation]:
    """The row that decides for each entry that has any."""
    keys = [entry.pk for entry in entries]
    rows = Confirmation.objects.select_related("by", "entry").order_by("pk")
    return {row.entry_id: row for chunk in chunks(keys) for row in rows.filter(entry__in=chunk)}


def _days_of_evidence(
    entries: Sequence[Entry], evidence: Mapping[int, Date], before: Mapping[int, Confirmation], *, today: Date
) -> dict[int, Date]:
    """From which day each is confirmed: never before the entry, nor before what was said of it last, never ahead of
    time, and never in a closed month.
    """
    goods = [entry.pk for entry in entries if entry.kind in GOODS_KINDS]
    delivered = {
        key: day
        for chunk in chunks(goods)
        for key, day in Shipment.objects.filter(pk__in=chunk).values_list("pk", "delivered_on")
        if day is not None
    }
    first_open = PeriodClose.objects.open_day(EARLIEST_DATE)
    found = {}
    for entry in entries:
        seen = evidence.get(entry.pk) or delivered.get(entry.pk) or entry.date
        said = before[entry.pk].date if entry.pk in before else entry.date
        found[entry.pk] = min(max(seen, entry.date, said, first_open), today)
    return found


def _why_not(entry: Entry, by: User, day: Date, before: Confirmation | None) -> str:
    if entry.kind not in CONFIRMABLE_KINDS:
        return _("%(entry)s is neither goods nor money; there is nothing to confirm.") % {"entry": entry.described}
    if entry.reverses_id is not None or entry.reversed_on is not None:
        return _("%(entry)s was reversed; there is nothing to confirm.") % {"entry": entry.described}
    if entry.salesperson_id == by.pk:
        return _("You answer for %(entry)s yourself; a colleague has to confirm it.") % {"entry": entry.described}
    if day < entry.date:
        return _("%(entry)s is dated %(date)s; it cannot be confirmed before.") % {
            "entry": entry.described,
            "date": shown_day(entry.date),
        }
    if before is not None and day < before.date:
        return _("The confirmation of %(entry)s was withdrawn as of %(date)s; it cannot be confirmed before.") % {
            "entry": entry.described,
            "date": shown_day(before.date),
        }
    return ""


def _record_of(entries: list[Entry], days: dict[int, Date], *, by: User, note: str, undoes: bool = False) -> None:
    _record(days, by=by, note=note, is_confirmed=not undoes)
    for entry in entries:
        entry.confirmed_on = None if undoes else days[entry.pk]
    if entries:
        announce({entry.customer_id for entry in entries})


def _record(days: Mapping[int, Date], *, by: User | None, note: str, is_confirmed: bool = True) -> None:
    """`days` by key of the entry."""
    facts = {"is_confirmed": is_confirmed, "note": note, "by": by, "recorded_at": timezone.now()}
    insert(Confirmation, [new(Confirmation, entry_id=key, date=day, **facts) for key, day in days.items()])
    said = Confirmation.objects.filter(entry=OuterRef("pk")).order_by("-pk").values("date")[:1]
    for chunk in chunks(list(days)):
        Entry.objects.filter(pk__in=chunk).update(confirmed_on=Subquery(said) if is_confirmed else None)
