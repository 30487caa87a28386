"""How often a customer is asked, and for which day."""

from datetime import date

import pytest

from reconciliation.rounds.rhythm import Every, ends_period, last_month_end, period_of, usual

pytestmark = pytest.mark.any_engine


def test_a_key_account_is_asked_every_month_and_others_every_quarter() -> None:
    assert usual(key_account=True) == Every.MONTH
    assert usual(key_account=False) == Every.QUARTER


@pytest.mark.parametrize(
    ("every", "months"),
    [
        (Every.MONTH, list(range(1, 13))),
        (Every.QUARTER, [3, 6, 9, 12]),
        (Every.YEAR, [12]),
        (Every.NEVER, []),
    ],
)
def test_a_rhythm_ends_with_its_months(every: Every, months: list[int]) -> None:
    ends = [month for month in range(1, 13) if ends_period(every, date(2026, month, 28))]
    assert ends == months


@pytest.mark.parametrize(
    ("every", "last_day", "first_day"),
    [
        (Every.MONTH, date(2026, 2, 28), date(2026, 2, 1)),
        (Every.QUARTER, date(2026, 3, 31), date(2026, 1, 1)),
        (Every.QUARTER, date(2026, 12, 31), date(2026, 10, 1)),
        (Every.YEAR, date(2026, 12, 31), date(2026, 1, 1)),
    ],
)
def test_a_period_begins_where_the_one_before_ended(every: Every, last_day: date, first_day: date) -> None:
    assert period_of(every, last_day) == (first_day, last_day)


def test_the_last_month_end_lies_before_the_month_of_the_day() -> None:
    assert last_month_end(date(2026, 1, 15)) == date(2025, 12, 31)
    assert last_month_end(date(2024, 3, 1)) == date(2024, 2, 29)
