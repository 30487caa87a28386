"""Where each bar, point and number of a chart stands, by worked examples: 200 pixels of plot below 8 of margin."""

from decimal import Decimal

import pytest

from config.charts import RankingRow, Series, lines, ranking, sparkline, stacked_bars
from config.charts.scale import scale


def amounts(*numbers: int | str | None) -> tuple[Decimal | None, ...]:
    return tuple(None if number is None else Decimal(number) for number in numbers)


def known(*numbers: int | str) -> tuple[Decimal, ...]:
    return tuple(map(Decimal, numbers))


def bars(*stacks: tuple[int | str | None, ...]) -> list[list[tuple[Decimal, Decimal]]]:
    """Top and height of every segment of bars that are stacked of these values."""
    labels = [f"{n}" for n in range(len(stacks))]
    series = [
        Series(f"series {n}", amounts(*(stack[n] for stack in stacks)), "accent") for n in range(len(stacks[0]))
    ]
    drawn = stacked_bars(title="t", unit="CNY", labels=labels, series=series)
    return [[(one.y, one.height) for one in column.segments] for column in drawn.columns]


def test_amounts_stand_on_each_other_from_zero() -> None:
    # 60 + 40 = 100 is the top of the scale: 200 pixels for 100.
    assert bars((60, 40), (25, 0)) == [[known(88, 120), known(8, 80)], [known(158, 50)]]


def test_what_is_negative_hangs_below_zero() -> None:
    # The scale goes from -50 to 100, by 50: 200 pixels for 150; zero lies at 8 + 133.33.
    drawn = stacked_bars(
        title="t",
        unit="CNY",
        labels=["May"],
        series=[Series("owed", amounts(100), "accent"), Series("unapplied", amounts(-50), "quiet")],
    )
    assert [tick.value for tick in drawn.ticks] == [-50, 0, 50, 100]
    assert drawn.zero == Decimal("141.33")
    owed, unapplied = drawn.columns[0].segments
    assert (owed.y, owed.height) == (Decimal(8), Decimal("133.33"))
    assert (unapplied.y, unapplied.height) == (Decimal("141.33"), Decimal("66.67"))
    assert drawn.columns[0].total == 50


def test_bars_of_negatives_alone_hang_from_the_top() -> None:
    assert bars((-100,)) == [[known(8, 200)]]


def test_zero_and_what_is_not_known_draw_no_bar_and_stay_apart_in_the_table() -> None:
    drawn = stacked_bars(
        title="t", unit="CNY", labels=["May", "June", "July"], series=[Series("s", amounts(0, None, 10), "good")]
    )
    assert [len(column.segments) for column in drawn.columns] == [0, 0, 1]
    assert [row.values for row in drawn.rows] == [amounts(0), amounts(None), amounts(10)]


def test_bars_share_the_width() -> None:
    drawn = stacked_bars(title="t", unit="CNY", labels=["a", "b"], series=[Series("s", amounts(1, 1), "good")])
    first, second = drawn.columns
    assert (first.x, first.width, first.bar_x, first.bar_width, first.middle) == known(0, 50, "8.5", 33, 25)
    assert (second.x, second.bar_x) == known(50, "58.5")


def test_the_table_of_several_series_ends_with_their_sum_and_keeps_the_links() -> None:
    drawn = stacked_bars(
        title="t",
        unit="CNY",
        labels=["a"],
        series=[Series("s", amounts("1.10"), "good"), Series("z", amounts("-0.30"), "bad")],
        links=["/x/"],
    )
    (row,) = drawn.rows
    assert (row.label, row.url, row.values) == ("a", "/x/", known("1.10", "-0.30", "0.80"))


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        ((0, 7), (0, 2, 4, 6, 8)),
        ((0, 100), (0, 20, 40, 60, 80, 100)),
        ((0, 101), (0, 25, 50, 75, 100, 125)),
        ((0, 9_999_999_999_999), tuple(2_000_000_000_000 * n for n in range(6))),
        ((0, "0.03"), ("0", "0.01", "0.02", "0.03")),
        ((-3, 3), (-4, -2, 0, 2, 4)),
        ((0, 0), (0,)),
        ((), (0,)),
    ],
)
def test_the_numbers_beside_the_axis_are_round(values: tuple[int | str, ...], ticks: tuple[int | str, ...]) -> None:
    assert tuple(tick.value for tick in scale(known(*values)).ticks()) == known(*ticks)


