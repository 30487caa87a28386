"""What the rules of weighing are told: lines, money that waits for its line, open debts, names and learned payers."""

from collections.abc import Collection, Iterable
from datetime import date as Date
from datetime import timedelta
from decimal import Decimal
from operator import itemgetter

from django.conf import settings
from django.db.models import QuerySet, Sum

from customers.models import Customer
from ledger.allocation_order import ORDERS
from ledger.bulk import chunks, new
from ledger.models import Entry, EntryQuerySet, Kind, Payment
from ledger.models.entries import MONEY_KINDS
from ledger.money import ZERO
from reconciliation.bank.models import BankLine
from reconciliation.matching.models import Match, Payer
from reconciliation.matching.weighing import Customers, Item, Line
from reconciliation.matching.weighing.account import FAR

# Whom a number or an amount leads to; more say nothing.
MOST_FOUND = 50
_DEBT = ("id", "customer_id", "kind", "number", "instalment", "date", "due_date", "open_amount")
_MONEY = ("pk", "customer_id", "number", "date", "document_amount", "payment__matures_on", "payment__bank_reference")


def as_line(line: BankLine) -> Line:
    words = " ".join(filter(None, (line.memo, line.reference)))
    return Line(line.pk, line.date, abs(line.open_amount), line.payer_name, line.payer_account, words)


def known_customers(currency: str, learned: QuerySet[Payer] | None = None) -> Customers:
    """Everybody whose account is in the currency."""
    names = dict(Customer.objects.filter(currency=currency).values_list("pk", "name"))
    payers = Payer.objects.standing() if learned is None else learned
    rows = payers.filter(customer__currency=currency).values_list("customer", "account", "name")
    return Customers(names, tuple(rows))


def items_of(
    currency: str, *, received: bool, days: Iterable[Date], customers: Collection[int] | None = None
) -> list[Item]:
    """What lines of these days and a direction may be; debts in the firm's order, for the oldest is paid first."""
    entries, dated = Entry.objects.filter(currency=currency), sorted(days)
    if not dated:
        return []
    parts = (
        [entries] if customers is None else [entries.filter(customer__in=some) for some in chunks(sorted(customers))]
    )
    found: list[Item] = []
    for some in parts:
        found += [*_money(some, dated[0], dated[-1], received=received), *(_debts(some) if received else [])]
    return found


def _money(entries: EntryQuerySet, first: Date, last: Date, *, received: bool) -> list[Item]:
    """Payments or refunds, as far as no line has shown them: those that finance has not confirmed, and those of about
    these days that it confirmed by other means, cash apart. What is in the ledger already is not posted once more.
    """
    kind = Kind.PAYMENT if received else Kind.REFUND
    about = (first - timedelta(days=FAR), last + timedelta(days=FAR))
    seen = entries.standing().confirmed().filter(kind=kind, date__range=about)
    seen = seen.exclude(payment__method=Payment.Method.CASH)
    rows = [
        *entries.unconfirmed().filter(kind=kind).values_list(*_MONEY),
        *seen.values_list(*_MONEY),
    ]
    rows.sort(key=itemgetter(3, 0))
    matched = matched_of(row[0] for row in rows)
    found = []
    for pk, customer, number, day, amount, matures_on, reference in rows:
        if left := abs(amount) - matched.get(pk, ZERO):
            due = matures_on or day
            found.append(Item(pk, customer, number, day, due, left, is_money=True, reference=reference or ""))
    return found


def matched_of(entries: Iterable[int]) -> dict[int, Decimal]:
    """How much of each entry lines have shown already; positive, of those of which anything is."""
    rows = Match.objects.order_by().values("entry").annotate(total=Sum("amount"))
    return {
        row["entry"]: abs(row["total"])
        for chunk in chunks(list(entries))
        for row in rows.filter(entry__in=chunk)
        if row["total"]
    }


def _debts(entries: EntryQuerySet) -> list[Item]:
    rows = entries.open().debts().exclude(kind=Kind.REFUND).values_list(*_DEBT)
    owed = [new(Entry, **dict(zip(_DEBT, facts, strict=True))) for facts in rows]
    order = ORDERS[settings.ALLOCATION_ORDER]
    return [
        Item(
            debt.pk,
            debt.customer_id,
            debt.number,
            debt.date,
            debt.due_date or debt.date,
            debt.open_amount,
            is_goods=debt.kind == Kind.SHIPMENT,
        )
        for debt in sorted(owed, key=order)
    ]


def customers_of(words: Collection[str], amounts: Collection[Decimal], currency: str) -> set[int]:
    """Whose open documents have one of the numbers or amounts: for a few lines that are looked at anew."""
    open_or_waiting = Entry.objects.filter(currency=currency).standing()
    named = open_or_waiting.filter(number__in=list(words)).exclude(number="")
    alike = open_or_waiting.open().filter(open_amount__in=list(amounts))
    money = open_or_waiting.filter(kind__in=MONEY_KINDS, document_amount__in=[-one for one in amounts])
    found: set[int] = set()
    for rows in (named, alike, money):
        found |= set(rows.order_by().values_list("customer", flat=True).distinct()[:MOST_FOUND])
    return found
