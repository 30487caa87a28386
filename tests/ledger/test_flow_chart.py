"""The drawing of what paid what: the width of a band is its amount, and what is open stays."""

from decimal import Decimal
from itertools import pairwise

from ledger.flow_chart import FOR_EACH, Column, Document, FlowChart, Move, laid_out


def document(key: int, column: Column, amount: int, left: int = 0) -> Document:
    return Document(key, column, f"D-{key}", Decimal(amount), Decimal(left))


def boxes(chart: FlowChart) -> dict[int, tuple[Decimal, Decimal, Decimal]]:
    return {box.document.key: (box.y, box.height, box.open_height) for box in chart.boxes}


def test_amounts_are_heights_and_the_open_rest_is_the_lower_part() -> None:
    """Goods of 1,000 billed; 750 of the invoice paid: three quarters of its box are settled, a quarter is open."""
    chart = laid_out(
        [
            document(1, Column.GOODS, 1000),
            document(2, Column.DEBTS, 1000, left=250),
            document(3, Column.CREDITS, 750),
        ],
        [Move(1, 2, Decimal(1000)), Move(2, 3, Decimal(750))],
    )
    assert [height for _y, height, _open in boxes(chart).values()] == [FOR_EACH, FOR_EACH, Decimal("56.3")]
    assert [rest for _y, _height, rest in boxes(chart).values()] == [0, Decimal("18.8"), 0]
    assert [band.tone for band in chart.bands] == ["taken", "paid"]


def test_bands_leave_a_box_one_below_the_other() -> None:
    chart = laid_out(
        [document(1, Column.DEBTS, 300), document(2, Column.CREDITS, 100), document(3, Column.CREDITS, 200)],
        [Move(1, 3, Decimal(200)), Move(1, 2, Decimal(100))],
    )
    starts = {band.right.key: Decimal(band.path.split("C")[0].split(" ")[1]) for band in chart.bands}
    assert starts[3] - starts[2] == 100 * 2 * FOR_EACH / 300


def test_boxes_of_a_column_never_overlap_and_leave_room_for_their_labels() -> None:
    chart = laid_out([document(n, Column.DEBTS, n * n * 1000 + 1) for n in range(20)], [])
    placed = sorted(boxes(chart).values())
    for (y, height, _open), (below, _height, _rest) in pairwise(placed):
        assert below - y >= max(height, Decimal(38)) - Decimal("0.2")
    assert chart.height >= placed[-1][0] + placed[-1][1]


def test_moves_within_a_column_or_to_what_is_not_shown_are_left_out() -> None:
    chart = laid_out(
        [document(1, Column.CREDITS, 5), document(2, Column.CREDITS, 5), document(3, Column.DEBTS, 5)],
        [Move(1, 2, Decimal(5)), Move(3, 9, Decimal(5)), Move(3, 1, Decimal(0))],
    )
    assert chart.bands == []
    assert len(chart.boxes) == 3


def test_nothing_is_drawn_of_nothing() -> None:
    chart = laid_out([], [])
    assert (chart.boxes, chart.bands, chart.columns) == ([], [], [])