def test_a_line_begins_near_its_lowest_value_where_that_is_far_from_zero() -> None:
    assert (scale(known(80, 96), from_zero=False).low, scale(known(10, 96), from_zero=False).low) == known(80, 0)


def test_a_line_goes_through_its_points_and_breaks_where_nothing_is_known() -> None:
    drawn = lines(
        title="DSO", unit="days", labels=list("abcde"), series=[Series("s", amounts(0, 40, None, 20, 40), "accent")]
    )
    (curve,) = drawn.curves
    assert [point.label for point in curve.points] == ["a", "b", "d", "e"]
    assert [(point.x, point.y) for point in curve.points] == [
        known(10, 208),
        known(30, 8),
        known(70, 108),
        known(90, 8),
    ]
    assert curve.pieces == ("10.00,208.00 30.00,8.00", "70.00,108.00 90.00,8.00")


def test_one_point_alone_is_a_dot_without_a_line() -> None:
    drawn = lines(title="DSO", unit="days", labels=["a"], series=[Series("s", amounts(45), "accent")])
    (curve,) = drawn.curves
    assert [point.x for point in curve.points] == [Decimal(50)]
    assert curve.pieces == ()
    assert [tick.value for tick in drawn.ticks] == [40, 50]
    assert drawn.zero is None


def test_rows_of_a_ranking_are_measured_by_the_largest_and_grow_from_zero() -> None:
    rows = [RankingRow("up", Decimal(60)), RankingRow("none", Decimal(0)), RankingRow("down", Decimal(-20))]
    drawn = ranking(title="t", unit="CNY", rows=rows)
    assert [(bar.x, bar.width) for bar in drawn.bars] == [known(25, 75), known(25, 0), known(0, 25)]
    assert [bar.tone for bar in drawn.bars] == ["accent", "accent", "bad"]


def test_a_sparkline_fills_its_height_and_ends_in_a_dot() -> None:
    drawn = sparkline(title="Owed", values=known(0, 10, 5), labels=["a", "b", "c"])
    assert drawn.line == "3.00,25.00 60.00,3.00 117.00,14.00"
    assert (drawn.last_x, drawn.last_y) == known(117, 14)
    level = sparkline(title="Owed", values=known(7, 7), labels=["a", "b"])
    assert level.line == "3.00,14.00 117.00,14.00"


@pytest.mark.parametrize(
    "drawn",
    [
        stacked_bars(title="t", unit="CNY", labels=[], series=[]),
        stacked_bars(title="t", unit="CNY", labels=["a"], series=[Series("s", amounts(None), "bad")]),
        lines(title="t", unit="%", labels=["a"], series=[Series("s", amounts(None), "bad")]),
        ranking(title="t", unit="CNY", rows=[]),
        sparkline(title="t", values=[], labels=[]),
    ],
)
def test_a_chart_of_nothing_knows_it(drawn: object) -> None:
    assert drawn.is_empty  # type: ignore[attr-defined]


def test_values_labels_and_links_must_agree() -> None:
    two = Series("s", amounts(1, 2), "bad")
    with pytest.raises(ValueError, match="2 values for 1 labels"):
        stacked_bars(title="t", unit="CNY", labels=["a"], series=[two])
    with pytest.raises(ValueError, match="1 links for 2 labels"):
        lines(title="t", unit="CNY", labels=["a", "b"], series=[two], links=["/"])
    with pytest.raises(ValueError, match="none of the tones"):
        Series("s", (), "pink")
