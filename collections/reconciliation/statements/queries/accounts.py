"""Accounts over a period, as the ledger has them: three statements for any number of customers."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import F, Q, Sum

from aging.queries import snapshot
from customers.models import Customer
from ledger.models import Entry, Kind, Side
from ledger.money import ZERO, from_cents
from ledger.queries.accounts import COLUMN_OF_KIND
from ledger.queries.open_items import Fragment, open_items
from ledger.queries.pieces import day_of
from reconciliation.statements.account import Account, Column, Line, OpenItem


def accounts(customers: Sequence[Customer], *, first: date, last: date) -> dict[int, Account]:
    """The account of each of the customers, a few hundred at a time, by their keys."""
    keys = [customer.pk for customer in customers]
    with snapshot():
        openings, lines, items = _openings(keys, first), _lines(keys, first, last), _items(keys, last)
    return {
        customer.pk: _account(
            customer.currency, first, last, openings[customer.pk], lines[customer.pk], items[customer.pk]
        )
        for customer in customers
    }


def overdue_on(customer: Customer, days: Sequence[date]) -> dict[date, Decimal]:
    """What a statement until each of the days may demand."""
    found = {day: _items([customer.pk], day)[customer.pk] for day in days}
    return {day: Account(customer.currency, day, day, ZERO, [], ZERO, found[day]).overdue for day in found}


def _account(
    currency: str, first: date, last: date, opening: Decimal, rows: Sequence[Any], items: list[OpenItem]
) -> Account:
    balance, lines = opening, []
    for row in rows:
        balance += row["amount"]
        lines.append(
            Line(
                entry=row["pk"],
                kind=row["kind"],
                column=COLUMN_OF_KIND.get(Kind(row["kind"]), Column.OTHER),
                is_reversal=row["reverses"] is not None,
                number=row["number"],
                instalment=row["instalment"],
                date=row["date"],
                due_date=row["due_date"],
                reference=row["reference"] or "",
                document_amount=row["document_amount"],
                amount=row["amount"],
                balance=balance,
            )
        )
    return Account(currency, first, last, opening, lines, balance, items)


def _openings(keys: Sequence[int], first: date) -> dict[int, Decimal]:
    before = Entry.objects.filter(customer__in=keys, date__lt=first).order_by()
    sums = before.values("customer").annotate(total=Sum("amount")).values_list("customer", "total")
    return defaultdict(lambda: ZERO, sums)


def _lines(keys: Sequence[int], first: date, last: date) -> dict[int, list[Any]]:
    """The entries of the period by customer. What was put right within it is left out on both sides: it says nothing
    to the customer.
    """
    undone = Q(reversed_on__isnull=False, reversed_on__lte=last) | Q(reverses__date__gte=first)
    rows = (
        Entry.objects.filter(customer__in=keys, date__range=(first, last))
        .exclude(pk__in=Entry.objects.filter(undone, customer__in=keys, date__range=(first, last)).values("pk"))
        .order_by("date", "pk")
        .values(
            *("pk", "customer", "kind", "number", "instalment", "date", "due_date", "document_amount", "amount"),
            "reverses",
            reference=F("payment__bank_reference"),
        )
    )
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row["customer"]].append(row)
    return found


def _items(keys: Sequence[int], last: date) -> dict[int, list[OpenItem]]:
    """What is open at the end of the last day, the longest due first."""
    found: dict[int, list[OpenItem]] = defaultdict(list)
    if not keys:
        return found
    marks = ", ".join(["%s"] * len(keys))
    items = open_items(last, within=Fragment(f"customer_id IN ({marks})", tuple(keys)))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.customer_id, i.entry_id, i.kind, e.reverses_id, e.number, e.instalment, i.date, i.due_date,"
            f" i.side, e.document_amount, i.open FROM ({items.sql}) i JOIN ledger_entry e ON e.id = i.entry_id"
            " ORDER BY i.customer_id, CASE WHEN i.side = 1 THEN i.due_date ELSE i.date END, i.entry_id",
            items.params,
        )
        for customer, entry, kind, reverses, number, instalment, day, due, side, face, amount in cursor.fetchall():
            found[customer].append(
                OpenItem(
                    entry=entry,
                    kind=kind,
                    is_reversal=reverses is not None,
                    number=number,
                    instalment=instalment,
                    date=day_of(day),
                    due_date=day_of(due),
                    is_debt=side == Side.DEBT,
                    document_amount=from_cents(face),
                    open=from_cents(amount),
                )
            )
    return found
