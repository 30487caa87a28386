from datetime import date, timedelta
from decimal import Decimal

from account.lateness import Lateness, Paid, lateness

DUE = date(2026, 1, 31)


def paid(amount: int, late: int) -> Paid:
    return Paid(Decimal(amount), DUE, DUE + timedelta(days=late))


def test_a_large_invoice_counts_for_more() -> None:
    """1,000 ten days late and 3,000 in time: (1,000 * 10 + 3,000 * 0) / 4,000 = 2.5."""
    assert lateness([paid(1000, 10), paid(3000, 0)]) == Lateness(Decimal("2.5"), 2)


def test_a_small_rest_that_comes_late_weighs_little() -> None:
    """900 of 1,000 in time, the last 100 fifty days late: 100 * 50 / 1,000 = 5."""
    assert lateness([paid(900, -1), paid(100, 50)]) == Lateness(Decimal("5.0"), 2)


def test_early_on_one_does_not_make_up_for_late_on_another() -> None:
    assert lateness([paid(100, 20), paid(100, -20)]) == Lateness(Decimal("10.0"), 2)


def test_a_tenth_is_rounded_half_up() -> None:
    assert lateness([paid(3, 1), paid(17, 0)]) == Lateness(Decimal("0.2"), 2)  # 0.15


def test_who_paid_nothing_has_no_average() -> None:
    assert lateness([]) is None
