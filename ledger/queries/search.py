"""Search over everything that has a name: customers, contacts, numbers, amounts, bank references, parcels.

Each way of looking reads an index and stops after a few candidates, so that the cost of a search does not grow with
the books. Of a number its beginning or its end is typed: both have an index on PostgreSQL. On SQLite the end of a
number is looked for row by row, which takes as long as the table does (docs/search.md has the figures).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connections
from django.db.models import CharField, F, Func, Q, QuerySet, Value
from django.db.models.functions import Replace

from customers.models import Contact, Customer, User
from ledger.models import Entry, InvoiceStep, Kind, Payment, Side, seen_by
from ledger.money import CENT, NotAnAmount, parsed
from ledger.queries.accounts import customers_with_totals
from ledger.queries.entries import entries_for_list

LONGEST = 100
# Of each group so many are shown in the palette and on the page, and on the page of one group alone.
FEW, MANY = 8, 100
# Of what matches so many are looked at for the best.
CANDIDATES = 200
# So many keys are worth more than a look at each row.
NAMED = 1_000
# A shorter piece says nothing about the end of a number.
SHORTEST_END = 4
_LAST = "\U0010ffff"
# Primary keys of customers or of entries, each with what of it matched where that is not shown anyway.
Hits = list[tuple[int, str]]


class Folded(Func):
    """The text in capitals and in the order of its bytes, as the indexes hold it."""

    function = "UPPER"
    output_field = CharField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template='UPPER(%(expressions)s COLLATE "C")', **context)


class Backward(Func):
    """The same from its last letter to its first; an index on PostgreSQL alone."""

    template = 'REVERSE(UPPER(%(expressions)s COLLATE "C"))'
    output_field = CharField()


@dataclass(frozen=True, slots=True)
class CustomerHit:
    """A customer, what is owed (with `balance` and `overdue`), and what of a contact matched."""

    customer: Any
    said: str = ""


@dataclass(frozen=True, slots=True)
class EntryHit:
    """An entry, with `customer_is_visible`, where it stands, and what of its document matched."""

    entry: Any
    state: str
    said: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """The hits of one group; `has_more` says that there are others."""

    key: str
    hits: Sequence[CustomerHit] | Sequence[EntryHit]
    has_more: bool


def search(user: User, words: str, *, on: date, most: int = FEW, only: str = "") -> list[Found]:
    """What `user` may see of what the words name, by group; `only` is the key of one of them."""
    words = " ".join(words.replace("\x00", "").split())[:LONGEST]
    if len(words) < 2 and not any(ord(letter) > 0x2E7F for letter in words):
        return []
    ways: dict[str, Callable[[User, str], Hits]] = {
        "customers": _customers,
        "contacts": _contacts,
        "documents": _documents,
        "amounts": _amounts,
        "references": _references,
        "tracking": _tracking,
    }
    found = {key: way(user, words) for key, way in ways.items() if only in ("", key)}
    people: dict[str, Hits] = {key: found.pop(key) for key in ("customers", "contacts") if key in found}
    groups = [*_customer_groups(user, people, on=on, most=most), *_entry_groups(user, found, words, on=on, most=most)]
    return [group for group in groups if group.hits]


def entries_matching(words: str, user: User, path: str = "") -> Q:
    """Which entries, found under `path` of rows that have their customer, have a number that begins or ends with the
    words, or a customer, of those that `user` sees, that they name; where there is none, the numbers that have them
    in their middle. The filter of lists: the few that the indexes give are named by their keys, what fills a page
    anyway is asked of each row.
    """
    words = " ".join(words.replace("\x00", "").split())[:LONGEST]
    like = [pk for pk, _number in _like(Entry.objects.all(), "number", words, key="pk", most=NAMED + 1)]
    customers = Customer.objects.visible_to(user).search(words).order_by().values_list("pk", flat=True)
    named = list(customers[: NAMED + 1])
    if not like and not named:
        return Q(**{f"{path}number__icontains": words})
    if len(like) <= NAMED:
        numbered = Q(**{f"{path}pk__in": like})
    else:
        numbered = Q(**{f"{path}number__istartswith": words})
        numbered |= Q(**{f"{path}number__iendswith": words}) if len(words) >= SHORTEST_END else Q()
    return numbered | Q(customer__in=named if len(named) <= NAMED else customers)


def amounts_matching(text: str) -> Q | None:
    """Which entries have an amount that was written like this, of either sign; None where the text is no amount."""
    written = amount_range(text)
    if written is None:
        return None
    return _between("document_amount", *written) | _between("open_amount", *written) & Q(closed_on__isnull=True)


def amount_range(text: str) -> tuple[Decimal, Decimal] | None:
    """From which to below which amount a written one may stand for: 12,345.67 for itself, 12345 for any cents."""
    try:
        low = abs(parsed(text))
    except NotAnAmount:
        return None
    return (low, low + (CENT if "." in text else 1)) if low else None


def _between(field: str, low: Decimal, high: Decimal) -> Q:
    return Q(**{f"{field}__gte": low, f"{field}__lt": high}) | Q(**{f"{field}__lte": -low, f"{field}__gt": -high})


# --- the ways: each gives primary keys of customers or entries with what matched ------------------------------


def _customers(user: User, words: str) -> Hits:
    found = Customer.objects.visible_to(user).search(words).best_first(words)
    return [(pk, "") for pk in found.values_list("pk", flat=True)[:CANDIDATES]]


def _contacts(user: User, words: str) -> Hits:
    """Customers by a contact's name, mail address or telephone number, whatever stands between its digits."""
    said = Q(name__icontains=words) | Q(email__icontains=words)
    digits = words.replace(" ", "").replace("-", "")
    contacts = Contact.objects.filter(customer__in=Customer.objects.visible_to(user))
    if len(digits) >= SHORTEST_END and digits.lstrip("+").isdigit():
        bare = Replace(Replace(F("phone"), Value("-"), Value("")), Value(" "), Value(""))
        contacts = contacts.alias(bare_phone=bare)
        said |= Q(bare_phone__contains=digits)
    rows = contacts.filter(said).order_by("customer", "pk").values_list("customer", "name", "phone", "email")
    return [(pk, " · ".join(filter(None, facts))) for pk, *facts in rows[:CANDIDATES]]


