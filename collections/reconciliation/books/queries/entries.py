"""The entries between the books: the list that the difference is, and its ages."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import DateField, F, QuerySet, Sum, Value
from django.db.models.expressions import RawSQL

from customers.models import User
from ledger.models import Entry
from ledger.models.entries import GOODS_KINDS, MONEY_KINDS
from ledger.money import ZERO
from reconciliation.books.queries.sums import customers_asked, within
from reconciliation.books.queries.unconfirmed import unconfirmed
from reconciliation.books.question import Question, What

KINDS = {What.GOODS: GOODS_KINDS, What.MONEY: MONEY_KINDS}
# By age: the last day of each range, None for no end.
AGES: Sequence[tuple[int, int | None]] = ((0, 7), (8, 30), (31, 60), (61, 90), (91, None))


def entries(question: Question, user: User | None) -> QuerySet[Entry]:
    """The entries of the difference, the oldest first: their `amount` adds up to it, their ages count to `as_of`."""
    between = unconfirmed(question.as_of, known_on=question.known_on, within=within(customers_asked(question, user)))
    keys: Any = RawSQL(f"SELECT entry_id FROM ({between.sql}) between_books", between.params)
    found = Entry.objects.filter(pk__in=keys)
    if question.what is not None:
        found = found.filter(kind__in=KINDS[question.what])
    if question.youngest is not None:
        found = found.filter(date__lte=question.as_of - timedelta(days=question.youngest))
    if question.oldest is not None:
        found = found.filter(date__gte=question.as_of - timedelta(days=question.oldest))
    found = found.annotate(as_of=Value(question.as_of, DateField()))
    return found.select_related("customer__owner", "salesperson").order_by("date", "id")


def entries_named(user: User, keys: Sequence[int]) -> QuerySet[Entry]:
    """The documents of these keys that the user sees, the oldest first."""
    found = Entry.objects.visible_to(user).filter(pk__in=keys)
    return found.select_related("customer", "salesperson").order_by("date", "id")


def total(found: QuerySet[Entry]) -> dict[str, Decimal]:
    """By currency, what the entries add up to."""
    rows = found.order_by().values("currency").annotate(total=Sum("amount")).values_list("currency", "total")
    return dict(rows)


@dataclass(frozen=True, slots=True)
class Age:
    """The entries from so many days to so many, both included; `most` is None where there is no end."""

    least: int
    most: int | None
    goods: Decimal
    money: Decimal

    @property
    def difference(self) -> Decimal:
        return self.goods + self.money


def ages(question: Question, user: User | None) -> list[Age]:
    """The difference by age, goods apart from money; of one currency, if the question names one."""
    found = entries(replace(question, what=None, oldest=None, youngest=None), user)
    rows: Any = found.order_by().values_list("date", "kind").annotate(total=Sum(F("amount")))
    sums = {(age, what): ZERO for age in AGES for what in What}
    for day, kind, amount in rows:
        what = What.GOODS if kind in GOODS_KINDS else What.MONEY
        sums[_age_of(day, question.as_of), what] += amount
    return [Age(least, most, *(sums[(least, most), what] for what in What)) for least, most in AGES]


def _age_of(day: date, as_of: date) -> tuple[int, int | None]:
    days = (as_of - day).days
    return next(age for age in AGES if age[1] is None or days <= age[1])
