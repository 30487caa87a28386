"""Expected cash as a page reads it: by week and currency, its entries, and how past expectations turned out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from aging.history.figures import scope_of
from customers.models import Customer, User
from ledger.models import Kind, Side
from ledger.money import ZERO, from_cents
from ledger.queries.open_items import Fragment, open_items
from ledger.queries.pieces import day_of
from trends.forms import Asked
from trends.models import Habit
from trends.queries.expected import LATER, NOT_EXPECTED, UNBILLED, Moment, expected
from trends.queries.habits import mean_days
from trends.rules import WEEKS, Week, weeks_before, weeks_from

# So many customers are named of whom something is not expected.
NAMED = 10
STORED_HABITS = Fragment("SELECT customer_id, payments, days FROM trends_habit")


@dataclass(frozen=True, slots=True)
class ExpectedWeek:
    week: Week
    # What falls due in it, by the due dates alone.
    agreed: Decimal
    # What is expected in it: of what is not due yet, and of what is overdue today.
    not_due: Decimal
    overdue: Decimal

    @property
    def total(self) -> Decimal:
        return self.not_due + self.overdue


@dataclass(frozen=True, slots=True)
class GivenUp:
    """What one customer owes that is not expected, and since when the oldest of it is due."""

    customer: int
    name: str
    since: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class ExpectedCash:
    currency: str
    weeks: tuple[ExpectedWeek, ...]
    later: Decimal
    not_expected: Decimal
    unbilled: Decimal
    # Zero or negative: credits that were taken off already.
    unapplied: Decimal
    # How late all customers are who pay in this currency.
    usual: int
    # Of `not_expected` the customers that owe most of it, and how many others there are.
    given_up: tuple[GivenUp, ...] = ()
    others: int = 0
    # All that is open today, credits taken off.
    balance: Decimal = ZERO

    @property
    def credits_left(self) -> Decimal:
        """Zero or negative: credits beyond what their customers owe, which no expectation could take off."""
        return self.balance - (self.total + self.later + self.not_expected + self.unbilled)

    @property
    def others_amount(self) -> Decimal:
        return self.not_expected - sum((one.amount for one in self.given_up), ZERO)

    @property
    def agreed(self) -> Decimal:
        return sum((week.agreed for week in self.weeks), ZERO)

    @property
    def not_due(self) -> Decimal:
        return sum((week.not_due for week in self.weeks), ZERO)

    @property
    def overdue(self) -> Decimal:
        return sum((week.overdue for week in self.weeks), ZERO)

    @property
    def total(self) -> Decimal:
        return sum((week.total for week in self.weeks), ZERO)


@dataclass(frozen=True, slots=True)
class PastWeek:
    """What was expected of a week at its beginning, and what came; None: not reckoned yet."""

    week: Week
    expected: Decimal | None
    came: Decimal

    @property
    def difference(self) -> Decimal | None:
        return None if self.expected is None else self.came - self.expected


@dataclass(frozen=True, slots=True)
class BackTest:
    weeks: tuple[PastWeek, ...]
    # What the first Monday expected of all twelve weeks together.
    expected_then: Decimal | None

    @property
    def came(self) -> Decimal:
        return sum((week.came for week in self.weeks), ZERO)

    @property
    def error(self) -> Decimal | None:
        """The mean of what single weeks were off, whichever way, in hundredths of what came in those weeks."""
        told = [(week.difference, week.came) for week in self.weeks if week.difference is not None]
        came = sum((amount for _off, amount in told), ZERO)
        return sum((abs(off) for off, _amount in told), ZERO) / came * 100 if came > 0 else None

    @property
    def bias(self) -> Decimal | None:
        """By how much more (or less) came than was expected, in hundredths of what was expected."""
        known = [(week.expected, week.came) for week in self.weeks if week.expected is not None]
        hoped = sum((amount for amount, _came in known), ZERO)
        return (sum((came for _amount, came in known), ZERO) - hoped) / hoped * 100 if hoped > 0 else None


def usual_of(habits: Fragment) -> dict[str, int]:
    """The delay of all customers together, by currency; `habits` selects currency, paid and cent_days."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT currency, {mean_days()} FROM (SELECT currency, CAST(SUM(paid) AS bigint) AS paid,"
            f" CAST(SUM(cent_days) AS bigint) AS cent_days FROM ({habits.sql}) f GROUP BY currency) s WHERE paid > 0",
            habits.params,
        )
        return dict(cursor.fetchall())


def habits_until() -> date | None:
    """The day up to which payments have made the habits."""
    return Habit.objects.order_by("-until").values_list("until", flat=True).first()


