"""Expected cash: how late each customer pays, when each debt is expected therefore, and how that turned out."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from customers.models import Role, User
from tests.build import a_customer, a_team, a_user
from tests.ledger.desk import Desk, day, money
from trends import keeping
from trends.forms import Asked
from trends.models import Expectation, Habit, Monday
from trends.queries.cash import BackTest, ExpectedCash, PastWeek, back_test, expected_cash
from trends.queries.expected import LATER, NOT_EXPECTED, UNBILLED
from trends.queries.expected_items import ExpectedItems
from trends.rules import Week, expected_on, weeks_before, weeks_from

pytestmark = pytest.mark.django_db

# A Wednesday.
TODAY = day("2026-04-15")


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *_moment: TODAY)


@pytest.fixture
def auditor() -> User:
    return a_user(role=Role.AUDITOR)


def a_desk(**facts: Any) -> Desk:
    return Desk(a_customer(**{"owner": a_user()} | facts))


def paid(desk: Desk, amount: int, due: str, on: str) -> None:
    """An invoice that was settled on a day."""
    made = day(due) - timedelta(days=30)
    invoice = desk.invoice(amount, made.isoformat(), due_date=day(due))
    desk.payment(amount, on, invoices=[(invoice, None)])


def pays_late_by(desk: Desk, days: int) -> None:
    """Three payments, each so many days after its due date."""
    for month in (1, 2, 3):
        due = date(2026, month, 10)
        paid(desk, 100, due.isoformat(), (due + timedelta(days=days)).isoformat())


def cash_of(user: User, currency: str = "CNY", **asked: Any) -> ExpectedCash:
    keeping.keep_habits(today=TODAY)
    return expected_cash(user, Asked(**asked), today=TODAY)[currency]


def by_week(cash: ExpectedCash) -> dict[int, str]:
    """The weeks in which something is expected, counted from this one."""
    return {n: str(week.total) for n, week in enumerate(cash.weeks) if week.total}


def items(user: User, slot: int) -> list[tuple[str, str, str, str]]:
    found = ExpectedItems(user, Asked(), TODAY, "CNY", slot)
    return [(item.number, str(item.expected_on), str(item.open), str(item.remains)) for item in found.iterator()]


# --- weeks ----------------------------------------------------------------------------------------------------


def test_weeks_begin_on_monday_and_the_first_is_what_is_left_of_this_one() -> None:
    weeks = weeks_from(TODAY)
    assert len(weeks) == 12
    assert (str(weeks[0].first), str(weeks[0].last), weeks[0].number) == ("2026-04-15", "2026-04-19", 16)
    assert (str(weeks[1].first), str(weeks[1].last)) == ("2026-04-20", "2026-04-26")
    assert str(weeks[11].last) == "2026-07-05"
    assert weeks_from(day("2026-04-13"))[0] == Week(day("2026-04-13"), day("2026-04-19"))
    assert weeks_from(day("2026-04-19"))[0] == Week(day("2026-04-19"), day("2026-04-19"))


def test_weeks_over_the_turn_of_a_year_have_the_numbers_of_iso_8601() -> None:
    """2026 has 53 weeks: the last runs to Sunday, 3 January 2027."""
    weeks = weeks_from(day("2026-12-23"), 3)
    assert [(str(week.first), str(week.last), week.number) for week in weeks] == [
        ("2026-12-23", "2026-12-27", 52), ("2026-12-28", "2027-01-03", 53), ("2027-01-04", "2027-01-10", 1),
    ]  # fmt: skip


def test_weeks_behind_are_whole_and_end_with_the_last_sunday() -> None:
    weeks = weeks_before(TODAY, 2)
    assert [(str(week.first), str(week.last)) for week in weeks] == [
        ("2026-03-30", "2026-04-05"), ("2026-04-06", "2026-04-12"),
    ]  # fmt: skip


# --- the habit of a customer ----------------------------------------------------------------------------------


def habit(desk: Desk) -> tuple[int, int]:
    keeping.keep_habits(today=TODAY)
    found = Habit.objects.get(customer=desk.customer)
    return found.payments, found.days


def test_delay_is_weighed_by_the_amounts_that_were_paid() -> None:
    """900 ten days late and 100 thirty days late: (900 x 10 + 100 x 30) / 1,000 = 12 days."""
    desk = a_desk()
    paid(desk, 900, "2026-01-10", "2026-01-20")
    paid(desk, 100, "2026-01-10", "2026-02-09")
    assert habit(desk) == (2, 12)


@pytest.mark.parametrize(("days", "mean"), [((1, 2), 2), ((-1, -2), -2), ((0, 1, 0), 0), ((-5, -5), -5), ((0,), 0)])
def test_half_a_day_counts_whole_away_from_zero(days: tuple[int, ...], mean: int) -> None:
    desk = a_desk()
    for late in days:
        paid(desk, 100, "2026-01-10", (date(2026, 1, 10) + timedelta(days=late)).isoformat())
    assert habit(desk)[1] == mean


def test_only_payments_of_a_year_count_that_stand() -> None:
    desk = a_desk()
    paid(desk, 100, "2026-01-10", "2026-01-20")
    # Older than a year.
    old = desk.invoice(100, "2024-01-01", due_date=day("2024-02-01"))
    desk.payment(100, "2025-04-15", invoices=[(old, None)])
    # Fallen, undone, settled by a credit note, not settled at all.
    fallen = desk.invoice(100, "2026-01-01", due_date=day("2026-01-05"))
    desk.reverse(desk.payment(100, "2026-03-01", invoices=[(fallen, None)]), "2026-03-05")
    other = desk.invoice(100, "2026-01-01", due_date=day("2026-01-05"))
    slip = desk.payment(100, "2026-03-01", automatic=False)
    desk.undo(desk.allocate(slip, other, 100), "2026-03-02")
    desk.reverse(slip, "2026-03-02")
    returned = desk.invoice(100, "2026-01-01", due_date=day("2026-01-05"))
    desk.credit_note(100, "2026-03-01", reverses=returned)
    assert habit(desk) == (1, 10)


def test_a_year_is_three_hundred_and_sixty_five_days_up_to_today() -> None:
    desk = a_desk()
    first = TODAY - timedelta(days=364)
    paid(desk, 100, (first - timedelta(days=4)).isoformat(), first.isoformat())
    paid(desk, 100, (first - timedelta(days=99)).isoformat(), (first - timedelta(days=1)).isoformat())
    assert habit(desk) == (1, 4)


# --- when a debt is expected ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "delay", "expected"),
    [
        ("2026-05-01", 12, "2026-05-13"),
        ("2026-05-01", -5, "2026-04-26"),
        ("2026-04-10", 5, "2026-04-15"),  # today
        ("2026-04-10", 4, "2026-04-22"),  # past its day: a week at least
        ("2026-03-01", 30, "2026-05-15"),  # past its day: as many days from today as it is usually late
        ("2026-01-15", 0, "2026-04-22"),  # ninety days overdue
        ("2026-01-14", 0, None),  # ninety-one
        ("2026-01-14", -20, None),
        ("2026-01-04", 11, "2026-04-26"),  # a hundred and one days overdue, usually late by eleven
        ("2026-01-03", 11, None),
    ],
)
def test_a_debt_is_expected_by_its_due_date_and_its_customers_delay(
    due: str, delay: int, expected: str | None
) -> None:
    found = expected_on(day(due), delay, today=TODAY)
    assert (found and found.isoformat()) == expected


def test_sql_expects_each_debt_on_the_day_of_the_rule(auditor: User) -> None:
    prompt, slow, early = a_desk(), a_desk(), a_desk()
    for desk, late in ((prompt, 0), (slow, 30), (early, -6)):
        pays_late_by(desk, late)
        for n, due in enumerate(range(-140, 120, 13)):
            on = TODAY + timedelta(days=due)
            desk.invoice(10, min(on, TODAY).isoformat(), due_date=on, number=f"{desk.customer.code}-{n}")
    keeping.keep_habits(today=TODAY)
    delay = {desk.customer.code: days for desk, days in ((prompt, 0), (slow, 30), (early, -6))}
    seen = 0
    ends = [week.last for week in weeks_from(TODAY)]
    for slot in range(NOT_EXPECTED + 1):
        for item in ExpectedItems(auditor, Asked(), TODAY, "CNY", slot).iterator():
            seen += 1
            assert (item.delay, item.is_own) == (delay[item.customer_code], True)
            assert item.due_date is not None
            rule = expected_on(item.due_date, item.delay, today=TODAY)
            assert item.expected_on == rule
            place = NOT_EXPECTED if rule is None else next((n for n, end in enumerate(ends) if rule <= end), LATER)
            assert place == slot
    assert seen == 60


def test_who_has_paid_less_than_three_times_pays_as_all_do(auditor: User) -> None:
    """All together: three payments of 100 ten days late, one of 300 fifty: (3,000 + 15,000) / 600 = 30 days."""
    steady, stranger, newcomer = a_desk(), a_desk(), a_desk()
    pays_late_by(steady, 10)
    paid(stranger, 300, "2026-01-10", "2026-03-01")
    for desk in (steady, stranger, newcomer):
        desk.invoice(1, "2026-04-01", due_date=day("2026-05-01"), number=f"due {desk.customer.code}")
    cash = cash_of(auditor)
    assert cash.usual == 30
    assert by_week(cash) == {4: "1.00", 6: "2.00"}
    assert items(auditor, 4) == [(f"due {steady.customer.code}", "2026-05-11", "1.00", "1.00")]
    assert {item[1] for item in items(auditor, 6)} == {"2026-05-31"}


def test_without_any_payment_a_debt_is_expected_when_it_is_due(auditor: User) -> None:
    desk = a_desk()
    desk.invoice(100, "2026-04-01", due_date=day("2026-04-19"))
    desk.invoice(10, "2026-04-01", due_date=day("2026-04-20"))
    desk.invoice(1, "2026-04-01", due_date=day("2026-07-05"))
    desk.invoice(5, "2026-04-01", due_date=day("2026-07-06"))
    cash = cash_of(auditor)
    assert by_week(cash) == {0: "100.00", 1: "10.00", 11: "1.00"}
    assert [str(week.agreed) for week in cash.weeks[:2]] == ["100.00", "10.00"]
    assert (cash.later, cash.total) == (money(5), money(111))


def test_due_as_agreed_and_expected_by_habit_stand_side_by_side(auditor: User) -> None:
    desk = a_desk()
    pays_late_by(desk, 14)
    desk.invoice(100, "2026-04-01", due_date=day("2026-04-20"))
    desk.invoice(40, "2026-03-01", due_date=day("2026-04-13"))
    cash = cash_of(auditor)
    assert str(cash.weeks[1].agreed) == "100.00"
    assert [(n, str(week.not_due), str(week.overdue)) for n, week in enumerate(cash.weeks) if week.total] == [
        (2, "0.00", "40.00"), (3, "100.00", "0.00"),
    ]  # fmt: skip


def test_open_credits_are_taken_off_the_oldest_debts_first(auditor: User) -> None:
    """150 unapplied: the debt of 100 that is due first is covered, 50 of the next; goods not billed come last."""
    desk = a_desk()
    desk.shipment(70, "2026-03-01", number="goods")
    desk.invoice(80, "2026-04-01", due_date=day("2026-05-01"), number="second")
    desk.invoice(100, "2026-04-01", due_date=day("2026-04-20"), number="first")
    desk.payment(150, "2026-04-10", automatic=False)
    cash = cash_of(auditor)
    assert by_week(cash) == {2: "30.00"}
    assert (cash.unapplied, cash.unbilled) == (money(-150), money(70))
    assert items(auditor, 2) == [("second", "2026-05-01", "80.00", "30.00")]
    assert items(auditor, 1) == []
    desk.payment(120, "2026-04-11", automatic=False)
    cash = cash_of(auditor)
    assert (cash.total, cash.unbilled) == (money(0), money(0)), "270 cover all of 250"


def test_what_is_unbilled_stands_aside_whenever_it_is_due(auditor: User) -> None:
    desk = a_desk()
    desk.shipment(70, "2026-03-01")
    desk.shipment(7, "2025-03-01")
    cash = cash_of(auditor)
    assert (by_week(cash), cash.unbilled, cash.not_expected) == ({}, money(77), money(0))
    assert len(items(auditor, UNBILLED)) == 2


def test_what_is_overdue_for_too_long_is_not_expected(auditor: User) -> None:
    desk = a_desk()
    desk.invoice(100, "2025-01-01", due_date=day("2026-01-14"))
    desk.invoice(10, "2025-01-01", due_date=day("2026-01-15"))
    cash = cash_of(auditor)
    assert (cash.not_expected, by_week(cash)) == (money(100), {1: "10.00"})


def test_all_parts_add_up_to_the_balance(auditor: User) -> None:
    desk = a_desk()
    for n, due in enumerate(("2025-01-01", "2026-04-01", "2026-05-01", "2027-01-01")):
        desk.invoice(100 + n, "2024-12-01", due_date=day(due))
    desk.shipment(7, "2026-04-01")
    desk.payment(30, "2026-04-02", automatic=False)
    cash = cash_of(auditor)
    assert cash.total + cash.later + cash.not_expected + cash.unbilled == money(100 + 101 + 102 + 103 + 7 - 30)


def test_currencies_stand_apart_also_in_what_all_customers_do(auditor: User) -> None:
    slow = a_desk()
    pays_late_by(slow, 20)
    dollar, yuan = a_desk(currency="USD"), a_desk()
    for desk in (dollar, yuan):
        desk.invoice(100, "2026-04-01", due_date=day("2026-04-20"))
    assert by_week(cash_of(auditor)) == {3: "100.00"}, "as late as all who pay in yuan"
    assert by_week(cash_of(auditor, "USD")) == {1: "100.00"}
    assert cash_of(auditor, "USD").usual == 0


@pytest.mark.parametrize("role", Role.values)
def test_everyone_sees_what_is_expected_of_the_customers_that_they_see(role: str) -> None:
    team = a_team()
    desk = a_desk(owner=a_user(team=team))
    desk.invoice(100, "2026-04-01", due_date=day("2026-04-20"))
    a_desk().invoice(1000, "2026-04-01", due_date=day("2026-04-20"))
    person = desk.by if role == Role.SALESPERSON else a_user(role=role, team=team)
    narrow = role in (Role.SALESPERSON, Role.MANAGER)
    assert by_week(cash_of(person)) == {1: "100.00" if narrow else "1100.00"}
    assert len(items(person, 1)) == (1 if narrow else 2)


def test_filters_leave_a_salesperson_a_region_or_key_accounts(auditor: User) -> None:
    desk = a_desk(region="East", key_account=True)
    desk.invoice(100, "2026-04-01", due_date=day("2026-04-20"))
    a_desk().invoice(1000, "2026-04-01", due_date=day("2026-04-20"))
    for asked in ({"salesperson": desk.by.pk}, {"region": "East"}, {"key_account": True}):
        assert by_week(cash_of(auditor, **asked)) == {1: "100.00"}


def test_the_page_costs_the_same_number_of_statements_however_many_debts_there_are(auditor: User) -> None:
    counts = set()
    for _n in range(2):
        desk = a_desk()
        pays_late_by(desk, 3)
        desk.invoice(100, "2026-04-01", due_date=day("2026-04-20"))
        keeping.catch_up(today=TODAY)
        with CaptureQueriesContext(connection) as queries:
            expected_cash(auditor, Asked(), today=TODAY)
            back_test(auditor, Asked(), today=TODAY)
        counts.add(len(queries))
    assert len(counts) == 1


@given(
    debts=st.lists(st.tuples(st.integers(1, 500), st.integers(-200, 120)), min_size=1, max_size=6),
    credit=st.integers(0, 900),
)
def test_what_is_left_is_what_is_owed_less_the_credits_never_below_zero(
    debts: list[tuple[int, int]], credit: int
) -> None:
    """Compared with a walk over the debts in the order of their due dates."""
    desk = a_desk()
    made = []
    for amount, due in debts:
        on = TODAY + timedelta(days=due)
        made.append((on, desk.invoice(amount, "2025-01-01", due_date=on).pk, amount))
    if credit:
        desk.payment(credit, "2026-04-01", automatic=False)
    left, expected = Decimal(credit), {}
    for _due, pk, amount in sorted(made):
        taken = min(left, Decimal(amount))
        left -= taken
        if amount > taken:
            expected[pk] = amount - taken
    found = {
        item.entry: item.remains
        for slot in range(UNBILLED + 1)
        for item in ExpectedItems(desk.by, Asked(), TODAY, "CNY", slot).iterator()
    }
    assert found == expected


# --- the back-test --------------------------------------------------------------------------------------------


def test_past_weeks_are_expected_from_the_books_of_the_evening_before(auditor: User) -> None:
    """Known on Sunday, 5 April: 100 due on Wednesday. Paid on Friday: 60, and 25 by who owed nothing then."""
    desk = a_desk()
    invoice = desk.invoice(100, "2026-03-01", due_date=day("2026-04-08"))
    desk.payment(60, "2026-04-10", invoices=[(invoice, None)])
    a_desk().payment(25, "2026-04-12")
    keeping.catch_up(today=TODAY)
    test = back_test(auditor, Asked(), today=TODAY)["CNY"]
    week = test.weeks[-1]
    assert (str(week.week.first), str(week.week.last)) == ("2026-04-06", "2026-04-12")
    assert (week.expected, week.came, week.difference) == (money(100), money(85), money(-15))
    before = test.weeks[-2]
    assert (before.expected, before.came) == (money(0), money(0)), "on 30 March it was expected a week later"
    assert test.expected_then == money(0), "twelve weeks ago there was no invoice"
    assert test.came == money(85)


def test_an_expectation_stays_as_it_was_made_whatever_is_recorded_later(auditor: User) -> None:
    desk = a_desk()
    desk.invoice(100, "2026-03-01", due_date=day("2026-04-08"))
    keeping.keep_monday(day("2026-04-06"))
    desk.invoice(900, "2026-03-02", due_date=day("2026-04-08"))
    keeping.catch_up(today=TODAY)
    [stored] = Expectation.objects.filter(made_on=day("2026-04-06"))
    assert (stored.weeks_1, stored.weeks_4, stored.weeks_12) == (money(100),) * 3


def test_the_three_horizons_of_an_expectation_count_from_its_monday(auditor: User) -> None:
    desk = a_desk()
    for amount, due in (
        (1, "2026-04-12"),
        (10, "2026-04-13"),
        (100, "2026-05-03"),
        (1000, "2026-05-04"),
        (5, "2026-06-29"),
    ):
        desk.invoice(amount, "2026-03-01", due_date=day(due))
    keeping.keep_monday(day("2026-04-06"))
    [stored] = Expectation.objects.all()
    assert (stored.weeks_1, stored.weeks_4, stored.weeks_12) == (money(1), money(111), money(1111))


def test_the_errors_are_told_of_weeks_that_were_reckoned() -> None:
    """Expected 100, 100, unknown; came 80, 130, 999: off by 50 of 210, and 5 % more than was expected."""
    week = Week(day("2026-04-06"), day("2026-04-12"))
    test = BackTest(
        (
            PastWeek(week, money(100), money(80)),
            PastWeek(week, money(100), money(130)),
            PastWeek(week, None, money(999)),
        ),
        None,
    )
    assert test.error is not None
    assert test.error.quantize(Decimal("0.01")) == Decimal("23.81")
    assert test.bias == 5
    assert BackTest((PastWeek(week, None, money(9)),), None).error is None


def test_the_night_keeps_habits_and_thirteen_mondays_and_drops_old_ones() -> None:
    desk = a_desk()
    desk.invoice(100, "2024-03-01", due_date=day("2026-06-01"))
    keeping.keep_monday(day("2025-01-06"))
    assert keeping.keep(today=TODAY) == 13
    assert keeping.keep(today=TODAY) == 0
    assert keeping.keep(today=TODAY + timedelta(days=7)) == 1
    assert not Monday.objects.filter(day=day("2025-01-06")).exists()
    assert not Expectation.objects.filter(made_on=day("2025-01-06")).exists()


def test_who_looks_makes_no_more_than_time_allows(monkeypatch: pytest.MonkeyPatch, auditor: User) -> None:
    a_desk().payment(25, "2026-04-10")
    monkeypatch.setattr(keeping, "PATIENCE", -1)
    keeping.catch_up(today=TODAY)
    assert Monday.objects.count() == 0
    test = back_test(auditor, Asked(), today=TODAY)["CNY"]
    assert {week.expected for week in test.weeks} == {None}, "what is not known is not zero"
    assert test.error is None


def test_habits_are_made_again_where_the_nights_were_missed() -> None:
    desk = a_desk()
    pays_late_by(desk, 10)
    keeping.keep_habits(today=TODAY - timedelta(days=8))
    Habit.objects.update(days=99)
    keeping.catch_up(today=TODAY)
    assert Habit.objects.get(customer=desk.customer).days == 10
    Habit.objects.update(days=99)
    keeping.catch_up(today=TODAY + timedelta(days=7))
    assert Habit.objects.get(customer=desk.customer).days == 99