def _documents(user: User, words: str) -> Hits:
    entries = Entry.objects.visible_to(user)
    return [(pk, "") for pk, _number in _like(entries, "number", words, key="pk")]


def _references(user: User, words: str) -> Hits:
    payments = Payment.objects.filter(seen_by(user, "entry__"))
    return _like(payments, "bank_reference", words, key="entry")


def _tracking(user: User, words: str) -> Hits:
    steps = InvoiceStep.objects.filter(seen_by(user, "invoice__entry__"))
    return _like(steps, "tracking_number", words, key="invoice")


def _amounts(user: User, words: str) -> Hits:
    matching = amounts_matching(words)
    if matching is None:
        return []
    # No order: it could tempt the planner to walk through the whole book in that order instead of asking the index.
    rows = Entry.objects.visible_to(user).filter(matching).order_by().values_list("pk", flat=True)[:CANDIDATES]
    return [(pk, "") for pk in rows]


def _like(rows: QuerySet[Any], field: str, words: str, *, key: str, most: int = CANDIDATES) -> Hits:
    """Rows whose field begins with the words, the highest number first, then those that end with them."""
    rows = rows.exclude(**{field: ""})
    capitals = _capitals(words)
    first = rows.alias(folded=Folded(field)).filter(folded__gte=capitals, folded__lt=capitals + _LAST)
    found = list(first.order_by("-folded").values_list(key, field)[:most])
    if len(words) >= SHORTEST_END and len(found) < most:
        found += _ending(rows, field, capitals).values_list(key, field)[: most - len(found)]
    return list(dict.fromkeys(found))


def _ending(rows: QuerySet[Any], field: str, capitals: str) -> Any:
    if connections[rows.db].vendor != "postgresql":
        return rows.filter(**{f"{field}__iendswith": capitals}).order_by("-pk")
    tail = capitals[::-1]
    found = rows.alias(backward=Backward(field)).filter(backward__gte=tail, backward__lt=tail + _LAST)
    # In the order of the index, or the planner, who thinks that much matches, would walk through another one.
    return found.order_by("backward")


def _capitals(words: str) -> str:
    """As both databases write capitals where they order by bytes: those of the Latin alphabet alone."""
    return "".join(letter.upper() if letter.isascii() else letter for letter in words)


# --- from keys to what is shown -------------------------------------------------------------------------------


def _customer_groups(user: User, found: dict[str, Hits], *, on: date, most: int) -> Iterator[Found]:
    """Customers and what is owed, in one statement for both groups."""
    # Who is found as a customer and by a contact stands among the customers, with the contact.
    said = dict(found.get("contacts", ()))
    if customers := found.get("customers"):
        found["customers"] = [(pk, said.get(pk, "")) for pk, _said in customers]
        found["contacts"] = [hit for hit in found.get("contacts", ()) if hit not in found["customers"]]
    wanted = {pk for hits in found.values() for pk, _said in hits[:most]}
    rows = {row.pk: row for row in customers_with_totals(user, on=on).filter(pk__in=wanted)} if wanted else {}
    for key, hits in found.items():
        shown = [CustomerHit(rows[pk], said) for pk, said in hits[:most] if pk in rows]
        yield Found(key, shown, len(hits) > most)


def _entry_groups(user: User, found: dict[str, Hits], words: str, *, on: date, most: int) -> Iterator[Found]:
    wanted = {pk for hits in found.values() for pk, _said in hits}
    rows = {row.pk: row for row in entries_for_list(user).filter(pk__in=wanted)} if wanted else {}
    for key, hits in found.items():
        shown = [EntryHit(rows[pk], state(rows[pk], on=on), said) for pk, said in hits if pk in rows]
        shown.sort(key=lambda hit: _rank(hit, words))
        yield Found(key, shown[:most], len(hits) > most)


def _rank(hit: EntryHit, words: str) -> tuple[Any, ...]:
    """The very number first, then what is open, then the newest."""
    exact = words.casefold() in (hit.entry.number.casefold(), hit.said.casefold())
    return (not exact, hit.entry.closed_on is not None, -hit.entry.date.toordinal(), -hit.entry.pk)


def state(entry: Entry, *, on: date) -> str:
    """In a word, as the list of the ledger filters by it."""
    if entry.reversed_on is not None or entry.reverses_id is not None:
        return "reversed"
    if entry.closed_on is not None:
        return "closed"
    if entry.side == Side.CREDIT:
        return "unapplied"
    if entry.kind == Kind.SHIPMENT:
        return "unbilled"
    return "overdue" if entry.due_date is not None and entry.due_date < on else "open"
