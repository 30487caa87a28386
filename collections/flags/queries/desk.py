"""What the desk, the list and the digest show."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum

from customers.models import Customer, User
from flags.models import Digest, Flag, FlagKind, FlagQuerySet
from ledger.queries.accounts import totals_by_currency

# What a customer's account is in, unless told otherwise; reports begin with it.
HOME_CURRENCY = Customer._meta.get_field("currency").default


@dataclass(frozen=True, slots=True)
class Stake:
    """How many flags of a kind there are in a currency, and the money and the tax at stake with them."""

    kind: FlagKind
    currency: str
    count: int
    amount: Decimal
    tax: Decimal


def stakes(flags: QuerySet[Flag]) -> list[Stake]:
    rows: Any = (
        flags.order_by()
        .values("kind", "customer__currency")
        .annotate(count=Count("pk"), amount=Sum("amount_at_stake"), tax=Sum("tax_at_stake"))
    )
    found = [
        Stake(FlagKind(row["kind"]), row["customer__currency"], row["count"], row["amount"], row["tax"])
        for row in rows
    ]
    order = list(FlagKind)
    return sorted(found, key=lambda stake: (stake.currency != HOME_CURRENCY, stake.currency, order.index(stake.kind)))


def flags_for_desk(user: User, *, on: date) -> FlagQuerySet:
    """The flags that wait for `user`, the most money first. Finance sees all, with those that nobody answers for."""
    return (
        Flag.objects.visible_to(user)
        .due(on)
        .by_money_at_stake()
        .select_related("customer__owner", "entry")
        .with_last_note()
    )


def flags_for_list(user: User) -> FlagQuerySet:
    return Flag.objects.visible_to(user).select_related("customer__owner", "entry").with_last_note()


def account_figures(user: User, *, on: date) -> list[tuple[str, Any]]:
    """Owed, overdue, unbilled and unapplied of the customers that `user` sees, apart for each currency, the firm's
    own first.
    """
    totals = totals_by_currency(Customer.objects.visible_to(user), on=on)
    return sorted(totals.items(), key=lambda pair: (pair[0] != HOME_CURRENCY, pair[0]))


def waiting_for_digest(day: date) -> QuerySet[User]:
    """Who can be mailed, has due flags and was not mailed that day."""
    mailed = Digest.objects.filter(day=day).values("user")
    owners = Flag.objects.due(day).order_by().values("customer__owner")
    return User.objects.filter(is_active=True, pk__in=owners).exclude(email="").exclude(pk__in=mailed).order_by("pk")