def expected_cash(user: User, asked: Asked, *, today: date) -> dict[str, ExpectedCash]:
    """By currency what is expected from today on, of what is open now."""
    usual = usual_of(Fragment("SELECT currency, paid, cent_days FROM trends_habit"))
    debts = expected(Moment(today, today), STORED_HABITS, usual, user=user, asked=asked)
    sums: dict[str, dict[tuple[int, int], Decimal]] = {}
    lost: dict[str, list[tuple[Decimal, int, date]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT currency, slot, agreed, given_up, CAST(SUM(remains) AS bigint), MIN(due_date) FROM"
            f" (SELECT d.*, CASE WHEN slot = {NOT_EXPECTED} THEN customer_id END AS given_up FROM ({debts.sql}) d) s"
            " GROUP BY currency, slot, agreed, given_up",
            debts.params,
        )
        for currency, slot, agreed, customer, cents, since in cursor.fetchall():
            held, amount = sums.setdefault(currency, {}), from_cents(cents)
            held[slot, agreed] = held.get((slot, agreed), ZERO) + amount
            if customer is not None:
                lost.setdefault(currency, []).append((amount, customer, day_of(since)))
    largest = {currency: sorted(found, key=lambda one: (-one[0], one[1]))[:NAMED] for currency, found in lost.items()}
    names = _names([customer for found in largest.values() for _amount, customer, _since in found])
    balances = _balances(user, asked, today)
    return {
        currency: replace(
            _cash(currency, sums.get(currency, {}), usual, today),
            balance=balances.get(currency, (ZERO, ZERO))[0],
            unapplied=balances.get(currency, (ZERO, ZERO))[1],
            given_up=tuple(
                GivenUp(customer, names[customer], since, amount)
                for amount, customer, since in largest.get(currency, ())
            ),
            others=max(len(lost.get(currency, ())) - NAMED, 0),
        )
        for currency in sorted(sums.keys() | {one for one, (_all, credit) in balances.items() if credit})
    }


def _names(customers: Sequence[int]) -> dict[int, str]:
    """Of customers that were found in sight."""
    return dict(Customer.objects.filter(pk__in=customers).values_list("pk", "name")) if customers else {}


def _cash(currency: str, sums: dict[tuple[int, int], Decimal], usual: dict[str, int], today: date) -> ExpectedCash:
    def total(*, slots: Sequence[int] = (), agreed: int | None = None, overdue: bool | None = None) -> Decimal:
        return sum(
            (
                amount
                for (slot, due), amount in sums.items()
                if (slot in slots)
                and (agreed is None or due == agreed)
                and (overdue is None or (due == -1) is overdue)
            ),
            ZERO,
        )

    billed = range(NOT_EXPECTED + 1)
    return ExpectedCash(
        currency=currency,
        weeks=tuple(
            ExpectedWeek(
                week,
                agreed=total(slots=billed, agreed=n),
                not_due=total(slots=[n], overdue=False),
                overdue=total(slots=[n], overdue=True),
            )
            for n, week in enumerate(weeks_from(today))
        ),
        later=total(slots=[LATER]),
        not_expected=total(slots=[NOT_EXPECTED]),
        unbilled=total(slots=[UNBILLED]),
        unapplied=ZERO,
        usual=usual.get(currency, 0),
    )


def _balances(user: User, asked: Asked, today: date) -> dict[str, tuple[Decimal, Decimal]]:
    """By currency all that is open, and the credits in it."""
    items = open_items(today, within=scope_of(today, user=user, **asked.as_filters()).within())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT currency, CAST(SUM(open) AS bigint),"
            f" CAST(SUM(CASE WHEN side = {Side.CREDIT} THEN open ELSE 0 END) AS bigint)"
            f" FROM ({items.sql}) i GROUP BY currency",
            items.params,
        )
        return {currency: (from_cents(cents), from_cents(credit)) for currency, cents, credit in cursor.fetchall()}


def back_test(user: User, asked: Asked, *, today: date) -> dict[str, BackTest]:
    """By currency the last twelve whole weeks: what their Mondays expected of them, and the payments less refunds
    that came.
    """
    weeks = weeks_before(today)
    within = scope_of(today, user=user, **asked.as_filters()).within()
    hoped = _hoped(weeks, within)
    came = _came(weeks, within)
    kept = _kept(weeks)
    currencies = {currency for currency, _n in (*hoped, *came)}
    return {
        currency: BackTest(
            tuple(
                PastWeek(
                    week,
                    hoped.get((currency, n), (ZERO, ZERO))[0] if week.first in kept else None,
                    came.get((currency, n), ZERO),
                )
                for n, week in enumerate(weeks)
            ),
            hoped.get((currency, 0), (ZERO, ZERO))[1] if weeks[0].first in kept else None,
        )
        for currency in sorted(currencies)
    }


def _kept(weeks: Sequence[Week]) -> set[date]:
    from trends.models import Monday

    return set(Monday.objects.filter(day__in=[week.first for week in weeks]).values_list("day", flat=True))


def _hoped(weeks: Sequence[Week], within: Fragment) -> dict[tuple[str, int], tuple[Decimal, Decimal]]:
    also = f" AND {within.sql}" if within else ""
    places = {week.first: n for n, week in enumerate(weeks)}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT made_on, currency, CAST(SUM(weeks_1) AS bigint), CAST(SUM(weeks_12) AS bigint)"
            f" FROM trends_expectation WHERE made_on >= %s AND made_on <= %s{also} GROUP BY made_on, currency",
            [*_ends(weeks[0].first, weeks[-1].first), *within.params],
        )
        return {
            (currency, places[day_of(made_on)]): (from_cents(one), from_cents(twelve))
            for made_on, currency, one, twelve in cursor.fetchall()
        }


def _came(weeks: Sequence[Week], within: Fragment) -> dict[tuple[str, int], Decimal]:
    also = f" AND {within.sql}" if within else ""
    day = connection.ops.adapt_datefield_value
    slots = " ".join(f"WHEN date <= %s THEN {n}" for n in range(WEEKS))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT currency, CASE {slots} END AS week, CAST(SUM(-amount) AS bigint) FROM ledger_entry"
            f" WHERE date >= %s AND date <= %s AND kind IN ('{Kind.PAYMENT}', '{Kind.REFUND}'){also}"
            " GROUP BY 1, 2",
            [*(day(week.last) for week in weeks), *_ends(weeks[0].first, weeks[-1].last), *within.params],
        )
        return {(currency, week): from_cents(cents) for currency, week, cents in cursor.fetchall()}


def _ends(first: date, last: date) -> tuple[Any, Any]:
    day = connection.ops.adapt_datefield_value
    return day(first), day(last)
