from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.money import (
    LARGEST,
    NotAnAmount,
    checked,
    contradicts,
    formatted,
    from_cell,
    from_cents,
    parsed,
    rounded,
    to_cents,
)

AMOUNTS = st.decimals(min_value=-LARGEST, max_value=LARGEST, places=2)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1234.5", "1234.50"),
        ("1,234.50", "1234.50"),
        ("１，２３４．５０", "1234.50"),
        ("¥1,234.50", "1234.50"),
        ("￥ 1,234.50", "1234.50"),
        ("1,234.50元", "1234.50"),
        ("CNY 88", "88.00"),
        ("-12.30", "-12.30"),
        ("(12.30)", "-12.30"),
        ("−7", "-7.00"),
        (" 0.10 ", "0.10"),
        (".5", "0.50"),
        ("人民币 5 元", "5.00"),
        ("JPY 5", "5.00"),
    ],
)
def test_an_amount_is_read_as_people_write_it(text: str, amount: str) -> None:
    assert parsed(text) == Decimal(amount)
    assert parsed(text).as_tuple().exponent == -2


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "text"),
        ("abc", "text"),
        ("1.234", "places"),
        ("1,23.00", "text"),
        ("12,34", "text"),
        ("1000000000000000", "large"),
        ("1e5", "text"),
        ("=1+1", "text"),
        ("NaN", "text"),
        ("1.2.3", "text"),
    ],
)
def test_what_is_no_amount_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(NotAnAmount) as refusal:
        parsed(text)
    assert refusal.value.reason == reason


def test_binary_noise_of_a_cell_is_read_to_the_cent() -> None:
    assert from_cell(0.1 + 0.2) == Decimal("0.30")
    assert from_cell(1234567.891 - 0.001) == Decimal("1234567.89")
    assert from_cell(30) == Decimal("30.00")


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        (1.234, "places"),
        (50000000000.004, "places"),
        (123456789012.345, "places"),
        (5000000000000.003, "places"),
        (1e15, "large"),
        (float("nan"), "text"),
    ],
)
def test_a_cell_that_is_no_amount_is_refused(cell: float, reason: str) -> None:
    with pytest.raises(NotAnAmount) as refusal:
        from_cell(cell)
    assert refusal.value.reason == reason


@given(AMOUNTS)
def test_every_amount_survives_a_cell_text_and_the_database(amount: Decimal) -> None:
    assert parsed(formatted(amount)) == amount
    assert from_cents(to_cents(amount)) == amount
    if abs(amount) < Decimal("1e11"):
        assert from_cell(float(amount)) == amount


@pytest.mark.parametrize(
    ("exact", "cents"), [("0.005", "0.01"), ("0.015", "0.02"), ("-0.005", "-0.01"), ("2.344", "2.34")]
)
def test_a_tie_is_rounded_away_from_zero(exact: str, cents: str) -> None:
    assert rounded(Decimal(exact)) == Decimal(cents)


@pytest.mark.parametrize(
    ("text", "fitting", "other"),
    [
        ("$5", "USD", "CNY"),
        ("5 元", "CNY", "JPY"),
        ("￥5", "JPY", "USD"),
        ("(5.00 eur)", "EUR", "CNY"),
        ("RMB5", "CNY", "HKD"),
    ],
)
def test_a_sign_or_code_fits_some_currencies_and_contradicts_the_others(text: str, fitting: str, other: str) -> None:
    assert not contradicts(text, fitting)
    assert contradicts(text, other)
    assert not contradicts("5.00", other)


def test_nothing_is_never_written_with_a_minus() -> None:
    assert formatted(Decimal("-0.00")) == "0.00"


def test_an_amount_with_three_places_is_not_rounded_silently() -> None:
    with pytest.raises(NotAnAmount):
        checked(Decimal("0.001"))
