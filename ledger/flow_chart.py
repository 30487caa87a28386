"""What paid what, as a drawing: shipments run into invoices, payments and credits into what they settled.

Pure geometry: documents and moves in, boxes and bands out. The width of a band is its amount; what is open of a
document stays as a remainder of its box.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import IntEnum

ZERO = Decimal(0)
WIDTH = 960
BOX = 12
# How high the largest column is with nothing between its boxes, lower where there are few of them, and how near two
# boxes may come: a label fits.
FULL, FOR_EACH = Decimal(300), Decimal(75)
PITCH, GAP, MARGIN = Decimal(38), Decimal(10), Decimal(30)
THINNEST = Decimal("1.5")


class Column(IntEnum):
    GOODS = 0
    DEBTS = 1
    CREDITS = 2


@dataclass(frozen=True, slots=True)
class Document:
    key: int
    column: Column
    label: str
    # Positive, whatever the side of the entry.
    amount: Decimal
    open: Decimal
    url: str = ""
    note: str = ""
    is_undone: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """`amount` between two documents, from the left one to the right one; zero or undone ones may be among them."""

    left: int
    right: int
    amount: Decimal
    is_undone: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    document: Document
    x: int
    y: Decimal
    height: Decimal
    # The lower part, which is open.
    open_y: Decimal
    open_height: Decimal
    label_x: int
    anchor: str

    @property
    def width(self) -> int:
        return BOX

    @property
    def label_y(self) -> Decimal:
        return _shown(self.y + 10)

    @property
    def amount_y(self) -> Decimal:
        return _shown(self.y + 24)


@dataclass(frozen=True, slots=True)
class Band:
    left: Document
    right: Document
    amount: Decimal
    path: str
    is_undone: bool

    @property
    def tone(self) -> str:
        return "undone" if self.is_undone else "taken" if self.right.column == Column.DEBTS else "paid"


@dataclass(frozen=True, slots=True)
class FlowChart:
    width: int
    height: Decimal
    boxes: Sequence[Box]
    bands: Sequence[Band]
    # The heading of each column that is there: where it stands, and which it is.
    columns: Sequence[tuple[int, str, Column]]


@dataclass(slots=True)
class _Place:
    document: Document
    x: int
    size: Decimal
    y: Decimal = ZERO
    used_left: Decimal = ZERO
    used_right: Decimal = ZERO
    moves: list[Move] = field(default_factory=list)


def laid_out(documents: Iterable[Document], moves: Iterable[Move]) -> FlowChart:
    """Documents in the order given, from top to bottom of their columns; moves within a column are left out."""
    known = {document.key: document for document in documents}
    drawn = [
        move
        for move in moves
        if move.amount > 0
        and move.left in known
        and move.right in known
        and known[move.left].column < known[move.right].column
    ]
    there = sorted({document.column for document in known.values()})
    xs = _columns(there)
    scale = _scale(known.values(), drawn)
    places = {key: _Place(document, xs[document.column], _size(document, drawn)) for key, document in known.items()}
    height = _stack(places.values(), there, scale)
    bands = _bands(places, drawn, scale)
    boxes = [_box(place, scale, there) for place in places.values()]
    headings = [(xs[column] + BOX // 2, _anchor(column, there), column) for column in there]
    return FlowChart(WIDTH, _shown(height), boxes, bands, headings)


def _columns(there: Sequence[Column]) -> dict[Column, int]:
    """The outer columns leave room for their labels, the middle one stands between."""
    spots = {1: [WIDTH // 2], 2: [200, 740], 3: [200, 450, 740]}
    return dict(zip(there, spots.get(len(there), []), strict=True))


def _size(document: Document, moves: Sequence[Move]) -> Decimal:
    """What the box must hold: its amount, and never less than what runs through one of its sides."""
    into = sum((move.amount for move in moves if move.right == document.key), ZERO)
    out = sum((move.amount for move in moves if move.left == document.key), ZERO)
    if document.column == Column.CREDITS:
        return max(document.amount, into + document.open)
    return max(document.amount, into, out + document.open)


def _scale(documents: Iterable[Document], moves: Sequence[Move]) -> Decimal:
    totals, counts = dict.fromkeys(Column, ZERO), dict.fromkeys(Column, 0)
    for document in documents:
        totals[document.column] += _size(document, moves)
        counts[document.column] += 1
    largest = max(totals.values())
    return min(FULL, FOR_EACH * max(counts.values())) / largest if largest else Decimal(1)


def _stack(places: Iterable[_Place], there: Sequence[Column], scale: Decimal) -> Decimal:
    bottoms = dict.fromkeys(there, MARGIN)
    for place in places:
        place.y = bottoms[place.document.column]
        bottoms[place.document.column] += max(place.size * scale + GAP, PITCH)
    lowest = max(bottoms.values(), default=MARGIN)
    # A shorter column stands in the middle, so that bands run level.
    for place in places:
        place.y += (lowest - bottoms[place.document.column]) / 2
    return lowest


def _bands(places: dict[int, _Place], moves: Sequence[Move], scale: Decimal) -> list[Band]:
    """Bands leave and reach a box in the order of their other ends, so that they do not cross at it."""
    starts: dict[int, Decimal] = {}
    for number, move in sorted(enumerate(moves), key=lambda pair: places[pair[1].right].y):
        place = places[move.left]
        starts[number] = place.y + place.used_right
        place.used_right += move.amount * scale
    bands = []
    for number, move in sorted(enumerate(moves), key=lambda pair: places[pair[1].left].y):
        left, right = places[move.left], places[move.right]
        top = right.y + right.used_left
        right.used_left += move.amount * scale
        thick = max(move.amount * scale, THINNEST)
        path = _ribbon(left.x + BOX, starts[number], right.x, top, thick)
        bands.append(Band(left.document, right.document, move.amount, path, move.is_undone))
    return bands


def _ribbon(x0: int, y0: Decimal, x1: int, y1: Decimal, thick: Decimal) -> str:
    middle = (x0 + x1) // 2
    a, b, c, d = (_shown(y) for y in (y0, y1, y1 + thick, y0 + thick))
    return f"M{x0} {a}C{middle} {a} {middle} {b} {x1} {b}V{c}C{middle} {c} {middle} {d} {x0} {d}Z"


def _box(place: _Place, scale: Decimal, there: Sequence[Column]) -> Box:
    height = max(place.size * scale, THINNEST)
    remainder = min(place.document.open * scale, height) if place.document.open else ZERO
    if place.document.open:
        remainder = max(remainder, THINNEST)
    anchor = _anchor(place.document.column, there)
    label_x = place.x - 8 if anchor == "end" else place.x + BOX + 8
    return Box(
        document=place.document,
        x=place.x,
        y=_shown(place.y),
        height=_shown(height),
        open_y=_shown(place.y + height - remainder),
        open_height=_shown(remainder),
        label_x=label_x,
        anchor=anchor,
    )


def _anchor(column: Column, there: Sequence[Column]) -> str:
    return "end" if column == there[0] and len(there) > 1 else "start"


def _shown(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"), ROUND_HALF_UP)
