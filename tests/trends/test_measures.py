"""Each measure with numbers that can be checked by hand; the countback's are those of the design."""

from decimal import Decimal
from typing import Any

import pytest

from aging.history import MonthEnd
from ledger.money import ZERO
from tests.ledger.desk import day, money
from trends import wording
from trends.measures import cei, countback, days_of_sales, points, tenths


def an_end(on: str, *, not_due: int = 0, late: int = 0, **facts: Any) -> MonthEnd:
    amounts = {"unbilled": ZERO, "unapplied": ZERO, "sales": ZERO, "received": ZERO}
    amounts |= {name: money(facts.pop(name)) for name in list(facts) if name in (*amounts, "sales_90")}
    return MonthEnd(day=day(on), buckets=(money(not_due), money(late)), **amounts, **facts)  # type: ignore[arg-type]


def test_dso_is_the_receivable_in_days_of_the_last_ninety_days_sales() -> None:
    """1,000,000 owed, 1,800,000 sold in ninety days: fifty days."""
    assert days_of_sales(money(1_000_000), money(1_800_000)) == 50
    assert days_of_sales(money(1_000_000), ZERO) is None, "without sales there is nothing to count in"
    assert days_of_sales(money(1_000_000), money(-5)) is None, "nor where more came back than went out"
    assert days_of_sales(ZERO, money(5)) == 0


def test_countback_dso_takes_months_of_sales_off_from_the_latest_backwards() -> None:
    """2,100,000; March 900,000, February 800,000, January 700,000: 31 + 28 + 400/700 x 31 = 76.7 days."""
    months = [(money(900_000), 31), (money(800_000), 28), (money(700_000), 31), (money(999), 31)]
    found = countback(money(2_100_000), months)
    assert found is not None
    assert tenths(found) == Decimal("76.7")
    assert found == 31 + 28 + money(400_000) / money(700_000) * 31


@pytest.mark.parametrize(
    ("owed", "days"),
    [
        (0, 0),
        (450, Decimal("15.5")),
        (900, 31),
        (901, 31 + Decimal(1) / 800 * 28),
        (1700, 59),
        (1701, None),
    ],
)
def test_countback_at_its_ends(owed: int, days: Decimal | int | None) -> None:
    """March 900, February 800: exactly a month is its days, more than all that was sold is not known."""
    assert countback(money(owed), [(money(900), 31), (money(800), 28)]) == days


def test_a_month_without_sales_counts_with_its_days_and_takes_nothing_off() -> None:
    assert countback(money(100), [(ZERO, 31), (money(-50), 28), (money(100), 31)]) == 31 + 28 + 31


def test_cei_is_the_share_that_was_collected_of_what_could_be() -> None:
    """Opening 500, sales 400, closing 300 of which 100 not due: 600 of 800 are 75 %."""
    facts = {"opening": money(500), "sales": money(400)}
    assert cei(**facts, closing=money(300), closing_not_due=money(100)) == 75
    assert cei(**facts, closing=money(100), closing_not_due=money(100)) == 100, "all that was due came"
    assert cei(**facts, closing=money(900), closing_not_due=money(100)) == 0, "nothing came"
    assert cei(opening=ZERO, sales=money(100), closing=money(100), closing_not_due=money(100)) is None


def test_a_point_holds_all_measures() -> None:
    """At the end of March: 600,000 not due and 400,000 overdue, 1,800,000 sold in ninety days. DSO 50, best possible
    30, so 20 days by delay; 40 % overdue. With 200,000 unbilled DSO is 60.
    """
    ends = [
        an_end("2026-02-28", not_due=500_000, late=300_000, unbilled=100_000, sales=600_000),
        an_end(
            "2026-03-31", not_due=600_000, late=400_000, unbilled=200_000, sales=800_000, sales_90=1_800_000,
            unapplied=-50_000,
        ),
    ]  # fmt: skip
    [point] = points(ends, shown=1)
    measures = (point.dso, point.dso_with_unbilled, point.best_dso, point.add)
    assert [str(tenths(value)) for value in measures if value] == [
        "50.0", "60.0", "30.0", "20.0",
    ]  # fmt: skip
    assert point.overdue_share == 40
    # Opening 900,000, sales 800,000, closing 1,200,000 of which 800,000 not due: 500,000 of 900,000.
    assert point.cei is not None
    assert tenths(point.cei) == Decimal("55.6")
    # 800,000 of March, then 200,000 of February's 600,000.
    assert point.countback == 31 + money(200_000) / money(600_000) * 28


def test_the_first_month_has_no_cei_and_a_firm_without_receivables_no_share() -> None:
    [point] = points([an_end("2026-03-31", sales=10, sales_90=10)], shown=12)
    assert (point.cei, point.overdue_share) == (None, None)
    assert (point.dso, point.countback) == (Decimal(0), Decimal(0))


def test_the_month_under_way_counts_the_days_up_to_today() -> None:
    """400 sold in eleven days of April, 500 owed: eleven days and a third of March's 31."""
    ends = [an_end("2026-03-31", sales=300), an_end("2026-04-11", late=500, sales=400, is_current=True)]
    [point] = points(ends, shown=1)
    assert point.countback is not None
    assert tenths(point.countback) == tenths(11 + Decimal(31) / 3)


def test_a_stale_month_end_is_left_out_and_so_is_what_looks_back_to_it() -> None:
    ends = [
        an_end("2026-02-28", late=100, sales=100, sales_90=100, is_stale=True),
        an_end("2026-03-31", late=100, sales=100, sales_90=100),
    ]
    stale, after = points(ends, shown=2)
    assert [measure.value(stale) for measure in wording.MEASURES] == [None] * 7
    assert (after.cei, after.countback) == (None, None)
    assert after.dso == 90


def test_the_change_since_the_month_before_is_said_in_words() -> None:
    ends = [
        an_end("2026-01-31", late=90, sales=1, sales_90=90),
        an_end("2026-02-28", late=100, sales=1, sales_90=90),
        an_end("2026-03-31", late=90, not_due=10, sales=1, sales_90=90),
        an_end("2026-04-11", late=80, not_due=20, sales=1, sales_90=90, is_current=True),
    ]
    found = points(ends, shown=4)
    dso = wording.told(wording.DSO, found)
    assert (dso.value, dso.change, dso.tone) == (Decimal("100.0"), "unchanged since 31 Mar 2026", "quiet")
    add = wording.told(wording.ADD, found)
    assert (add.value, add.change, add.tone) == (Decimal("80.0"), "10.0 days shorter than on 31 Mar 2026", "good")
    share = wording.told(wording.SHARE, found)
    assert (share.change, share.tone) == ("10.0 points less than on 31 Mar 2026", "good")
    collected = wording.told(wording.CEI, found)
    assert (collected.is_past, dso.is_past) == (True, False)
    assert str(collected.day) == "2026-03-31", "a month that is not over says nothing of collection yet"
    # March: 100 + 1 - 100 of 100 + 1 - 10 came, 1.1 %; February: 90 + 1 - 100 of 91, less than nothing.
    assert (collected.value, collected.tone) == (Decimal("1.1"), "good")
